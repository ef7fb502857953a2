import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { type RowsWindow, rowsAtOnce } from '../../../shared/contract/results.ts'
import type { Column } from '../../../shared/data/types.ts'
import { toAppError } from '../../../shared/errors.ts'
import { changesSchema, type SqlStatement } from '../../../shared/sql/statements.ts'
import type { BoundValue, Notice } from '../../dialects/dialect.ts'
import type { Sample } from '../live-runs.ts'
import { sampleWindow } from '../results/cells.ts'
import type { Recorded } from './history.ts'
import type { QueryName } from './rows.ts'
import { inText, stopped } from './session-errors.ts'
import type { QueryRequest, SessionTools } from './session-tools.ts'
import { runStatement, type StatementResult } from './statement.ts'
import type { Target } from './target.ts'

/** One statement of a run, and who is told of it. */
export interface Step {
  request: QueryRequest
  statement: SqlStatement
  params: Record<string, BoundValue>
  name: QueryName
  /** What the rows of one more result of the statement are kept by. */
  nextName(): QueryName
  emit(event: QueryEvent): void
  tools: Pick<SessionTools, 'rows' | 'limits' | 'record'>
  target: Pick<Target, 'dialect' | 'session'>
  /** Ends the statement with the whole session. */
  signal: AbortSignal
  /** Whether someone has stopped the run. */
  stopped(): boolean
  /** Who is told what the database says from now on. */
  hear(listener: (notice: Notice) => void): void
  /** Rows may be kept by this name from now on. */
  onRows(name: QueryName): void
  /** It has changed what the database holds. */
  onSchema(): void
}

/** Characters of a statement, or of its first rows, that events repeat. */
const maxText = 100_000
/** What a database may say of one statement; a loop in a function may say very much. */
const maxNotices = 500

/** Runs a statement, tells of it and takes it down. @returns whether those after it may run */
export async function runStep(step: Step): Promise<boolean> {
  const { request, statement, emit, tools } = step
  const { session, dialect } = step.target
  const { query, statement: number } = step.name
  const results = new Results(step)
  const at = new Date().toISOString()
  const began = performance.now()
  const written = request.sql.slice(statement.from, statement.to)
  const note = (entry: Pick<Recorded, 'state' | 'rows' | 'affected' | 'error'>, ms: number) =>
    tools.record({ connection: request.connection, sql: written, at, ms, ...entry })
  const { connection, folder } = request
  const sql = written.slice(0, maxText)
  emit({ type: 'statement', statement: number, position: statement.from, sql, connection, folder })
  let notices = 0
  step.hear((notice) => {
    if (notices++ < maxNotices) emit({ type: 'notice', statement: number, ...notice })
  })
  try {
    if (step.stopped()) throw stopped()
    if (request.manual) await begin(session)
    step.onRows(step.name)
    const result = await runStatement({
      session,
      dialect: dialect.id,
      sql: statement.sql,
      params: step.params,
      name: step.name,
      rows: tools.rows,
      limits: await tools.limits(),
      signal: step.signal,
      onFirst: (sample) => emit({ type: 'rows', statement: results.number, query, ...firstOf(sample) }),
      onProgress: (rows) => emit({ type: 'progress', statement: results.number, rows }),
      onFurther: (before) => results.further(before),
    })
    if (changesSchema(statement.sql, dialect.id)) step.onSchema()
    if (step.stopped()) throw stopped()
    results.done(result)
    await note({ state: 'done', rows: results.rows, affected: result.affected, error: null }, performance.now() - began)
    return true
  } catch (thrown) {
    const ms = performance.now() - began
    const error = step.stopped() ? stopped() : inText(toAppError(thrown), statement.start)
    emit({ type: 'failed', statement: results.number, ms, error: error.toJSON() })
    await note({ state: step.stopped() ? 'stopped' : 'failed', rows: null, affected: null, error: error.message }, ms)
    return false
  }
}

/** The results of one statement, one after the other. */
class Results {
  /** What the one that comes is told of by. */
  number: number
  /** Rows of all of them; null when there is none. */
  rows: number | null = null
  private readonly step: Step
  private since = performance.now()

  constructor(step: Step) {
    this.step = step
    this.number = step.name.statement
  }

  done(result: StatementResult): void {
    const now = performance.now()
    this.step.emit({ type: 'done', statement: this.number, ms: now - this.since, ...result })
    this.since = now
    if (result.rows !== null) this.rows = (this.rows ?? 0) + result.rows
  }

  further(before: StatementResult): QueryName {
    this.done(before)
    const name = this.step.nextName()
    this.number = name.statement
    this.step.onRows(name)
    this.step.emit({ type: 'further', statement: name.statement, of: this.step.name.statement })
    return name
  }
}

/** The page that waits for the first rows need not ask for them while the engine has the most to do. */
function firstOf(sample: Sample): { columns: Column[]; first?: RowsWindow } {
  const { columns, rows } = sample
  if (rows.length < rowsAtOnce) return { columns }
  const first = sampleWindow(sample, 0, rowsAtOnce)
  const size = first.rows.reduce((sum, row) => row.reduce((more, cell) => more + (cell?.length ?? 0), sum), 0)
  return { columns, ...(size <= maxText && { first }) }
}

async function begin(session: Target['session']): Promise<void> {
  if (session.standing !== 'idle') return
  // A statement of the user's has ended the transaction that the session believes in.
  if (session.inTransaction) await session.rollback()
  await session.begin()
}
