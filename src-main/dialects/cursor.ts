import type { Column } from '../../shared/data/types.ts'
import type { Row } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { type RowObject, rowObject } from './connector-params.ts'
import type { Reader } from './dialect.ts'

const DEFAULT_SIZE = 1000

/** The rows of one running query, fetched as far as they are asked for. Ends by itself after the last row. */
export class Cursor implements AsyncDisposable {
  private readonly start: () => Promise<Reader>
  private readonly end: () => Promise<void>
  private reader: Promise<Reader> | undefined
  private batches: AsyncIterator<Row[]> | undefined
  private buffer: Row[] = []
  private closed = false

  /** `start` begins the query when rows or columns are first asked for; `end` gives back what it ran on. */
  constructor(start: () => Promise<Reader>, end: () => Promise<void>) {
    this.start = start
    this.end = end
  }

  async columns(): Promise<Column[]> {
    return (await this.open()).columns()
  }

  /** The next rows, at most `size`; fewer only at the end, none after it. */
  async fetch(size = DEFAULT_SIZE): Promise<RowObject[]> {
    const rows = await this.fetchArrays(size)
    if (rows.length === 0) return []
    const columns = await this.columns()
    return rows.map((row) => rowObject(row, columns))
  }

  /** As `fetch`, each row an array in the order of `columns()`. */
  async fetchArrays(size = DEFAULT_SIZE): Promise<Row[]> {
    if (!Number.isInteger(size) || size < 1) {
      throw new AppError('CONFIG_INVALID', `Rows cannot be fetched ${size} at a time.`, {
        hint: 'Use a whole number from 1.',
      })
    }
    if (this.closed) return this.buffer.splice(0, size)
    try {
      this.batches ??= (await this.open()).rows(size)[Symbol.asyncIterator]()
      while (this.buffer.length < size) {
        const next = await this.batches.next()
        if (next.done) {
          await this.finish()
          break
        }
        this.buffer.push(...next.value)
      }
    } catch (error) {
      await this.finish()
      throw error
    }
    return this.buffer.splice(0, size)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowObject> {
    try {
      for (let rows = await this.fetch(); rows.length > 0; rows = await this.fetch()) yield* rows
    } finally {
      await this.close()
    }
  }

  /** Ends the query on the server. Rows that were not fetched are gone. */
  async close(): Promise<void> {
    this.buffer = []
    if (this.closed) return
    try {
      await this.batches?.return?.()
    } finally {
      await this.finish()
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The columns stay known after the end. */
  private async finish(): Promise<void> {
    if (this.closed) return
    this.closed = true
    await this.end()
  }

  private open(): Promise<Reader> {
    if (this.closed && !this.reader) throw new AppError('RUN_STATE', 'The cursor was closed.')
    this.reader ??= this.start()
    return this.reader
  }
}
