import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Catalog, Database, Dialect, Session, Statement, TableInfo, TableRef } from '../dialect.ts'
import { LaneProcess } from './lane-process.ts'
import { toSqlite } from './params.ts'
import type { Prepared } from './protocol.ts'
import { SqliteSession } from './session.ts'

const BUSY_MS = 5000
const PROBE_MS = 1000
const IDLE_LANES = 2

export class SqliteDatabase implements Database {
  readonly dialect: Dialect
  readonly config: ConnectionConfig
  readonly catalog: Catalog = {
    objects: (signal) => this.with((lane) => lane.call('objects', null), signal),
    object: async (ref, signal) =>
      isMain(ref.schema)
        ? ((await this.with((lane) => lane.call('object', ref.name), signal)) ?? undefined)
        : undefined,
    definition: async (ref, signal) =>
      isMain(ref.schema)
        ? ((await this.with((lane) => lane.call('definition', ref.name), signal)) ?? undefined)
        : undefined,
    diagram: async ({ schema, tables = null }, signal) =>
      isMain(schema) ? this.with((lane) => lane.call('diagram', tables), signal) : { tables: [], relations: [] },
    functions: (signal) => this.with((lane) => lane.call('functions', null), signal),
  }
  private readonly file: string
  private readonly idle: LaneProcess[] = []
  private readonly taken = new Set<LaneProcess>()
  private closed = false

  constructor(dialect: Dialect, config: ConnectionConfig, file: string) {
    this.dialect = dialect
    this.config = config
    this.file = file
  }

  async session(signal?: AbortSignal): Promise<Session> {
    const lane = await this.take(signal)
    return new SqliteSession(
      lane,
      {
        complete: (prepared) => this.complete(prepared, signal),
        giveBack: (used, reusable) => this.giveBack(used, reusable),
      },
      signal,
    )
  }

  async describe(statement: Statement, signal?: AbortSignal): Promise<Column[]> {
    const query = toSqlite(statement, false)
    const prepared = await this.with((lane) => lane.call('prepare', query), signal)
    return (await this.complete(prepared, signal)).columns
  }

  tables(): Promise<(TableRef & { kind: 'table' | 'view' })[]> {
    return this.with((lane) => lane.call('tables', null))
  }

  async table(ref: TableRef): Promise<TableInfo | undefined> {
    return (await this.with((lane) => lane.call('table', ref))) ?? undefined
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all([...this.idle.splice(0), ...this.taken].map((lane) => lane.kill()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private async with<T>(work: (lane: LaneProcess) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const lane = await this.take(signal)
    const stop = () => void lane.kill()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      return await work(lane)
    } finally {
      signal?.removeEventListener('abort', stop)
      await this.giveBack(lane, true)
    }
  }

  private async take(signal?: AbortSignal): Promise<LaneProcess> {
    if (this.closed) throw new AppError('CONNECTION_LOST', 'The connection was closed.')
    if (signal?.aborted) throw new AppError('RUN_CANCELLED', 'The work was stopped before it reached the database.')
    for (let lane = this.idle.pop(); lane; lane = this.idle.pop()) {
      if (!lane.alive) continue
      lane.keepAlive(true)
      this.taken.add(lane)
      return lane
    }
    const lane = new LaneProcess()
    this.taken.add(lane)
    const stop = () => void lane.kill()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      const { readOnly = false, driver = {} } = this.config
      const busyMs = typeof driver.busy_timeout === 'number' ? driver.busy_timeout : BUSY_MS
      await lane.call('open', { file: this.file, readOnly, busyMs })
      return lane
    } catch (thrown) {
      this.taken.delete(lane)
      await lane.kill()
      throw thrown
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  private async giveBack(lane: LaneProcess, reusable: boolean): Promise<void> {
    this.taken.delete(lane)
    lane.events = {}
    if (!reusable || this.closed || this.idle.length >= IDLE_LANES || !lane.alive) return lane.kill()
    lane.keepAlive(false)
    this.idle.push(lane)
  }

  /**
   * Gives columns without a declared type the type their values have in a small copy of the tables. A query may take
   * for ever even there (recursion), so it runs in a lane of its own for a limited time; without an answer it is text.
   * @throws AppError RUN_CANCELLED
   */
  private async complete({ sample, ...prepared }: Prepared, signal: AbortSignal | undefined): Promise<Prepared> {
    if (!sample) return prepared
    return this.with(async (lane) => {
      const timer = setTimeout(() => void lane.kill(), PROBE_MS)
      try {
        const seen = await lane.call('probe', sample)
        const columns = prepared.columns.map((column, index) => {
          const type = sample.unknown[index] ? seen[index] : null
          return type ? { ...column, type } : column
        })
        return { ...prepared, columns }
      } catch (thrown) {
        if (signal?.aborted) throw thrown
        return prepared
      } finally {
        clearTimeout(timer)
      }
    }, signal)
  }
}

/** No other database is attached to a saved connection. */
const isMain = (schema: string | undefined) => schema === undefined || schema.toLowerCase() === 'main'
