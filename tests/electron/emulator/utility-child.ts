/** The child side of a utility process: `process.parentPort` over Node's own channel. */
import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'
import { MessageChannelMain, type PortMain } from './ports.ts'
import type { UtilityMessage } from './utility.ts'

const send = (message: UtilityMessage) => {
  if (process.connected) process.send?.(message)
}

class ParentPort extends EventEmitter {
  private readonly ports = new Map<number, PortMain>()
  private waiting: UtilityMessage[] | undefined = []

  postMessage(data: unknown): void {
    send({ type: 'message', data, ports: [] })
  }

  override on(event: string, listener: (...given: unknown[]) => void): this {
    super.on(event, listener)
    const { waiting = [] } = this
    if (event === 'message') this.waiting = undefined
    for (const message of waiting) this.take(message)
    return this
  }

  take(message: UtilityMessage): void {
    if (this.waiting) this.waiting.push(message)
    else if (message.type === 'message')
      this.emit('message', { data: message.data, ports: message.ports.map((id) => this.port(id)) })
    else if (message.type === 'port') this.ports.get(message.port)?.postMessage(message.data)
    else this.ports.get(message.port)?.close()
  }

  /** A port of this process: the near end of a channel whose far end is the parent. */
  private port(id: number): PortMain {
    const { port1, port2 } = new MessageChannelMain()
    this.ports.set(id, port2)
    port2.handOver({
      receive: (data) => send({ type: 'port', port: id, data }),
      close: () => send({ type: 'port-closed', port: id }),
    })
    return port1
  }
}

const parentPort = new ParentPort()
Reflect.set(process, 'parentPort', parentPort)
process.on('message', (message: UtilityMessage) => parentPort.take(message))
// Chromium ends its utility processes when the main process is gone.
process.on('disconnect', () => process.exit(1))
const [node = '', _child, script = '', ...rest] = process.argv
process.argv = [node, script, ...rest]
await import(pathToFileURL(script).href)
