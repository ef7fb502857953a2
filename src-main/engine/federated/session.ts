import { typedBatches } from '../../../shared/data/wire-reader.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { lexis, splitStatements } from '../../../shared/sql/placeholders.ts'
import type { ExecuteResult, Reader, Session, Statement } from '../../dialects/dialect.ts'
import { cancelled } from '../duck/errors.ts'
import { describePlan, type Explained } from './explain.ts'
import type { QueryOptions } from './parts.ts'
import { Query } from './query.ts'

/** Reads over several connections, one statement at a time. It holds nothing between statements, and has no transactions. */
export class FederatedSession
  implements
    Pick<
      Session,
      'begin' | 'commit' | 'rollback' | 'inTransaction' | 'standing' | 'interrupt' | 'execute' | 'read' | 'release'
    >
{
  readonly inTransaction = false
  readonly standing = 'idle'
  private readonly options: QueryOptions
  private readonly end: AbortSignal
  private statement = new AbortController()
  private readonly held = new Set<Promise<Query>>()

  constructor(options: QueryOptions, end: AbortSignal) {
    this.options = options
    this.end = end
  }

  /** @throws AppError RUN_STATE: what several databases did cannot be taken back together */
  async begin(): Promise<void> {
    throw new AppError(
      'RUN_STATE',
      'Across databases there are no transactions, and nothing to commit: statements only read.',
      {
        hint: 'Switch Commit by hand off.',
      },
    )
  }

  async commit(): Promise<void> {
    return this.begin()
  }

  async rollback(): Promise<void> {
    return this.begin()
  }

  /** Ends what runs, at every source. */
  async interrupt(): Promise<void> {
    this.statement.abort()
    await this.release()
  }

  /** Rows of several databases; see Reader. */
  read(statement: Statement): Reader {
    const query = this.lazily(statement)
    const read: { query?: Query } = {}
    const bytes = async function* (format: Parameters<Reader['bytes']>[0]) {
      read.query = await query.get()
      try {
        yield* read.query.bytes(format)
      } finally {
        await query.end()
      }
    }
    return {
      columns: async () => (await query.get()).columns,
      bytes,
      async *rows(batchSize) {
        const { columns } = await query.get()
        yield* typedBatches(bytes({ lists: 'json' }), columns, batchSize)
      },
      get rowsRead() {
        return read.query?.rowsRead ?? 0
      },
    }
  }

  /** EXPLAIN as lines of text; rows of anything else, whole. */
  async execute(statement: Statement): Promise<ExecuteResult> {
    const match = explained.exec(statement.sql)
    if (match) {
      const sql = ' '.repeat(match[0].length) + statement.sql.slice(match[0].length)
      const { text } = await this.explain({ ...statement, sql }, match[1] !== undefined)
      const columns = [{ name: 'plan', type: { kind: 'text' as const } }]
      return { affected: null, columns, rows: text.split('\n').map((line) => [line]) }
    }
    const reader = this.read(statement)
    const columns = await reader.columns()
    const rows = []
    for await (const batch of reader.rows(1000)) rows.push(...batch)
    return { affected: null, columns, rows }
  }

  /** What is asked of each source, and the engine's plan over them; with `analyze` how it went. @throws AppError as read */
  async explain(statement: Statement, analyze: boolean): Promise<Explained> {
    const query = this.lazily(statement)
    try {
      const prepared = await query.get()
      const asks = await prepared.asks()
      return describePlan(asks, await prepared.plan(analyze))
    } finally {
      await query.end()
    }
  }

  async release(): Promise<void> {
    for (const query of [...this.held]) await this.close(query)
  }

  /** A query that is prepared when it is first needed. */
  private lazily({ sql, params }: Statement) {
    let prepared: Promise<Query> | undefined
    const get = () => {
      prepared ??= this.prepare({ sql: singleOf(sql), ...(params && { params }) })
      return prepared
    }
    return { get, end: async () => prepared && this.close(prepared) }
  }

  private prepare(statement: Statement): Promise<Query> {
    if (this.statement.signal.aborted) this.statement = new AbortController()
    const signal = AbortSignal.any([this.end, this.statement.signal])
    if (signal.aborted) throw cancelled()
    const query = Query.prepare(statement, this.options, signal)
    this.held.add(query)
    return query
  }

  private async close(query: Promise<Query>): Promise<void> {
    this.held.delete(query)
    const opened = await query.catch((error: unknown) => toAppError(error))
    if (opened instanceof Query) await opened[Symbol.asyncDispose]()
  }
}

const explained = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*explain\b(\s+analy[sz]e\b)?/i

/** @throws AppError QUERY_SYNTAX for none, or for several */
function singleOf(sql: string): string {
  const [only, more] = splitStatements(sql, lexis.duckdb)
  if (!only) throw new AppError('QUERY_SYNTAX', 'The SQL is empty.')
  if (!more) return only.sql
  throw new AppError('QUERY_SYNTAX', 'The SQL holds more than one statement.', {
    hint: 'Run one statement at a time.',
    at: { position: more.start },
  })
}
