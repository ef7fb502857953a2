import { type Answers, exchange, type PgClient, type PgConnection } from './protocol.ts'
import { type Route, routeOf } from './socket.ts'

const PIECE = 65536
/** Pieces kept before the socket is paused. */
const AHEAD = 4
const HEADER = 5
/** Milliseconds that a partial piece may wait for more. */
const PATIENCE = 5
const COPY_DATA = 0x64

/**
 * The rows of a COPY … TO STDOUT, pulled. The driver makes an object of every row message; here the socket's bytes are
 * read directly, the payloads are laid side by side, and every other message is handed to the driver untouched.
 */
export class CopyOut {
  /** Rows seen so far: the server sends one message per row. */
  rows = 0
  private readonly client: PgClient
  private readonly pieces: Buffer[] = []
  private out = Buffer.allocUnsafe(PIECE)
  private filled = 0
  private header: Buffer = Buffer.alloc(0)
  /** Payload bytes of the current row message still to come. */
  private payload = 0
  /** Another kind of message, and how much of it is still to come. */
  private other: Buffer[] = []
  private otherLeft = 0
  private readonly route: Route
  private wake: (() => void) | undefined
  private ended = false
  private failure: unknown
  private flushing = false
  private flushed = false
  private discarding = false
  /** Resolves when the connection is ready again or lost. */
  readonly finished: Promise<void>

  /** Sends the messages at once; they must end in Sync. */
  constructor(client: PgClient, send: (connection: PgConnection) => void, answers: Answers = {}) {
    this.client = client
    this.route = routeOf(client.connection.stream)
    this.route.sink = this.onData
    this.finished = exchange(client, send, answers).then(
      () => this.finish(undefined),
      (error: unknown) => this.finish(error),
    )
  }

  /** The next piece, undefined at the end. @throws the driver's error */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.pieces.shift()
      if (piece) {
        if (this.pieces.length < AHEAD) this.client.connection.stream.resume()
        return piece
      }
      if (this.failure !== undefined) throw this.failure
      if (this.ended) return undefined
      await new Promise<void>((resolve) => {
        this.wake = resolve
        if (this.filled > 0) this.flushSoon()
      })
    }
  }

  /** Whether the server has said all it had to say. */
  get done(): boolean {
    return this.ended
  }

  /** Drops what is still to come, so that the server is not left waiting. */
  discard(): void {
    this.discarding = true
    this.pieces.length = 0
    this.client.connection.stream.resume()
  }

  private finish(error: unknown): void {
    this.route.sink = undefined
    this.client.connection.stream.resume()
    this.flush()
    this.failure = error
    this.ended = true
    this.wakeUp()
  }

  private wakeUp(): void {
    const wake = this.wake
    this.wake = undefined
    wake?.()
  }

  private readonly onData = (chunk: Buffer): void => {
    let at = 0
    if (this.header.length > 0) {
      chunk = Buffer.concat([this.header, chunk])
      this.header = Buffer.alloc(0)
    }
    const { length } = chunk
    while (at < length) {
      if (this.payload > 0) {
        const end = Math.min(length, at + this.payload)
        this.append(chunk, at, end)
        this.payload -= end - at
        at = end
      } else if (this.otherLeft > 0) {
        const end = Math.min(length, at + this.otherLeft)
        this.other.push(Buffer.from(chunk.subarray(at, end)))
        this.otherLeft -= end - at
        at = end
        if (this.otherLeft === 0) this.handOver()
      } else if (at + HEADER > length) {
        this.header = Buffer.from(chunk.subarray(at))
        break
      } else {
        const size = chunk.readUInt32BE(at + 1)
        if (chunk[at] === COPY_DATA) {
          this.rows++
          this.payload = size - 4
          at += HEADER
        } else this.otherLeft = size + 1
      }
    }
    if (this.pieces.length >= AHEAD && !this.discarding) this.client.connection.stream.pause()
    if (this.filled > 0 && this.wake) this.flushSoon()
  }

  private handOver(): void {
    const message = this.other.length === 1 && this.other[0] ? this.other[0] : Buffer.concat(this.other)
    this.other = []
    this.route.toDriver(message)
  }

  private append(chunk: Buffer, from: number, to: number): void {
    if (this.discarding) return
    while (from < to) {
      const end = Math.min(to, from + PIECE - this.filled)
      chunk.copy(this.out, this.filled, from, end)
      this.filled += end - from
      from = end
      if (this.filled === PIECE) this.flush()
    }
  }

  private flush(): void {
    if (this.filled === 0) return
    if (!this.discarding) this.pieces.push(this.out.subarray(0, this.filled))
    this.out = Buffer.allocUnsafe(PIECE)
    this.filled = 0
    this.flushed = true
    this.wakeUp()
  }

  /** A waiting reader gets a partial piece: the first one at once, later ones when the server is slow to fill them. */
  private flushSoon(): void {
    if (this.flushing) return
    this.flushing = true
    const flush = () => {
      this.flushing = false
      if (this.wake) this.flush()
    }
    if (this.flushed) setTimeout(flush, PATIENCE)
    else setImmediate(flush)
  }
}
