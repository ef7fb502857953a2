import type { RPCHandler } from '@orpc/server/websocket'
import type { ApiContext } from '../../services/api/context.ts'
import type { Frame } from './protocol.ts'

type Socket = Parameters<RPCHandler<ApiContext>['message']>[0]

/** Pages that speak through the shell: each has a number, and looks like a WebSocket to the contract's handler. */
export class Clients {
  private readonly handler: RPCHandler<ApiContext>
  private readonly context: ApiContext
  private readonly send: (client: number, data: Frame) => void
  private readonly sockets = new Map<number, Socket>()

  constructor(handler: RPCHandler<ApiContext>, context: ApiContext, send: (client: number, data: Frame) => void) {
    this.handler = handler
    this.context = context
    this.send = send
  }

  take(client: number, data: Frame): void {
    const socket = this.sockets.get(client) ?? this.join(client)
    const message = typeof data === 'string' ? data : data.slice().buffer
    void this.handler.message(socket, message, { context: { ...this.context, page: socket } })
  }

  leave(client: number): void {
    const socket = this.sockets.get(client)
    if (!socket) return
    this.sockets.delete(client)
    // Before its calls are given up: what it runs may go on until it comes back.
    this.context.queries.leave(socket)
    this.handler.close(socket)
  }

  private join(client: number): Socket {
    const socket: Socket = {
      addEventListener: () => undefined,
      send: (data) => {
        if (typeof data === 'string') this.send(client, data)
        else if (data instanceof ArrayBuffer) this.send(client, new Uint8Array(data))
        else if (data instanceof Uint8Array) this.send(client, Uint8Array.from(data))
      },
    }
    this.sockets.set(client, socket)
    return socket
  }
}
