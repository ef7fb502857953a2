import { join } from 'node:path'
import { workspaceConnection } from '../../../shared/connections.ts'
import type { QueryEvent, QueryNodes, SessionState } from '../../../shared/contract/queries.ts'
import { toAppError } from '../../../shared/errors.ts'
import { type Connections, queryNodes } from '../../engine/index.ts'
import { Channel } from '../channel.ts'
import type { LiveConnections } from '../live-connections.ts'
import { readSettings } from '../settings.ts'
import type { Where, Workspace } from '../workspace.ts'
import { recordQuery } from './history.ts'
import { Holders, type Page } from './holders.ts'
import { QueryRows, type RowLimits } from './rows.ts'
import { RunLog } from './run-log.ts'
import { QuerySession } from './session.ts'
import type { Place, QueryRequest } from './session-tools.ts'
import { connectionTarget, type Target } from './target.ts'
import { allConnections, workspaceTarget } from './workspace-target.ts'

/** Connections held by tabs that need none just now; beyond it, those unused for longest go. */
const maxSpare = 4

/** Memory of the engine that keeps the rows of one statement; more does not make it faster. */
const keepingMb = 256

/** The tabs of workbenches, by an id that the screen chooses. */
export class QuerySessions implements AsyncDisposable {
  readonly rows: QueryRows
  private readonly workspace: Workspace
  private readonly live: LiveConnections
  private readonly sessions = new Map<string, QuerySession>()
  private readonly logs = new Map<string, RunLog>()
  private readonly holders: Holders

  constructor(workspace: Workspace, live: LiveConnections, { graceMs = 30_000 } = {}) {
    this.workspace = workspace
    this.live = live
    this.rows = new QueryRows(workspace.home)
    this.holders = new Holders(graceMs, (id) => void this.close(id).catch(() => undefined))
  }

  /** A page shows this session: it lives for as long as the page does, and a little longer. */
  claim(id: string, page: Page | undefined): void {
    this.holders.claim(id, page)
  }

  /** A page is gone. Its sessions go too unless it comes back soon: what runs is stopped, transactions are rolled back, rows removed. */
  leave(page: Page): void {
    this.holders.leave(page)
  }

  /**
   * Begins to run statements, and tells what happens. Leaving that early stops them, unless the whole page went, which may come back.
   * @param offset where the text begins in the tab's
   * @throws AppError as QuerySession.run
   */
  run(
    id: string,
    request: QueryRequest,
    { offset = 0, signal, page }: { offset?: number; signal?: AbortSignal | undefined; page?: Page | undefined } = {},
  ): AsyncGenerator<QueryEvent> {
    const session = this.session(id)
    const channel = new Channel<QueryEvent>()
    const events = channel.read()
    const { redact } = this.workspace.redactor
    const log = new RunLog(offset)
    let over = false
    const tell = (event: QueryEvent) => {
      const clean = redact(event)
      if (event.type === 'statement' && event.statement === 0) this.logs.set(id, log)
      if (event.type !== 'cautions') log.add(clean)
      channel.send(clean)
    }
    const work = session
      .run(request, tell)
      .then(
        () => undefined,
        (error: unknown) => toAppError(error),
      )
      .finally(() => {
        over = true
        log.close()
        channel.close()
      })
    const stop = async () => {
      if (!over && !this.holders.hasGone(page)) await session.stop()
    }
    const tidied = this.tidy(session)
    return told()

    async function* told(): AsyncGenerator<QueryEvent> {
      const left = () => void stop()
      signal?.addEventListener('abort', left, { once: true })
      try {
        await tidied
        yield* events
        const failure = await work
        if (failure) throw failure
      } finally {
        signal?.removeEventListener('abort', left)
        await stop()
      }
    }
  }

  /** What the last run of a session did, and still does; nothing when there is none. */
  async *follow(id: string, signal?: AbortSignal): AsyncGenerator<QueryEvent> {
    const log = this.logs.get(id)
    if (log) yield* log.read(signal)
  }

  /** Work on a tab's connection, ended when nobody waits for it any more. @param brief as QuerySession.work */
  async work<T>(
    id: string,
    place: Place,
    signal: AbortSignal | undefined,
    run: (target: Target) => Promise<T>,
    brief = false,
  ): Promise<T> {
    const session = this.session(id)
    const stop = () => void session.stop()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      const [done] = await Promise.all([session.work(place, run, brief), this.tidy(session)])
      return done
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  state(id: string): SessionState {
    return this.sessions.get(id)?.state ?? { transaction: 'idle', since: null, running: false, changed: null }
  }

  session(id: string): QuerySession {
    const known = this.sessions.get(id)
    if (known) return known
    const session = new QuerySession({
      rows: this.rows,
      open: (place, signal) => this.open(place, signal),
      identity: async ({ connection, folder }) =>
        connection === workspaceConnection
          ? { key: '', saved: false }
          : this.live.identity(connection, this.from(folder)),
      limits: () => this.limits(),
      record: (entry) => recordQuery(this.workspace, entry),
      changed: () => this.live.refresh(),
    })
    this.sessions.set(id, session)
    return session
  }

  private async open({ connection, folder }: Place, signal: AbortSignal): Promise<Target> {
    if (connection !== workspaceConnection) {
      return connectionTarget(await this.live.open(connection, this.from(folder)), signal)
    }
    const { memoryMb } = await this.limits()
    return workspaceTarget({ connections: this.allFrom(folder), memoryMb, scratch: this.scratch }, signal)
  }

  /** What a statement on the Workspace becomes in a pipeline. @throws AppError as queryNodes */
  nodes({ folder, sql }: { folder: string; sql: string }, signal?: AbortSignal): Promise<QueryNodes> {
    return queryNodes(sql, { connections: this.allFrom(folder), scratch: this.scratch }, signal)
  }

  private from(folder: string): Where {
    return { folder, cwd: this.workspace.home }
  }

  private allFrom(folder: string): Connections {
    const where = this.from(folder)
    return allConnections(this.workspace, where, (name) => this.live.open(name, where))
  }

  private get scratch(): string {
    return join(this.rows.folder, 'scratch')
  }

  private async limits(): Promise<RowLimits> {
    const { memoryMb, diskBudgetMb } = await readSettings(this.workspace.settings)
    return { memoryMb: Math.min(memoryMb, keepingMb), diskBudget: diskBudgetMb * 2 ** 20 }
  }

  /** The workspace's connection has another name now: what runs on it goes on under that. */
  renameConnection(name: string, to: string): void {
    for (const [id, session] of this.sessions) {
      if (!session.uses(name)) continue
      session.renameConnection(to)
      this.logs.get(id)?.renameConnection(name, to)
    }
  }

  /** The workspace's connection is gone: what runs on it is stopped, transactions are rolled back. Rows stay. */
  async endConnection(name: string): Promise<void> {
    await Promise.all(this.using(name).map((session) => session.end()))
  }

  private using(name: string): QuerySession[] {
    return [...this.sessions.values()].filter((session) => session.uses(name))
  }

  async close(id: string): Promise<void> {
    const session = this.sessions.get(id)
    this.sessions.delete(id)
    this.logs.delete(id)
    this.holders.forget(id)
    await session?.close()
  }

  /** Ends every session: what is open is rolled back, and all rows are removed. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.sessions.keys()].map((id) => this.close(id)))
    this.rows.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.closeAll()
  }

  private async tidy(wanted: QuerySession): Promise<void> {
    const spare = [...this.sessions.values()].filter((session) => session !== wanted && session.spare)
    spare.sort((a, b) => b.usedAt - a.usedAt)
    for (const session of spare.slice(maxSpare)) await session.letGo()
  }
}
