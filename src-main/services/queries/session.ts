import { randomUUID } from 'node:crypto'
import type { QueryEvent, SessionState } from '../../../shared/contract/queries.ts'
import { AppError } from '../../../shared/errors.ts'
import { statementsOf } from '../../../shared/sql/statements.ts'
import type { Notice } from '../../dialects/dialect.ts'
import type { Identity } from '../live-connections.ts'
import { cautionsOf } from './cautions.ts'
import type { QueryName } from './rows.ts'
import { stopped, transactionLost } from './session-errors.ts'
import type { Place, QueryRequest, SessionTools } from './session-tools.ts'
import { Standing } from './standing.ts'
import { runStep, type Step } from './step.ts'
import type { Target } from './target.ts'
import { valuesFor } from './values.ts'

/** What a tab holds. */
interface Held {
  place: Place
  /** What the place led to when it was taken. */
  identity: Identity
  target: Target
  end: AbortController
}

interface Going {
  /** Over in a moment: whoever comes meanwhile waits for it. */
  brief: boolean
  stopped: boolean
  /** Aborts when it is stopped while it still connects. */
  leave: AbortController
  ended: Promise<void>
}

/** Milliseconds that a statement may take to end once the server was told. */
const grace = 700

/** One tab of the workbench: a connection that is held, and what runs on it. One thing runs at a time. */
export class QuerySession {
  private readonly tools: SessionTools
  private held: Held | undefined
  private going: Going | undefined
  private readonly standing: Standing
  private kept: QueryName[] = []
  private onNotice: (notice: Notice) => void = () => undefined
  usedAt = Date.now()

  constructor(tools: SessionTools) {
    this.tools = tools
    this.standing = new Standing(tools.changed)
  }

  get state(): SessionState {
    return this.standing.state(this.held?.target.session.standing, this.going !== undefined)
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
      let results = 0
      const nextName = () => ({ query, statement: results++ })
      for (const [number, statement] of statements.entries()) {
        const goesOn = await this.step({ request, statement, params, name: nextName(), nextName, emit }, held, going)
        this.noteState(held)
        emit({ type: 'session', state: { ...this.state, running: number < statements.length - 1 && goesOn } })
        if (!goesOn) return
      }
    })
  }

  private step(
    work: Pick<Step, 'request' | 'statement' | 'params' | 'name' | 'nextName' | 'emit'>,
    { target, end }: Held,
    going: Going,
  ): Promise<boolean> {
    return runStep({
      ...work,
      tools: this.tools,
      target,
      signal: end.signal,
      stopped: () => going.stopped,
      hear: (listener) => {
        this.onNotice = listener
      },
      onRows: (name) => this.kept.push(name),
      onSchema: () => this.standing.change(work.request, target.dialect.commitsItself(work.statement.sql)),
    })
  }

  /** Work on the session by itself, e.g. explaining: in the open transaction, or in none. @param brief what comes meanwhile waits for it */
  work<T>(place: Place, run: (target: Target) => Promise<T>, brief = false): Promise<T> {
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
    }, brief)
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
    this.standing.settle()
    return this.state
  }

  async close(): Promise<void> {
    await this.end()
    await this.dropRows()
  }

  /** Stops what runs, rolls back what is open and gives the connection back. Rows stay. */
  async end(): Promise<void> {
    await this.stop()
    await this.reconnect()
  }

  /** Whether the workspace's connection of that name is held. */
  uses(connection: string): boolean {
    return this.held?.identity.saved === true && this.held.place.connection === connection
  }

  /** The connection that is held has another name now. */
  renameConnection(to: string): void {
    if (!this.held) return
    this.standing.renameConnection(this.held.place.connection, to)
    this.held.place.connection = to
  }

  /** Gives the connection back; the next statement takes another. */
  async letGo(): Promise<void> {
    const { held } = this
    this.held = undefined
    await held?.target.release()
  }

  private async alone<T>(work: (going: Going) => Promise<T>, brief = false): Promise<T> {
    while (this.going?.brief) {
      const { going } = this
      await going.ended
      if (going.stopped) throw stopped()
    }
    if (this.going) {
      throw new AppError('RUN_STATE', 'A statement of this tab still runs.', { hint: 'Wait for it, or stop it first.' })
    }
    const done = Promise.withResolvers<void>()
    const going: Going = { brief, stopped: false, leave: new AbortController(), ended: done.promise }
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
    const identity = await this.tools.identity(place)
    const { held } = this
    const same = held !== undefined && isSame(held.place, place)
    if (held && (!same || held.identity.key !== identity.key || held.target.session.standing === 'lost')) {
      if (this.state.transaction !== 'idle') {
        const where = same ? 'the connection as it was before it was changed' : 'another connection'
        throw new AppError('RUN_STATE', `A transaction is open on ${where}.`, {
          hint: 'Commit it or roll it back first.',
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
      const { connection, folder } = place
      this.held = { place: { connection, folder }, identity, target, end }
      return this.held
    } catch (error) {
      await target.release()
      throw error
    }
  }

  /** Notes where the connection stands, and lets go of one that is of no use any more. */
  private noteState({ target, end }: Held): void {
    if (this.standing.note(target.session.standing, end.signal.aborted)) void this.letGo()
  }

  private async dropRows(): Promise<void> {
    const names = this.kept
    this.kept = []
    await this.tools.rows.drop(names)
  }
}

const isSame = (one: Place, other: Place) => one.connection === other.connection && one.folder === other.folder

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
