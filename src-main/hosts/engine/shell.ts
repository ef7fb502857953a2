import type { AppEvent, Menu } from '../../../shared/contract/app.ts'
import { AppError } from '../../../shared/errors.ts'
import { Channel } from '../../services/channel.ts'
import type { Host, PickRequest } from '../../services/host.ts'
import type { ToEngine, ToShell } from './protocol.ts'

type Start = Extract<ToEngine, { type: 'start' }>
type Answer = Extract<ToEngine, { type: 'answer' }>

/** The shell as the engine process sees it: questions go to the parent process, answers come back. */
export class ParentShell implements Host {
  readonly kind: Host['kind']
  readonly notice?: string
  private readonly send: (message: ToShell) => void
  private readonly told = new Channel<AppEvent>()
  private listeners = 0
  /** What happened while no page listened, e.g. the file that Sluice was started with. */
  private untold: AppEvent[] = []
  private readonly waiting = new Map<number, (answer: Answer) => void>()
  private asked = 0

  constructor(start: Start, send: (message: ToShell) => void) {
    this.kind = start.kind
    if (start.notice !== undefined) this.notice = start.notice
    this.send = send
  }

  async pick(request: PickRequest): Promise<string | null> {
    const { value } = await this.ask((id) => ({ type: 'pick', id, request }))
    return value ?? null
  }

  async openExternal(url: string): Promise<void> {
    await this.ask((id) => ({ type: 'openExternal', id, url }))
  }

  title(window: { title: string; edited: boolean; path: string | null }): void {
    this.send({ type: 'title', window })
  }

  menu(menu: Menu): void {
    this.send({ type: 'menu', menu })
  }

  async *events(signal: AbortSignal): AsyncIterable<AppEvent> {
    this.listeners++
    const untold = this.untold
    this.untold = []
    try {
      yield* this.told.read(signal, untold)
    } finally {
      this.listeners--
    }
  }

  event(event: AppEvent): void {
    if (this.listeners === 0) this.untold.push(event)
    else this.told.send(event)
  }

  answer(answer: Answer): void {
    this.waiting.get(answer.id)?.(answer)
    this.waiting.delete(answer.id)
  }

  private ask(question: (id: number) => ToShell): Promise<Answer> {
    const id = ++this.asked
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (answer) => (answer.error ? reject(AppError.from(answer.error)) : resolve(answer)))
      this.send(question(id))
    })
  }
}
