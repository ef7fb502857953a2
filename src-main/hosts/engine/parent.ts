import type { MessagePortMainLike } from '@orpc/client/message-port'
import type { ToShell } from './protocol.ts'

/** A page's message port, as a utility process gets it. */
export type PagePort = MessagePortMainLike & { start(): void }

/** The way to the process that started this one. */
export interface ParentLink {
  send(message: ToShell): void
  onMessage(take: (message: unknown, ports: readonly PagePort[]) => void): void
  /** The parent has ended or let go. */
  onLost(lost: () => void): void
}

/** What Electron gives a utility process. */
interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', take: (event: { data: unknown; ports: readonly PagePort[] }) => void): void
}

/** @throws Error when this process was started by neither a fork nor Electron */
export function parentLink(): ParentLink {
  const utility: unknown = Reflect.get(process, 'parentPort')
  if (isUtilityPort(utility)) {
    return {
      send: (message) => utility.postMessage(message),
      onMessage: (take) => utility.on('message', ({ data, ports }) => take(data, ports)),
      onLost: () => undefined,
    }
  }
  if (!process.send) throw new Error('The engine process has no parent to talk to.')
  return {
    send: (message) => {
      if (process.connected) process.send?.(message)
    },
    onMessage: (take) => process.on('message', (message) => take(message, [])),
    onLost: (lost) => process.on('disconnect', lost),
  }
}

function isUtilityPort(value: unknown): value is UtilityPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value
}
