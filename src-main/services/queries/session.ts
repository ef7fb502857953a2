import { randomUUID } from 'node:crypto'
import type { QueryEvent, QueryValue, SessionState } from '../../../shared/contract/queries.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { type SqlStatement, statementsOf } from '../../../shared/sql/statements.ts'
import type { BoundValue, Notice } from '../../dialects/dialect.ts'
import { cautionsOf } from './cautions.ts'
import type { Recorded } from './history.ts'
import type { QueryName, QueryRows, RowLimits } from './rows.ts'
import { inText, stopped, transactionLost } from './session-errors.ts'
import { runStatement } from './statement.ts'
import type { Target } from './target.ts'
import { valuesFor } from './values.ts'

export interface Place {
  connection: string
  folder: string
}

export interface QueryRequest extends Place {
  sql: string
  params: Readonly<Record<string, QueryValue>>
  manual: boolean
  sure: boolean
}

/** What a session works with. */
export interface SessionTools {
  rows: QueryRows
  /** When `signal` aborts, whatever runs on it ends. @throws AppError CONNECTION_* */
  open(place: Place, signal: AbortSignal): Promise<Target>
  limits(): Promise<RowLimits>
  /** Takes down what was run; never fails. */
  record(entry: Recorded): Promise<void>
}

/** What a tab holds. */
interface Held {
  place: string
  target: Target
  end: AbortController
}

interface Going {
  stopped: boolean
  /** Aborts when it is stopped while it still connects. */
  leave: AbortController
  ended: Promise<void>
}

/** Characters of a statement that events repeat. */
const maxText = 100_000
/** What a database may say of one statement; a loop in a function may say very much. */
const maxNotices = 500
/** Milliseconds that a statement may take to end once the server was told. */
const grace = 700

/** One tab of the workbench: a connection that is held, and what runs on it. One thing runs at a time. */
export class QuerySession {
  private readonly tools: SessionTools
  private held: Held | undefined
  private going: Going | undefined
  private since: string | null = null
  private lost = false
  private kept: QueryName[] = []
  private onNotice: (notice: Notice) => void = () => undefined
  usedAt = Date.now()

  constructor(tools: SessionTools) {
    this.tools = tools
  }

  get state(): SessionState {
    const standing = this.lost ? 'lost' : (this.held?.target.session.standing ?? 'idle')
    const transaction = standing === 'lost' && !this.lost ? (this.since === null ? 'idle' : 'lost') : standing
    return { transaction, since: transaction === 'idle' ? null : this.since, running: this.going !== undefined }
  }

  /** Whether a connection is held that nobody would miss. */
  get spare(): boolean {
    return this.held !== undefined && this.state.transaction === 'idle' && this.going === undefined
  }

  /** @throws AppError before anything runs: CONNECTION_*, CONFIG_PARAMETER, RUN_STATE. What fails in a statement is an event. */
  run(request: QueryRequest, emit: (event: QueryEvent) => void): Promise<void> {
    return this.alone(async (going) => {
      if (this.state.transaction === 'lost') throw transactionLost()
      const held = await this.hold(request, going)
      const { dialect, session } = held.target
      const statements = statementsOf(request.sql, dialect.id)
      const params = valuesFor(statements, dialect, request.params)
      const manual = request.manual || session.standing === 'open'
      const cautions = request.sure ? [] : cautionsOf(statements, held.target, manual)
      if (cautions.length > 0) return emit({ type: 'cautions', cautions })
      await this.dropRows()
      const query = randomUUID()
      for (const [number, statement] of statements.entries()) {
        const goesOn = await this.step(
          { request, held, going, statement, params, name: { query, statement: number } },
          emit,
        )
        this.noteState(held)
        emit({ type: 'session', state: { ...this.state, running: number < statements.length - 1 && goesOn } })
        if (!goesOn) return
      }
    })
  }

  private async step(
    work: {
      request: QueryRequest
      held: Held
      going: Going
      statement: SqlStatement
      params: Record<string, BoundValue>
      name: QueryName
    },
    emit: (event: QueryEvent) => void,
  ): Promise<boolean> {
    const { request, held, going, statement, name } = work
    const { session, dialect } = held.target
    const number = name.statement
    const at = new Date().toISOString()
    const began = performance.now()
    const written = request.sql.slice(statement.from, statement.to)
    const note = (entry: Pick<Recorded, 'state' | 'rows' | 'affected' | 'error'>, ms: number) =>
      this.tools.record({ connection: request.connection, sql: written, at, ms, ...entry })
    emit({ type: 'statement', statement: number, position: statement.from, sql: written.slice(0, maxText) })
    let notices = 0
    this.onNotice = (notice) => {
      if (notices++ < maxNotices) emit({ type: 'notice', statement: number, ...notice })
    }
    try {
      if (going.stopped) throw stopped()
      if (request.manual) await begin(session)
      this.kept.push(name)
      const result = await runStatement({
        session,
        dialect: dialect.id,
        sql: statement.sql,
        params: work.params,
        name,
        rows: this.tools.rows,
        limits: await this.tools.limits(),
        signal: held.end.signal,
        onFirst: (columns) => emit({ type: 'rows', statement: number, query: name.query, columns }),
        onProgress: (rows) => emit({ type: 'progress', statement: number, rows }),
      })
      if (going.stopped) throw stopped()
      const ms = performance.now() - began
      emit({ type: 'done', statement: number, ms, ...result })
      await note({ state: 'done', rows: result.rows, affected: result.affected, error: null }, ms)
      return true
    } catch (thrown) {
      const ms = performance.now() - began
      const error = going.stopped ? stopped() : inText(toAppError(thrown), statement.start)
      emit({ type: 'failed', statement: number, ms, error: error.toJSON() })
      await note({ state: going.stopped ? 'stopped' : 'failed', rows: null, affected: null, error: error.message }, ms)
      return false
    }
  }

  /** Work on the session by itself, e.g. explaining: in the open transaction, or in none. */
  work<T>(place: Place, run: (target: Target) => Promise<T>): Promise<T> {
    return this.alone(async (going) => {
      if (this.state.transaction === 'lost') throw transactionLost()
      const held = await this.hold(place, going)
      try {
        return await run(held.target)
      } catch (error) {
        throw going.stopped ? stopped() : error
      } finally {
        this.noteState(held)
      }
    })
  }

  /** Ends what runs, at the server too. Where that takes the whole session, its transaction goes with it. */
  async stop(): Promise<void> {
    const { going, held } = this
    if (!going) return
    going.stopped = true
    if (!held) going.leave.abort()
    const late = new Promise((resolve) => setTimeout(resolve, grace).unref())
    const interrupted = held?.target.session.interrupt?.()
    if (interrupted) await Promise.race([interrupted.then(() => going.ended), late])
    if (this.going === going) held?.end.abort()
    await going.ended
  }

  /** @throws AppError RUN_STATE without a transaction, CONNECTION_LOST, and what the database says */
  async commit(): Promise<SessionState> {
    await this.finish('commit')
    return this.state
  }

  async rollback(): Promise<SessionState> {
    await this.finish('rollback')
    return this.state
  }

  private finish(how: 'commit' | 'rollback'): Promise<void> {
    return this.alone(async () => {
      const { held } = this
      const { transaction } = this.state
      if (transaction === 'lost') throw transactionLost()
      if (!held || transaction === 'idle') throw new AppError('RUN_STATE', 'No transaction is open.')
      try {
        const { session } = held.target
        if (session.inTransaction) await session[how]()
        else await session.execute({ sql: how })
      } finally {
        this.noteState(held)
      }
    })
  }

  /** Takes note that the transaction is lost. */
  async reconnect(): Promise<SessionState> {
    await this.letGo()
    this.lost = false
    this.since = null
    return this.state
  }

  async close(): Promise<void> {
    await this.stop()
    await this.letGo()
    await this.dropRows()
  }

  /** Gives the connection back; the next statement takes another. */
  async letGo(): Promise<void> {
    const { held } = this
    this.held = undefined
    await held?.target.release()
  }

  private async alone<T>(work: (going: Going) => Promise<T>): Promise<T> {
    if (this.going) {
      throw new AppError('RUN_STATE', 'A statement of this tab still runs.', { hint: 'Wait for it, or stop it first.' })
    }
    const done = Promise.withResolvers<void>()
    const going: Going = { stopped: false, leave: new AbortController(), ended: done.promise }
    this.going = going
    this.usedAt = Date.now()
    try {
      return await work(going)
    } finally {
      this.going = undefined
      done.resolve()
    }
  }

  /** The connection for a place; another one than before is opened only outside a transaction. */
  private async hold(place: Place, { leave }: Going): Promise<Held> {
    const key = JSON.stringify([place.connection, place.folder])
    if (this.held && (this.held.place !== key || this.held.target.session.standing === 'lost')) {
      if (this.state.transaction !== 'idle') {
        throw new AppError('RUN_STATE', 'A transaction is open on another connection.', {
          hint: 'Commit it or roll it back before you change the connection.',
        })
      }
      await this.letGo()
    }
    if (this.held) return this.held
    if (leave.signal.aborted) throw stopped()
    const end = new AbortController()
    leave.signal.addEventListener('abort', () => end.abort(), { once: true })
    const target = await unlessLeft(this.tools.open(place, end.signal), leave.signal, (late) => late.release())
    try {
      await target.session.hear?.((notice) => this.onNotice(notice))
      this.held = { place: key, target, end }
      return this.held
    } catch (error) {
      await target.release()
      throw error
    }
  }

  /** Notes when a transaction began, and lets go of a connection that is of no use any more. */
  private noteState(held: Held): void {
    const { standing } = held.target.session
    const gone = standing === 'lost' || held.end.signal.aborted
    if (gone) {
      // Stop takes the transaction knowingly; a connection that went by itself does not.
      if (this.since !== null && !held.end.signal.aborted) this.lost = true
      else this.since = null
      void this.letGo()
    } else if (standing === 'idle') this.since = null
    else this.since ??= new Date().toISOString()
  }

  private async dropRows(): Promise<void> {
    const names = this.kept
    this.kept = []
    await this.tools.rows.drop(names)
  }
}

/** What is being opened, or RUN_CANCELLED as soon as nobody waits for it; it is given back when it comes then. */
function unlessLeft<T>(opening: Promise<T>, signal: AbortSignal, giveBack: (late: T) => Promise<void>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(stopped())
      opening.then(giveBack).catch(() => undefined)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    opening.then(resolve, reject)
  })
}

async function begin(session: Target['session']): Promise<void> {
  if (session.standing !== 'idle') return
  // A statement of the user's has ended the transaction that the session believes in.
  if (session.inTransaction) await session.rollback()
  await session.begin()
}
