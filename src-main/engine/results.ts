import { createHash } from 'node:crypto'
import { type Column, uniqueNames } from '../../shared/data/types.ts'
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

interface Order {
  /** Row ids in their order. */
  table: string
  total: number
}

export const maxWindow = 10_000

/**
 * Up to so many rows of a sorted window are looked up one by one, measured: a window of 100 in 10,000,000 rows takes a tenth of
 * the time of a scan, one of 4,000 takes the same.
 */
const lookups = 2000

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
  private readonly orders = new Map<string, Order>()
  private last: Promise<unknown> = Promise.resolve()

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
      lookups,
    })
    return new Results(output, duck, await duck.connect())
  }

  /** The rows with their columns numbered: a column of theirs called `rowid` would hide the row id. */
  private get relation(): string {
    const names = this.output.columns.map((_, index) => `c${index}`)
    return `kept.main.${quoteName(this.output.table)} AS kept_rows(${names.join(', ')})`
  }

  /** The columns under their own names, for a SELECT over `relation`. */
  private get fields(): string {
    return this.output.columns.map(({ name }, index) => `c${index} AS ${quoteName(name)}`).join(', ')
  }

  /** @throws AppError LIMIT_SIZE for a window that is too large, CONFIG_COLUMN for a column that is not there */
  async window(query: WindowQuery): Promise<RowWindow> {
    if (query.limit > maxWindow) throw new AppError('LIMIT_SIZE', `A window holds at most ${maxWindow} rows.`)
    const window = this.last.then(() => this.read(query))
    // One after the other: windows of the same order share its computation, and none loses its order while it is read.
    this.last = window.catch(() => undefined)
    return window
  }

  private async read(query: WindowQuery): Promise<RowWindow> {
    const from = Math.max(0, Math.floor(query.offset))
    const to = from + Math.max(0, Math.floor(query.limit))
    const plain = (query.sort ?? []).length === 0 && !query.filter && !query.search
    const order = plain ? undefined : await this.order(query)
    const { columns, rows } = await this.session.rows(order ? this.ordered(order, from, to) : this.plain(from, to))
    return { columns, rows, total: order?.total ?? this.output.rows }
  }

  private plain(from: number, to: number): string {
    const range = `rowid >= ${from} AND rowid < ${to}`
    return `SELECT ${this.fields} FROM ${this.relation} WHERE ${range} ORDER BY kept_rows.rowid`
  }

  private ordered({ table }: Order, from: number, to: number): string {
    const places = `SELECT id, rowid AS position FROM ${table} WHERE rowid >= ${from} AND rowid < ${to}`
    return `SELECT ${this.fields} FROM ${this.relation} JOIN (${places}) AS places ON kept_rows.rowid = places.id ORDER BY places.position`
  }

  private async order(query: WindowQuery): Promise<Order> {
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
      await this.session.run(`DROP TABLE ${table}`)
    }
    const name = quoteName(`order ${key}`)
    const row = quoteName(uniqueNames([...this.output.columns, { name: 'row' }]).at(-1)?.name ?? 'row')
    const numbered = `SELECT rowid AS ${row}, ${this.fields} FROM ${this.relation}`
    await this.session.run(
      `CREATE OR REPLACE TEMP TABLE ${name}(id) AS SELECT ${row} FROM (${numbered}) ${this.clauses(query, row)}`,
    )
    const table = `temp.main.${name}`
    const order = { table, total: await this.session.number(`SELECT count(*) FROM ${table}`) }
    this.orders.set(key, order)
    return order
  }

  private clauses({ filter, search, sort }: WindowQuery, row: string): string {
    const conditions = [...(filter ? [`(\n${filter}\n)`] : []), ...(search ? [this.contains(search)] : [])]
    const keys = (sort ?? []).map(({ column, direction }) => {
      if (!this.output.columns.some(({ name }) => name === column)) {
        throw new AppError('CONFIG_COLUMN', `The column ${column} is not among the rows.`, { at: { field: 'sort' } })
      }
      return `${quoteName(column)} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`
    })
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
    // Ties keep the order the rows came in, so pages never overlap.
    return `${where} ORDER BY ${[...keys, row].join(', ')}`
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
