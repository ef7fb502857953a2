import { createHash } from 'node:crypto'
import type { Column } from '../../shared/data/types.ts'
import type { Row } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { quoteName, quoteText } from '../../shared/sql/duckdb.ts'
import { Duck, type DuckSession } from './duck/session.ts'
import type { KeptOutput } from './scope.ts'

export interface WindowQuery {
  /** First row, 0-based, in the order asked for. */
  offset: number
  /** At most 10,000. */
  limit: number
  sort?: { column: string; direction: 'asc' | 'desc' }[]
  /** SQL condition over the columns. */
  filter?: string
  /** Text that any column must contain, case left aside. */
  search?: string
}

export interface RowWindow {
  columns: Column[]
  rows: Row[]
  /** Rows that meet filter and search. */
  total: number
}

export const maxWindow = 10_000

/** Orders kept for one output; the least recently used is dropped. */
const maxOrders = 4

/**
 * Kept rows of one output, read in windows. Unsorted windows go by row id, so any place in any number of rows costs
 * the same; a sorted or filtered order is computed once and kept as a list of row ids.
 */
export class Results {
  private readonly output: KeptOutput
  private readonly duck: Duck
  private readonly session: DuckSession
  private readonly orders = new Map<string, { table: string; total: number }>()

  private constructor(output: KeptOutput, duck: Duck, session: DuckSession) {
    this.output = output
    this.duck = duck
    this.session = session
  }

  /** @throws AppError FILE_MISSING when the rows are no longer kept */
  static async open(
    output: KeptOutput,
    options: { memoryMb: number; threads: number; spill: string },
  ): Promise<Results> {
    const duck = await Duck.open({
      ...options,
      file: ':memory:',
      folders: [],
      files: [],
      attach: [{ alias: 'kept', file: output.file }],
    })
    return new Results(output, duck, await duck.connect())
  }

  private get relation(): string {
    return `kept.main.${quoteName(this.output.table)}`
  }

  /** @throws AppError LIMIT_SIZE for a window that is too large, CONFIG_COLUMN for a column that is not there */
  async window(query: WindowQuery): Promise<RowWindow> {
    if (query.limit > maxWindow) throw new AppError('LIMIT_SIZE', `A window holds at most ${maxWindow} rows.`)
    const from = Math.max(0, Math.floor(query.offset))
    const to = from + Math.max(0, Math.floor(query.limit))
    const plain = (query.sort ?? []).length === 0 && !query.filter && !query.search
    const sql = plain
      ? `SELECT * FROM ${this.relation} WHERE rowid >= ${from} AND rowid < ${to} ORDER BY rowid`
      : await this.ordered(query, from, to)
    const { columns, rows } = await this.session.rows(sql)
    return { columns, rows, total: plain ? this.output.rows : (this.orders.get(orderKey(query))?.total ?? 0) }
  }

  private async ordered(query: WindowQuery, from: number, to: number): Promise<string> {
    const { table } = await this.order(query)
    const { rows } = await this.session.rows(
      `SELECT row FROM ${table} WHERE rowid >= ${from} AND rowid < ${to} ORDER BY rowid`,
    )
    const ids = rows.map((row) => String(row[0]))
    if (ids.length === 0) return `SELECT * FROM ${this.relation} LIMIT 0`
    const positions = `(VALUES ${ids.map((id, index) => `(${id}, ${index})`).join(', ')}) AS place(id, position)`
    const fields = this.output.columns.map((column) => `kept_rows.${quoteName(column.name)}`).join(', ')
    return `SELECT ${fields} FROM ${this.relation} AS kept_rows JOIN ${positions} ON kept_rows.rowid = place.id ORDER BY place.position`
  }

  private async order(query: WindowQuery): Promise<{ table: string; total: number }> {
    const key = orderKey(query)
    const known = this.orders.get(key)
    if (known) {
      this.orders.delete(key)
      this.orders.set(key, known)
      return known
    }
    for (const [oldest, { table }] of this.orders) {
      if (this.orders.size < maxOrders) break
      this.orders.delete(oldest)
      await this.session.run(`DROP TABLE IF EXISTS ${table}`)
    }
    const table = `temp.main.${quoteName(`order ${key}`)}`
    await this.session.run(
      `CREATE OR REPLACE TEMP TABLE ${quoteName(`order ${key}`)} AS SELECT rowid AS row FROM ${this.relation} ${this.clauses(query)}`,
    )
    const made = { table, total: await this.session.number(`SELECT count(*) FROM ${table}`) }
    this.orders.set(key, made)
    return made
  }

  private clauses({ filter, search, sort }: WindowQuery): string {
    const conditions = [...(filter ? [`(\n${filter}\n)`] : []), ...(search ? [this.contains(search)] : [])]
    const keys = (sort ?? []).map(({ column, direction }) => {
      if (!this.output.columns.some(({ name }) => name === column)) {
        throw new AppError('CONFIG_COLUMN', `The column ${column} is not among the rows.`, { at: { field: 'sort' } })
      }
      return `${quoteName(column)} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`
    })
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
    // Ties keep the order the rows came in, so pages never overlap.
    return `${where} ORDER BY ${[...keys, 'rowid'].join(', ')}`
  }

  private contains(search: string): string {
    const columns = this.output.columns.map(
      ({ name }) => `contains(lower(CAST(${quoteName(name)} AS VARCHAR)), lower(${quoteText(search)}))`,
    )
    return `(${columns.join(' OR ')})`
  }

  close(): void {
    this.session.close()
    this.duck.close()
  }
}

function orderKey({ sort, filter, search }: WindowQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([sort ?? [], filter ?? '', search ?? '']))
    .digest('hex')
    .slice(0, 16)
}
