import type { Ok } from './packets.ts'
import { exchange, type MyClient, type Sender } from './protocol.ts'
import { following, queryCommand } from './results.ts'

const LARGEST_PIECE = 0x400000

/** A running LOAD DATA LOCAL. */
export class Infile {
  /** Resolves when the server has taken all rows, or refused them. */
  readonly finished: Promise<void>
  private readonly asked: Promise<void>
  private sender: Sender | undefined
  private ok: Ok | undefined
  private failure: unknown
  private over = false
  private ended = false

  constructor(client: MyClient, sql: string, note: (ok: Ok) => void) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.asked = promise
    const listener = following(client, {
      infile: (sender) => {
        this.sender = sender
        resolve()
      },
      end: (ok) => {
        this.ok = ok
        note(ok)
      },
    })
    const settle = (error?: unknown) => {
      this.failure = error
      this.over = true
      resolve()
    }
    this.finished = exchange(client, [queryCommand(sql)], listener).then(() => settle(), settle)
  }

  /** Resolves when the server waits for rows. @throws the server's error when it refuses the statement */
  async opened(): Promise<void> {
    await this.asked
    if (this.failure !== undefined) throw this.failure
  }

  /** Resolves when the socket takes more. @throws the driver's error when the connection is gone */
  async write(bytes: Uint8Array): Promise<void> {
    await this.opened()
    for (let at = 0; at < bytes.length; at += LARGEST_PIECE) await this.send(bytes.subarray(at, at + LARGEST_PIECE))
  }

  private async send(piece: Uint8Array): Promise<void> {
    const { sender } = this
    if (!sender || this.over || this.ended) throw this.failure ?? new Error('The rows have already ended.')
    sender.stream.cork()
    const room = sender.send(piece)
    sender.stream.uncork()
    if (!room) {
      // The server may be gone while the socket is full.
      const drained = Promise.withResolvers<void>()
      const onDrain = () => drained.resolve()
      sender.stream.once('drain', onDrain)
      await Promise.race([drained.promise, this.finished])
      sender.stream.off('drain', onDrain)
    }
    if (this.failure !== undefined) throw this.failure
  }

  /** Ends the rows and returns what the server says of them. @throws the server's or the driver's error */
  async finish(): Promise<Ok> {
    await this.opened()
    this.fail()
    await this.finished
    if (this.failure !== undefined || !this.ok) throw this.failure ?? new Error('The server said nothing of the rows.')
    return this.ok
  }

  /** Ends the rows at once, without waiting for the server, which takes what it has; the transaction must be rolled back. */
  fail(): void {
    if (this.over || this.ended) return
    this.ended = true
    void this.asked.then(() => {
      if (!this.over) this.sender?.send(new Uint8Array(0))
    })
  }
}
