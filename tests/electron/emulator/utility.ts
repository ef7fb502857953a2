import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { emulatedApp } from './app.ts'
import type { PortMain } from './ports.ts'

interface ForkOptions {
  serviceName?: string
  stdio?: 'inherit' | 'ignore' | 'pipe'
  env?: NodeJS.ProcessEnv
}

/** What the parent and the child tell each other; see utility-child.ts. */
export type UtilityMessage =
  | { type: 'message'; data: unknown; ports: number[] }
  | { type: 'port'; port: number; data: unknown }
  | { type: 'port-closed'; port: number }

class EmulatedUtility extends EventEmitter {
  private readonly child: ChildProcess
  private readonly ports = new Map<number, PortMain>()
  private lastPort = 0

  constructor(
    script: string,
    args: string[],
    { serviceName = 'Node Utility Process', stdio = 'inherit', env = process.env }: ForkOptions,
  ) {
    super()
    this.child = fork(fileURLToPath(new URL('./utility-child.ts', import.meta.url)), [script, ...args], {
      serialization: 'advanced',
      stdio: ['ignore', stdio, stdio, 'ipc'],
      execArgv: [],
      env,
    })
    const { pid = 0 } = this.child
    emulatedApp.utilities.set(pid, serviceName)
    this.child.on('spawn', () => this.emit('spawn'))
    this.child.on('message', (message: UtilityMessage) => this.take(message))
    this.child.on('exit', (code) => {
      emulatedApp.utilities.delete(pid)
      for (const port of this.ports.values()) port.close()
      this.emit('exit', code ?? 1)
    })
  }

  get pid(): number | undefined {
    return this.child.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined
  }

  postMessage(data: unknown, transfer: readonly PortMain[] = []): void {
    this.send({ type: 'message', data, ports: transfer.map((port) => this.hold(port)) })
  }

  kill(): boolean {
    return this.child.kill('SIGTERM')
  }

  private hold(port: PortMain): number {
    const id = ++this.lastPort
    this.ports.set(id, port)
    port.handOver({
      receive: (data) => this.send({ type: 'port', port: id, data }),
      close: () => this.send({ type: 'port-closed', port: id }),
    })
    return id
  }

  private send(message: UtilityMessage): void {
    if (this.child.connected) this.child.send(message)
  }

  private take(message: UtilityMessage): void {
    if (message.type === 'message') this.emit('message', message.data)
    else if (message.type === 'port') this.ports.get(message.port)?.postMessage(message.data)
    else this.ports.get(message.port)?.close()
  }
}

export const utilityProcess = {
  fork: (script: string, args: string[] = [], options: ForkOptions = {}) => new EmulatedUtility(script, args, options),
}
