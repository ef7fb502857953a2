import { Socket } from 'node:net'

const READ = 65536

/** Where the bytes of a socket go: to a COPY while there is one, else to the driver's parser. */
export interface Route {
  /** Takes bytes that are others once it returns. */
  sink: ((chunk: Buffer) => void) | undefined
  /** Takes bytes that stay. */
  toDriver(chunk: Buffer): void
}

const routes = new WeakMap<Socket, Route>()

export function routeOf(stream: Socket): Route {
  const known = routes.get(stream)
  if (known) return known
  const driver = stream.listeners('data')
  const route: Route = {
    sink: undefined,
    toDriver: (chunk) => {
      for (const listener of driver) Reflect.apply(listener, stream, [chunk])
    },
  }
  stream.removeAllListeners('data')
  stream.on('data', (chunk: Buffer) => (route.sink ?? route.toDriver)(chunk))
  routes.set(stream, route)
  return route
}

/**
 * A socket that reads into one buffer. A buffer for each piece, as sockets make them, sends the garbage collector through the whole
 * heap every thousand pieces.
 */
export function openSocket(): Socket {
  const buffer = Buffer.allocUnsafe(READ)
  const socket = new Socket({
    onread: {
      buffer,
      callback: (size) => {
        const chunk = buffer.subarray(0, size)
        socket.emit('data', routes.get(socket)?.sink ? chunk : Buffer.from(chunk))
        return true
      },
    },
  })
  return socket
}
