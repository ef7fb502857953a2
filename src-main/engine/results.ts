import type { Column } from '../../shared/data/types.ts'
import type { Row } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { quoteName } from '../../shared/sql/duckdb.ts'
import { cancelled } from './duck/errors.ts'
import type { Duck, DuckSession } from './duck/session.ts'
import { type Order, Orders } from './results/orders.ts'
import { isLong, shownValue, textLength } from './results/text.ts'
import {
  type KeptTable,
  maxWindow,
  orderKey,
  relationOf,
  selectRowIds,
  selectRows,
  type ViewQuery,
  type WindowQuery,
} from './results/view.ts'
import type { KeptOutput } from './scope.ts'

export interface RowWindow {
  columns: Column[]
  rows: Row[]
  /** Rows that meet filter and search. */
  total: number
}

export interface ShownWindow extends RowWindow {
  /** Cells whose text was cut, with the characters of the whole. */
  cut: { row: number; column: number; length: number }[]
}

/**
 * Kept rows of one output, read in windows. Unsorted windows go by row id, so any place in any number of rows costs
 * the same; a sorted or filtered order is computed once and kept as a list of row ids.
 */
export class Results {
  readonly output: KeptOutput
  private readonly kept: KeptTable
  private readonly duck: Duck
  private readonly session: DuckSession
  private readonly orders: Orders
  private last: Promise<unknown> = Promise.resolve()
  private readonly closing = new AbortController()

  private constructor(output: KeptOutput, relation: string, duck: Duck, session: DuckSession) {
    this.output = output
    this.kept = { relation, columns: output.columns }
    this.duck = duck
    this.session = session
    this.orders = new Orders(duck)
  }

  /** @param relation the rows as SQL of the engine reaches them, ready-quoted, with catalog and schema */
  static async over(output: KeptOutput, relation: string, duck: Duck): Promise<Results> {
    return new Results(output, relation, duck, await duck.connect())
  }

  /** A connection of its own, e.g. for a question about all rows; the caller closes it. */
  connect(signal?: AbortSignal): Promise<DuckSession> {
    const ends = [this.closing.signal, ...(signal ? [signal] : [])]
    return this.duck.connect({}, AbortSignal.any(ends))
  }

  /** A SELECT of all rows of a view; in its order when one is given, else in that of arrival. @throws AppError CONFIG_COLUMN */
  select(view: ViewQuery = {}, columns: readonly Column[] = this.output.columns): string {
    return selectRows(this.kept, view, columns)
  }

  /**
   * Typed cells.
   * @throws AppError LIMIT_SIZE for a window that is too large, CONFIG_COLUMN for a column that is not there, RUN_CANCELLED
   */
  async window(query: WindowQuery, signal?: AbortSignal): Promise<RowWindow> {
    return this.ordered(query, signal, async (order) => {
      const fields = this.output.columns.map(({ name }, index) => `c${index} AS ${quoteName(name)}`)
      const { columns, rows } = await this.session.rows(this.range(fields, query, order))
      return { columns, rows, total: order?.total ?? this.output.rows }
    })
  }

  /**
   * Cells on their way to a screen: long texts cut after `clip` characters, and what JavaScript cannot hold exactly as text.
   * @param columns positions; all when absent
   * @throws AppError as window
   */
  async shown(
    query: WindowQuery,
    {
      clip,
      columns: picked,
      signal,
    }: { clip?: number | undefined; columns?: readonly number[] | undefined; signal?: AbortSignal | undefined },
  ): Promise<ShownWindow> {
    const places = picked ?? this.output.columns.map((_, index) => index)
    const columns = places.flatMap((place) => this.output.columns[place] ?? [])
    return this.ordered(query, signal, async (order) => {
      const fields = columns.map(({ type }, index) => `${shownValue(`c${places[index]}`, type, clip)} AS f${index}`)
      const { rows } = await this.session.rows(this.range(fields.length === 0 ? ['1'] : fields, query, order))
      const total = order?.total ?? this.output.rows
      const cutIn = columns.flatMap(({ type }, index) =>
        clip !== undefined && isLong(type) && rows.some((row) => isLonger(row[index], clip)) ? [index] : [],
      )
      if (clip === undefined || cutIn.length === 0) return { columns, rows, total, cut: [] }
      const lengths = cutIn.map((index) => textLength(`c${places[index]}`, columns[index]?.type ?? { kind: 'text' }))
      const { rows: counted } = await this.session.rows(this.range(lengths, query, order))
      const cut = rows.flatMap((row, r) =>
        cutIn.flatMap((column, index) =>
          isLonger(row[column], clip) ? [{ row: r, column, length: Number(counted[r]?.[index] ?? 0) }] : [],
        ),
      )
      for (const { row, column } of cut) {
        const cells = rows[row]
        const text = cells?.[column]
        if (cells && typeof text === 'string') cells[column] = [...text].slice(0, clip).join('')
      }
      return { columns, rows, total, cut }
    })
  }

  private async ordered<T>(
    query: WindowQuery,
    signal: AbortSignal | undefined,
    read: (order: Order | undefined) => Promise<T>,
  ): Promise<T> {
    if (query.limit > maxWindow) throw new AppError('LIMIT_SIZE', `A window holds at most ${maxWindow} rows.`)
    const plain = (query.sort ?? []).length === 0 && !query.filter && !query.search
    const order = plain ? undefined : await this.orders.lease(orderKey(query), selectRowIds(this.kept, query), signal)
    const work = this.last.then(() => {
      if (signal?.aborted) throw cancelled()
      return read(order)
    })
    // One after the other on one connection.
    this.last = work.catch(() => undefined)
    return work.finally(() => order?.release())
  }

  private range(fields: readonly string[], query: WindowQuery, order: Order | undefined): string {
    const from = Math.max(0, Math.floor(query.offset))
    const to = from + Math.max(0, Math.floor(query.limit))
    const range = `rowid >= ${from} AND rowid < ${to}`
    const select = `SELECT ${fields.join(', ')} FROM ${relationOf(this.kept)}`
    if (!order) return `${select} WHERE ${range} ORDER BY kept_rows.rowid`
    const places = `SELECT id, rowid AS position FROM ${order.table} WHERE ${range}`
    return `${select} JOIN (${places}) AS places ON kept_rows.rowid = places.id ORDER BY places.position`
  }

  /** Stops what is asked of it; the engine stays. */
  async close(): Promise<void> {
    this.closing.abort()
    await this.orders.close()
    await this.last
    this.session.close()
  }
}

/** Counted as the engine does, in characters rather than in the units of JavaScript. */
const isLonger = (cell: unknown, clip: number) =>
  typeof cell === 'string' && cell.length > clip && [...cell].length > clip
