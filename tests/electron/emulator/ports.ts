import { EventEmitter } from 'node:events'

/** Where a port went: another process, which then holds it. */
export interface PortHolder {
  receive(data: unknown): void
  close(): void
}

/** One end of a channel. Once it is handed over, what arrives goes to its holder. */
export class PortMain extends EventEmitter {
  peer: PortMain | undefined
  private holder: PortHolder | undefined
  private started = false
  private waiting: unknown[] = []
  private closed = false

  postMessage(data: unknown): void {
    this.peer?.arrive(data)
  }

  start(): void {
    this.started = true
    for (const data of this.waiting.splice(0)) this.arrive(data)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.peer?.ended()
  }

  /** Gives the port away; its holder posts through `postMessage` and ends it with `close`. */
  handOver(holder: PortHolder): this {
    this.holder = holder
    for (const data of this.waiting.splice(0)) holder.receive(data)
    return this
  }

  private arrive(data: unknown): void {
    if (this.holder) this.holder.receive(data)
    else if (this.started) this.emit('message', { data, ports: [] })
    else this.waiting.push(data)
  }

  private ended(): void {
    if (this.closed) return
    this.closed = true
    this.holder?.close()
    this.emit('close')
  }
}

export class MessageChannelMain {
  readonly port1 = new PortMain()
  readonly port2 = new PortMain()

  constructor() {
    this.port1.peer = this.port2
    this.port2.peer = this.port1
  }
}
