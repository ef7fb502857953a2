import { exchange, type PgClient } from './protocol.ts'

const COPY_DATA = 0x64

/** A running COPY … FROM STDIN. */
export class CopyIn {
  /** Rows taken, once ended. */
  rows = 0
  /** Resolves when the server has taken all rows, or refused them. */
  readonly finished: Promise<void>
  private readonly client: PgClient
  private readonly open: Promise<void>
  private failure: unknown
  private over = false

  constructor(client: PgClient, sql: string) {
    this.client = client
    const { promise, resolve } = Promise.withResolvers<void>()
    this.open = promise
    this.finished = exchange(client, (connection) => connection.query(sql), {
      copyIn: () => resolve(),
      complete: (tag) => {
        this.rows = Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? 0)
      },
    }).then(
      () => this.end(undefined, resolve),
      (error: unknown) => this.end(error, resolve),
    )
  }

  private end(error: unknown, resolve: () => void): void {
    this.failure = error
    this.over = true
    resolve()
  }

  /** Resolves when the socket takes more. @throws the driver's error, as soon as the server refuses */
  async write(piece: Uint8Array): Promise<void> {
    await this.open
    if (this.over) throw this.failure ?? new Error('The COPY has already ended.')
    if (piece.length === 0) return
    const { stream } = this.client.connection
    const header = Buffer.allocUnsafe(5)
    header[0] = COPY_DATA
    header.writeInt32BE(piece.length + 4, 1)
    stream.cork()
    stream.write(header)
    const room = stream.write(piece)
    stream.uncork()
    if (!room) {
      // The server may refuse a row, or be gone, while the socket is full.
      const drained = Promise.withResolvers<void>()
      const onDrain = () => drained.resolve()
      stream.once('drain', onDrain)
      await Promise.race([drained.promise, this.finished])
      stream.off('drain', onDrain)
    }
    if (this.over && this.failure !== undefined) throw this.failure
  }

  /** Ends the rows; returns how many the server took. @throws the driver's error */
  async finish(): Promise<number> {
    await this.open
    if (!this.over) this.client.connection.endCopyFrom()
    await this.finished
    if (this.failure !== undefined) throw this.failure
    return this.rows
  }

  /** Gives up: the server drops the rows it was given. */
  async abort(reason = 'cancelled'): Promise<void> {
    this.fail(reason)
    await this.finished
  }

  /** Tells the server at once, without waiting for it. */
  fail(reason: string): void {
    if (!this.over) this.client.connection.sendCopyFail(reason)
  }
}
