import { join } from 'node:path'
import { type Column, uniqueNames } from '../../../shared/data/types.ts'
import type { WireFormat } from '../../../shared/data/wire.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import type { Statement } from '../../dialects/dialect.ts'
import { cancelled } from '../duck/errors.ts'
import { drain, type Feed, feed, whilePumped } from '../duck/pipes.ts'
import type { DuckSession } from '../duck/session.ts'
import { copyToWire, selectFromWire } from '../duck/wire.ts'
import {
  createCatalogs,
  createEmpty,
  createSpooled,
  createView,
  openPlanner,
  type Wanted,
  wantedOf,
} from './catalogs.ts'
import { Parts, type QueryOptions } from './parts.ts'
import { type SourceSql, sourceSql } from './pushdown.ts'
import { type Reading, readingsOf } from './readings.ts'
import { ofConnection, type Source } from './source.ts'
import { mentionsOf } from './statement.ts'

/** What is asked of one source, and how it is read. */
export interface Ask extends Reading {
  asked: SourceSql
}

/** One query over tables of several connections, from its text to its rows. */
export class Query implements AsyncDisposable {
  readonly sources: Source[]
  readonly columns: Column[]
  /** Rows handed over so far. */
  rowsRead = 0
  private readonly parts: Parts
  /** The query with parameters bound and columns that the wire knows. */
  private readonly body: string
  private first: AppError | undefined
  /** Work that must have ended before what it works on is closed. */
  private readonly pending: Promise<unknown>[] = []

  private constructor(parts: Parts, sources: Source[], columns: Column[], body: string) {
    this.parts = parts
    this.sources = sources
    this.columns = columns
    this.body = body
  }

  /**
   * Finds the tables and the columns of the result; nothing is read yet.
   * @throws AppError QUERY_*, CONNECTION_*, CONFIG_*, with the position in the text
   */
  static async prepare(statement: Statement, options: QueryOptions, signal: AbortSignal): Promise<Query> {
    const parts = await Parts.open(statement, options, signal)
    try {
      const { session, sql } = parts
      const sources = await parts.sources.resolve(await mentionsOf(session, sql))
      await createCatalogs(session, sources)
      for (const source of sources) await createView(session, source, parts.nothing)
      const { columns: bare, settle } = await session.describe(sql)
      const columns = uniqueNames(bare)
      const fields = columns.map(({ name }, index) => `${settle(quoteName(name), index)} AS ${quoteName(name)}`)
      const names = columns.map(({ name }) => quoteName(name)).join(', ')
      return new Query(parts, sources, columns, `SELECT ${fields.join(', ')} FROM (\n${sql}\n) AS q(${names})`)
    } catch (error) {
      const told = signal.aborted ? cancelled() : parts.told(error)
      await parts.close()
      throw told
    }
  }

  /** What the query asks of its sources. */
  async asks(): Promise<Ask[]> {
    const { options, session } = this.parts
    const wanted = options.pushes ? await this.wanted() : new Map<string, Wanted>()
    const readings = await readingsOf(session, this.body, this.sources)
    return readings.map((reading) => {
      const { predicate, limit } = wanted.get(reading.source.id) ?? { predicate: undefined, limit: undefined }
      const asked = sourceSql(reading.source, {
        columns: reading.columns,
        predicate,
        ...(limit !== undefined && { limit }),
      })
      return { ...reading, asked }
    })
  }

  /** The rows as wire bytes, once. */
  async *bytes(format: WireFormat): AsyncGenerator<Uint8Array> {
    const pipe = await drain(this.parts.folder)
    const copy = copyToWire(`(${this.body}) AS rows`, this.columns, format, pipe.path)
    const query = this.run((session) => session.run(copy))
    query.catch(() => undefined)
    const count = new RowCount()
    try {
      for await (const piece of pipe.bytes(query)) {
        this.rowsRead = count.after(piece)
        yield piece
      }
      this.rowsRead = await query
    } catch (error) {
      throw this.cause(error)
    } finally {
      this.parts.abort.abort()
      await pipe.dispose()
    }
  }

  /** The engine's own plan as JSON; with `analyze` the query is run for it. */
  async plan(analyze: boolean): Promise<string> {
    const explain = async (session: DuckSession) =>
      (await session.text(`EXPLAIN (${analyze ? 'ANALYZE, ' : ''}FORMAT json) ${this.body}`)).at(-1)?.at(-1) ?? '[]'
    try {
      return analyze ? await this.run(explain) : await explain(this.parts.session)
    } catch (error) {
      throw this.cause(error)
    }
  }

  private run<T>(work: (session: DuckSession) => Promise<T>): Promise<T> {
    const running = this.overSources(work)
    this.pending.push(running)
    return running
  }

  /** Opens the sources to the engine and does work on it while they are pumped. */
  private async overSources<T>(work: (session: DuckSession) => Promise<T>): Promise<T> {
    const { session, folder } = this.parts
    const streams: { source: Source; pipe: Feed }[] = []
    try {
      for (const ask of await this.asks()) {
        const pipe = await feed(folder, this.rowsOf(ask))
        if (ask.again) {
          const select = selectFromWire(pipe.path, ask.source.columns, ask.source.id, {
            arriving: ask.columns,
            toTable: true,
          })
          await createSpooled(session, ask.source, (table) =>
            this.pumped([{ ...ask, pipe }], () => session.run(`CREATE TABLE ${table} AS ${select}`)),
          )
        } else {
          streams.push({ source: ask.source, pipe })
          await createView(session, ask.source, pipe.path, ask.columns)
        }
      }
      return await this.pumped(streams, () => work(session))
    } catch (error) {
      throw this.fail(error)
    }
  }

  private pumped<T>(streams: readonly { source: Source; pipe: Feed }[], work: () => Promise<T>): Promise<T> {
    const pumps = streams.map(({ source, pipe }) => async (queryDone: AbortSignal) => {
      await pipe.pump(queryDone).catch((error: unknown) => {
        throw this.fail(ofConnection(error, source.connection))
      })
    })
    return whilePumped(pumps, work)
  }

  /** A connection is taken when the engine begins to read, so that many tables of one need no more than are read at a time. */
  private async *rowsOf({ source, asked, columns }: Ask): AsyncGenerator<Uint8Array> {
    const released = Promise.withResolvers<void>()
    this.pending.push(released.promise)
    try {
      const session = await source.database.session(this.parts.signal)
      try {
        const reader = session.read(asked)
        checkTypes(source, columns, await reader.columns())
        yield* reader.bytes({ lists: 'json' })
      } finally {
        await session.release()
      }
    } finally {
      released.resolve()
    }
  }

  private async wanted(): Promise<Map<string, Wanted>> {
    const { params, signal, sql, folder } = this.parts
    const planner = await openPlanner({ spill: join(folder, 'spill') })
    try {
      const session = await planner.connect(params, signal)
      try {
        await createCatalogs(session, this.sources)
        await createEmpty(session, this.sources)
        return await wantedOf(session, sql, this.sources)
      } finally {
        session.close()
      }
    } finally {
      planner.close()
    }
  }

  /** The first failure wins: it stops the rest, whose own complaints are consequences. */
  private fail(error: unknown): AppError {
    this.first ??= toAppError(error)
    this.parts.abort.abort()
    return this.first
  }

  private cause(error: unknown): AppError {
    return this.parts.stopped ? cancelled() : this.parts.told(this.first ?? error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.parts.abort.abort()
    await Promise.allSettled(this.pending)
    await this.parts.close()
  }
}

/** @throws AppError DATA_TYPE when a table is not what it was when the statement was bound */
function checkTypes({ table, columns: expected }: Source, read: readonly number[], found: readonly Column[]): void {
  const changed = read.find(
    (column, index) => JSON.stringify(expected[column]?.type) !== JSON.stringify(found[index]?.type),
  )
  if (changed === undefined) return
  throw new AppError(
    'DATA_TYPE',
    `The column ${expected[changed]?.name} of ${table.name} has changed its type meanwhile.`,
    {
      hint: 'Run the statement again.',
    },
  )
}

/** Counts the rows of wire bytes that arrive in pieces. */
class RowCount {
  private rows = 0
  private quoted = false

  after(piece: Uint8Array): number {
    for (const byte of piece) {
      if (byte === 34) this.quoted = !this.quoted
      else if (byte === 10 && !this.quoted) this.rows++
    }
    return this.rows
  }
}
