import { AppError } from '../../../shared/errors.ts'
import type { Pool } from './connect.ts'
import { type ErrorContext, mapError } from './errors.ts'
import { IN_TRANSACTION, type Ok } from './packets.ts'
import { ConnectionEnded, type MyClient } from './protocol.ts'
import { readTexts } from './texts.ts'
import { type Abilities, abilitiesOf } from './types.ts'

/** The exchanges of one server connection, one after the other, and the way to end the one that runs. */
export abstract class Line {
  readonly client: MyClient
  readonly server: Abilities
  /** Whether the server takes LOAD DATA LOCAL, as far as is known. */
  takesFiles = true
  protected readonly pool: Pool
  protected readonly signal: AbortSignal | undefined
  protected current: Promise<unknown> | undefined
  protected onStop: (() => void) | undefined
  /** Flags that the server sent with the end of the last statement. */
  protected status = 0
  protected released = false
  protected lost = false
  protected used = false

  constructor(pool: Pool, client: MyClient, signal: AbortSignal | undefined) {
    this.pool = pool
    this.client = client
    this.server = abilitiesOf(client.serverVersion)
    this.signal = signal
    client.stream.once('close', this.onLost)
    client.stream.once('end', this.onEnd)
  }

  /** Whether a transaction is open at the server, also one that a user's statement began. */
  get transactionOpen(): boolean {
    return (this.status & IN_TRANSACTION) !== 0
  }

  /** Whether another statement can still be sent. */
  get usable(): boolean {
    return !this.lost && !this.aborted && !this.released
  }

  get aborted(): boolean {
    return this.signal?.aborted ?? false
  }

  /**
   * Runs one exchange, alone. Errors come out mapped; after Stop they are RUN_CANCELLED.
   * @throws AppError QUERY_CONFLICT when something else is still running on the session
   */
  async run<T>(work: () => Promise<T>, context: ErrorContext = {}): Promise<T> {
    this.ready(context)
    const task = work()
    const free = this.hold(task)
    try {
      return await task
    } catch (error) {
      throw this.explain(error, context)
    } finally {
      free()
    }
  }

  /** @throws AppError when nothing can be started now */
  ready(context: ErrorContext = {}): void {
    if (this.aborted) throw cancelled()
    if (this.released) throw new AppError('RUN_STATE', 'The database session has already been released.')
    if (this.lost) throw mapError(new ConnectionEnded('The connection was closed.'), context)
    if (this.current)
      throw new AppError('QUERY_CONFLICT', 'The database session is busy with another statement.', {
        hint: 'Read the open query to its end or close it first, or use a second session.',
      })
  }

  /** Marks the session as busy until the returned function is called. `onStop` is called when Stop comes meanwhile. */
  hold(task: Promise<unknown>, onStop?: () => void): () => void {
    const settled = task.catch(() => undefined)
    this.current = settled
    this.onStop = onStop
    return () => {
      if (this.current === settled) this.current = undefined
      this.onStop = undefined
    }
  }

  explain(error: unknown, context: ErrorContext = {}): AppError {
    return this.aborted ? cancelled(error) : mapError(error, context)
  }

  /** One statement of our own; its rows as text. */
  script(sql: string, context: ErrorContext = {}): Promise<(string | null)[][]> {
    return this.run(() => readTexts(this.client, sql, this.note), context)
  }

  /** One statement of our own that changes rows; how many it found to change. */
  async change(sql: string, context: ErrorContext = {}): Promise<number> {
    let affected = 0
    const end = (ok: Ok) => {
      affected = ok.affected
      this.note(ok)
    }
    await this.run(() => readTexts(this.client, sql, end), context)
    return affected
  }

  /** Work on a connection of its own, out of this one's transaction. */
  aside<T>(work: (client: MyClient) => Promise<T>): Promise<T> {
    if (this.aborted) throw cancelled()
    return this.pool.aside(work)
  }

  /** Keeps what the server says about the transaction at the end of each statement. */
  readonly note = (ok: Ok): void => {
    this.status = ok.status
  }

  /** For tidying up after something else has already failed. */
  async quietly(sql: string): Promise<void> {
    if (!this.lost && !this.aborted) await this.script(sql).catch(() => undefined)
  }

  /** Notes that a user's statement ran, so that what it left behind is cleared on release. */
  touch(): void {
    this.used = true
  }

  /** Asks the server, over a connection of its own, to end the statement that runs. Never rejects. */
  async cancel(): Promise<void> {
    await this.kill('query')
  }

  protected async kill(what: 'query' | 'connection'): Promise<void> {
    const sql = `kill ${what} ${this.client.threadId}`
    await this.pool.aside((client) => readTexts(client, sql)).catch(() => undefined)
  }

  /** The server has hung up. What is still to be sent would wait for it until the network gives up. */
  protected readonly onEnd = (): void => {
    this.client.stream.destroy()
  }

  protected readonly onLost = (): void => {
    this.lost = true
  }
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('RUN_CANCELLED', 'The run was stopped.', { cause })
}
