import type { AppEvent, Menu } from '../../../shared/contract/app.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { PickRequest } from '../../services/host.ts'
import { type Frame, type ToEngine, type ToShell, toShell } from './protocol.ts'

/** A running engine process, however it was started. */
export interface EngineProcess {
  readonly pid: number | undefined
  send(message: ToEngine, ports?: readonly unknown[]): void
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

export interface SupervisorOptions {
  launch(): EngineProcess
  start: Omit<Extract<ToEngine, { type: 'start' }>, 'type'>
  actions: ShellActions
  /** An engine process has ended unasked; pages that spoke to it must connect again. */
  onCrash?(): void
}

export interface PageLink {
  send(data: Frame): void
  leave(): void
}

/** Milliseconds a stopped engine may take to roll back before it is killed. */
const patience = 10_000

/** Keeps one engine process: starts it when it is first needed, and another should it die. */
export class Supervisor {
  private readonly options: SupervisorOptions
  private readonly pages = new Map<number, { take(data: Frame): void; lost(): void }>()
  private engine: EngineProcess | undefined
  private joined = 0
  private ending = false

  constructor(options: SupervisorOptions) {
    this.options = options
  }

  /** Starts the engine if it does not run; its process id. */
  wake(): number | undefined {
    return this.running().pid
  }

  /** A page that speaks in frames. `lost`: the engine died, and the page must join again. */
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
  give(port: unknown): void {
    this.running().send({ type: 'port' }, [port])
  }

  tell(event: AppEvent): void {
    this.running().send({ type: 'event', event })
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

  private running(): EngineProcess {
    if (this.engine) return this.engine
    const engine = this.options.launch()
    this.engine = engine
    engine.onMessage((message) => this.take(engine, toShell.parse(message)))
    engine.onExit(() => this.gone(engine))
    engine.send({ type: 'start', ...this.options.start })
    return engine
  }

  private gone(engine: EngineProcess): void {
    if (this.engine !== engine) return
    this.engine = undefined
    const pages = [...this.pages.values()]
    this.pages.clear()
    if (this.ending) return
    for (const page of pages) page.lost()
    this.options.onCrash?.()
  }

  private take(engine: EngineProcess, message: ToShell): void {
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

  private async answer(engine: EngineProcess, id: number, work: Promise<string | null>): Promise<void> {
    try {
      engine.send({ type: 'answer', id, value: await work })
    } catch (error) {
      engine.send({ type: 'answer', id, error: toAppError(error).toJSON() })
    }
  }
}
