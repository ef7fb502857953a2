import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { Framer } from './framer.ts'
import { parseError, SERVER_ERROR, type ServerError } from './packets.ts'

/**
 * The part of the `mysql2` connection below its commands. Its own commands make a value of every field; the bulk lanes
 * here read packets as they come. A command of ours enters its queue like any other, and takes the socket's bytes while it runs.
 */
export interface MyClient extends EventEmitter {
  stream: Socket
  threadId: number
  /** What the server says it is, e.g. `10.11.6-MariaDB`. */
  serverVersion: string
  /** Whether column definitions carry MariaDB's extended types. */
  extendedMetadata: boolean
  addCommand(command: Command): unknown
  destroy(): void
}

/** What `mysql2` asks of the commands in its queue. */
interface Command {
  execute(packet: unknown, connection: Driver): boolean
  onResult(error: unknown): void
}

interface Driver {
  stream: Socket
  sequenceId: number
  packetParser: { execute(chunk: Buffer): unknown }
}

/** The driver's connection as seen from here; undefined when it is none. */
export function clientOf(connection: object): MyClient | undefined {
  const field = (name: string): unknown => Reflect.get(connection, name)
  const handshake = field('_handshakePacket')
  if (typeof field('addCommand') !== 'function' || typeof handshake !== 'object' || handshake === null) return undefined
  const described = {
    serverVersion: String(Reflect.get(handshake, 'serverVersion')),
    extendedMetadata: field('_mariadbExtendedMetadata') === true,
  }
  return isClient(connection) ? Object.assign(connection, described) : undefined
}

const isClient = (connection: object): connection is MyClient => 'stream' in connection && 'threadId' in connection

export const isMariaDb = (client: MyClient) => /mariadb/i.test(client.serverVersion)

/** Takes one packet, `data` from `start` to `end`; true when it was the last of the exchange. */
export type Receive = (data: Buffer, start: number, end: number) => boolean

/** Writes further packets of a running exchange. */
export interface Sender {
  readonly stream: Socket
  /** Sends one packet of less than 16 MB; false when the socket is full. */
  send(payload: Uint8Array): boolean
}

/** Hears the answer to a command. */
export interface Listener {
  receive: Receive
  /** Told once the command has been sent. */
  started?(sender: Sender): void
  /** Told of an error; true when it was the last answer. Without it every error is, and rejects the exchange. */
  refused?(error: ServerError): boolean
}

/**
 * Sends commands and hands on the packets of the answer until `receive` has seen the last. Rejects with a ServerError when the
 * server refuses, or with the driver's error when the connection is gone; what a listener throws rejects once the answer has ended.
 * Without a listener the server answers nothing.
 */
export function exchange(client: MyClient, payloads: readonly Uint8Array[], listener?: Listener): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const settle = (failure: unknown) => (failure === undefined ? resolve() : reject(failure))
  client.addCommand(new Exchange(payloads, listener, settle))
  return promise
}

class Exchange implements Command {
  private readonly payloads: readonly Uint8Array[]
  private readonly listener: Listener | undefined
  private readonly settle: (failure: unknown) => void
  private failure: unknown
  private begun = false

  constructor(payloads: readonly Uint8Array[], listener: Listener | undefined, settle: (failure: unknown) => void) {
    this.payloads = payloads
    this.listener = listener
    this.settle = settle
  }

  /** Called to begin, and once more with the last packet. */
  execute(_packet: unknown, connection: Driver): boolean {
    if (this.begun) return this.end()
    this.begun = true
    if (this.listener) this.listen(connection, this.listener)
    const { stream } = connection
    stream.cork()
    for (const payload of this.payloads) writePacket(stream, payload, 0)
    stream.uncork()
    return this.listener ? false : this.end()
  }

  onResult(error: unknown): void {
    this.settle(error)
  }

  private end(): boolean {
    this.settle(this.failure)
    return true
  }

  /** Takes the driver's place as reader of the socket until the last packet, which goes to the driver so that its queue moves on. */
  private listen(connection: Driver, listener: Listener): void {
    const own = connection.packetParser
    const framer: Framer = new Framer((data, start, end) => {
      if (!this.hear(listener, data, start, end)) return false
      connection.packetParser = own
      connection.sequenceId = framer.sequence
      own.execute(framed(data.subarray(start, Math.min(end, start + 64)), framer.sequence))
      return true
    })
    connection.packetParser = { execute: (chunk) => framer.push(chunk) }
    listener.started?.({
      stream: connection.stream,
      send: (payload) => {
        framer.sequence = (framer.sequence + 1) & 0xff
        return writePacket(connection.stream, payload, framer.sequence)
      },
    })
  }

  /** True after the last packet. Nothing may be thrown into the driver's reader. */
  private hear(listener: Listener, data: Buffer, start: number, end: number): boolean {
    try {
      if (data[start] !== SERVER_ERROR) return listener.receive(data, start, end)
      const error = parseError(data, start, end)
      if (listener.refused) return listener.refused(error)
      this.failure ??= error
      return true
    } catch (error) {
      this.failure ??= error
      return false
    }
  }
}

const LARGEST = 0xffffff

/** Payloads of 16 MB and more travel in several packets, the last of them shorter. Small ones only, where numbers go on. */
function writePacket(stream: Socket, payload: Uint8Array, sequence: number): boolean {
  let room = true
  let number = sequence
  for (let at = 0; ; at += LARGEST) {
    const part = payload.subarray(at, at + LARGEST)
    stream.write(header(part.length, number++))
    room = stream.write(part)
    if (part.length < LARGEST) return room
  }
}

function header(length: number, sequence: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUIntLE(length, 0, 3)
  bytes[3] = sequence & 0xff
  return bytes
}

const framed = (payload: Buffer, sequence: number) => Buffer.concat([header(payload.length, sequence), payload])
