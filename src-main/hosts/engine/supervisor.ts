import type { AppEvent, Menu } from '../../../shared/contract/app.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { PickRequest } from '../../services/host.ts'
import { type Frame, type ToEngine, type ToShell, toShell } from './protocol.ts'

/** A running engine process, however it was started. `Port`: what it takes along with a message. */
export interface EngineProcess<Port = never> {
  readonly pid: number | undefined
  send(message: ToEngine, ports?: readonly Port[]): void
  onMessage(take: (message: unknown) => void): void
  onExit(ended: () => void): void
  kill(): void
}

/** What the shell does when the engine asks. */
export interface ShellActions {
  pick(request: PickRequest): Promise<string | null>
  openExternal(url: string): Promise<void>
  title(window: { title: string; edited: boolean; path: string | null }): void
  menu(menu: Menu): void
}

export interface SupervisorOptions<Port = never> {
  launch(): EngineProcess<Port>
  start: Omit<Extract<ToEngine, { type: 'start' }>, 'type'>
  actions: ShellActions
  /** An engine process has ended unasked; pages that spoke to it must connect again. */
  onCrash?(): void
  /** An engine process has ended because it was to start anew. */
  onRestart?(): void
}

export interface PageLink {
  send(data: Frame): void
  leave(): void
}

/** Milliseconds a stopped engine may take to roll back before it is killed. */
const patience = 10_000

/** Keeps one engine process: starts it when it is first needed, and another should it die. */
export class Supervisor<Port = never> {
  private readonly options: SupervisorOptions<Port>
  private readonly pages = new Map<number, { take(data: Frame): void; lost(): void }>()
  private engine: EngineProcess<Port> | undefined
  private joined = 0
  private ending = false
  private restarting = false

  constructor(options: SupervisorOptions<Port>) {
    this.options = options
  }

  /** Starts the engine if it does not run; its process id. */
  wake(): number | undefined {
    return this.running().pid
  }

  /** A page that speaks in frames. `lost`: the engine died, and the page must join again. @throws AppError INTERNAL once it is to end */
  join(take: (data: Frame) => void, lost: () => void): PageLink {
    const engine = this.running()
    const client = ++this.joined
    this.pages.set(client, { take, lost })
    return {
      send: (data) => {
        if (this.pages.has(client)) engine.send({ type: 'frame', client, data })
      },
      leave: () => {
        if (this.pages.delete(client)) engine.send({ type: 'leave', client })
      },
    }
  }

  /** Hands a page's message port to the engine (desktop). */
  give(port: Port): void {
    this.running().send({ type: 'port' }, [port])
  }

  tell(event: AppEvent): void {
    this.running().send({ type: 'event', event })
  }

  /** Ends the process gently; the next page that joins starts another. */
  restart(): void {
    if (!this.engine) return
    this.restarting = true
    this.engine.send({ type: 'end' })
  }

  /** Stops what runs, waits for it, and ends the process. */
  async end(): Promise<void> {
    this.ending = true
    const { engine } = this
    if (!engine) return
    const ended = new Promise<void>((resolve) => engine.onExit(resolve))
    engine.send({ type: 'end' })
    const timer = setTimeout(() => engine.kill(), patience)
    await ended
    clearTimeout(timer)
  }

  private running(): EngineProcess<Port> {
    if (this.engine) return this.engine
    if (this.ending) throw new AppError('INTERNAL', 'Sluice is ending.')
    const engine = this.options.launch()
    this.engine = engine
    engine.onMessage((message) => this.take(engine, toShell.parse(message)))
    engine.onExit(() => this.gone(engine))
    engine.send({ type: 'start', ...this.options.start })
    return engine
  }

  private gone(engine: EngineProcess<Port>): void {
    if (this.engine !== engine) return
    this.engine = undefined
    const pages = [...this.pages.values()]
    this.pages.clear()
    if (this.ending) return
    const { restarting } = this
    this.restarting = false
    for (const page of pages) page.lost()
    if (restarting) this.options.onRestart?.()
    else this.options.onCrash?.()
  }

  private take(engine: EngineProcess<Port>, message: ToShell): void {
    switch (message.type) {
      case 'frame':
        return this.pages.get(message.client)?.take(message.data)
      case 'pick':
        return void this.answer(engine, message.id, this.options.actions.pick(message.request))
      case 'openExternal':
        return void this.answer(
          engine,
          message.id,
          this.options.actions.openExternal(message.url).then(() => null),
        )
      case 'title':
        return this.options.actions.title(message.window)
      case 'menu':
        return this.options.actions.menu(message.menu)
      case 'ready':
    }
  }

  private async answer(engine: EngineProcess<Port>, id: number, work: Promise<string | null>): Promise<void> {
    try {
      engine.send({ type: 'answer', id, value: await work })
    } catch (error) {
      engine.send({ type: 'answer', id, error: toAppError(error).toJSON() })
    }
  }
}
