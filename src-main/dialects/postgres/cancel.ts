import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { PgClient } from './protocol.ts'

const CANCEL = 80877102
const TLS_REQUEST = 80877103
const TIMEOUT = 3000

/**
 * Asks the server, over a connection of its own, to cancel what a client runs (the protocol's CancelRequest: needs no
 * login and no free connection slot). Resolves when the server has taken the request; never rejects.
 */
export async function cancelRequest(client: PgClient): Promise<void> {
  const { processID, secretKey } = client
  if (processID === null || secretKey === null) return
  const key = typeof secretKey === 'number' ? int32(secretKey) : secretKey
  const message = Buffer.concat([int32(12 + key.length), int32(CANCEL), int32(processID), key])
  const encrypted = 'encrypted' in client.connection.stream
  const { host, port } = client
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), TIMEOUT)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.on('connect', () => (encrypted ? secured(socket, message) : send(socket, message)))
  })
}

/** The server closes the connection once it has passed the signal on. */
function send(socket: Socket, message: Buffer): void {
  socket.resume()
  socket.write(message)
}

function secured(socket: Socket, message: Buffer): void {
  socket.write(Buffer.concat([int32(8), int32(TLS_REQUEST)]))
  socket.once('data', (answer: Buffer) => {
    if (answer[0] !== 0x53) return send(socket, message)
    // The request carries no secret but its key, and the server was checked when the session was opened.
    const tls = connectTls({ socket, rejectUnauthorized: false })
    tls.on('error', () => socket.destroy())
    tls.on('close', () => socket.destroy())
    tls.on('secureConnect', () => send(tls, message))
  })
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}
