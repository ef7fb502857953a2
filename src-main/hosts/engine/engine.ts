import { RPCHandler as PortHandler } from '@orpc/server/message-port'
import { RPCHandler as SocketHandler } from '@orpc/server/websocket'
import type { ApiContext } from '../../services/api/context.ts'
import { router } from '../../services/api/router.ts'
import { LiveConnections } from '../../services/live-connections.ts'
import { LiveRuns } from '../../services/live-runs.ts'
import { OpenResults } from '../../services/open-results.ts'
import { QuerySessions } from '../../services/queries/sessions.ts'
import { openWorkspace } from '../../services/workspace.ts'
import { Clients } from './clients.ts'
import { type PagePort, type ParentLink, parentLink } from './parent.ts'
import { type ToEngine, toEngine } from './protocol.ts'
import { ParentShell } from './shell.ts'

/** Answers the contract to whoever started this process, until told to end or left alone. */
export function runEngine(): void {
  const link = parentLink()
  let engine: Engine | undefined
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await engine?.close().catch(() => undefined)
    process.exit(0)
  }
  link.onMessage((data, ports) => {
    const message = toEngine.parse(data)
    if (message.type === 'start') engine ??= new Engine(message, link.send)
    else if (message.type === 'end') void end()
    else engine?.take(message, ports)
  })
  // Whoever started it is gone: nobody would see what it does.
  link.onLost(() => void end())
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => undefined)
}

class Engine {
  private readonly shell: ParentShell
  private readonly context: ApiContext
  private readonly clients: Clients
  private readonly ports = new PortHandler(router)
  private readonly opened: Promise<unknown>

  constructor(start: Extract<ToEngine, { type: 'start' }>, send: ParentLink['send']) {
    const { env } = process
    const workspace = openWorkspace({ env, systemKey: start.key })
    this.shell = new ParentShell(start, send)
    const live = new LiveConnections(workspace)
    const queries = new QuerySessions(workspace, live)
    this.context = {
      workspace,
      runs: new LiveRuns(workspace),
      results: new OpenResults(workspace, queries.rows),
      live,
      queries,
      host: this.shell,
    }
    this.clients = new Clients(new SocketHandler(router), this.context, (client, data) =>
      send({ type: 'frame', client, data }),
    )
    void this.refreshAfterRuns()
    void queries.rows.removeLeftovers().catch(() => undefined)
    // A store that cannot be opened says so to whoever asks next.
    this.opened = workspace.runs.markCrashed().catch(() => 0)
    void this.opened.then(() => send({ type: 'ready' }))
  }

  /** Nothing is answered before runs of processes that died are marked: a page that joins again asks for just those. */
  take(message: Exclude<ToEngine, { type: 'start' | 'end' }>, ports: readonly PagePort[]): void {
    void this.opened.then(() => this.handle(message, ports))
  }

  private handle(message: Exclude<ToEngine, { type: 'start' | 'end' }>, ports: readonly PagePort[]): void {
    switch (message.type) {
      case 'frame':
        return this.clients.take(message.client, message.data)
      case 'leave':
        return this.clients.leave(message.client)
      case 'port':
        for (const port of ports) {
          // Told first, so that what it runs may go on until it comes back.
          port.on('close', () => this.context.queries.leave(port))
          this.ports.upgrade(port, { context: { ...this.context, page: port } })
          port.start()
        }
        return
      case 'event':
        return this.shell.event(message.event)
      case 'answer':
        return this.shell.answer(message)
    }
  }

  /** A run may have made or changed tables. */
  private async refreshAfterRuns(): Promise<void> {
    for await (const _run of this.context.runs.changes()) this.context.live.refresh()
  }

  async close(): Promise<void> {
    await this.opened
    await this.context.runs.stopAll()
    await this.context.results.close()
    await this.context.queries.closeAll()
    await this.context.live.close()
    await this.context.workspace.close()
  }
}
