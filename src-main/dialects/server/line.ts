import { AppError } from '../../../shared/errors.ts'
import { ConnectionEnded, cancelled } from './errors.ts'

/** Where connections come from and go back to. */
export interface Lender<Client> {
  release(client: Client): Promise<void>
  destroy(client: Client): Promise<void>
}

/** What an error is told with; dialects add the way to a position in the user's text. */
export interface Context {
  /** What was going on, for a lost connection. */
  during?: string
}

/** The exchanges of one server connection, one after the other. */
export abstract class ServerLine<Client extends object, Ctx extends Context> {
  readonly client: Client
  protected readonly pool: Lender<Client>
  protected readonly signal: AbortSignal | undefined
  /** What runs; settles when it has ended, well or not. */
  protected current: Promise<unknown> | undefined
  protected onStop: (() => void) | undefined
  protected released = false
  protected lost = false
  protected used = false

  constructor(pool: Lender<Client>, client: Client, signal: AbortSignal | undefined) {
    this.pool = pool
    this.client = client
    this.signal = signal
  }

  /** One statement of our own without values; its rows as text. */
  abstract script(sql: string, context?: Ctx): Promise<(string | null)[][]>

  protected abstract mapError(thrown: unknown, context?: Ctx): AppError

  get aborted(): boolean {
    return this.signal?.aborted ?? false
  }

  /** Whether another statement can still be sent. */
  get usable(): boolean {
    return !this.lost && !this.aborted && !this.released
  }

  /**
   * Runs one exchange, alone. Errors come out mapped; after Stop they are RUN_CANCELLED.
   * @throws AppError QUERY_CONFLICT when something else is still running on the session
   */
  async run<T>(work: () => Promise<T>, context?: Ctx): Promise<T> {
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
  ready(context?: Ctx): void {
    if (this.aborted) throw cancelled()
    if (this.released) throw new AppError('RUN_STATE', 'The database session has already been released.')
    if (this.lost) throw this.mapError(new ConnectionEnded('The connection was closed.'), context)
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

  explain(error: unknown, context?: Ctx): AppError {
    return this.aborted ? cancelled(error) : this.mapError(error, context)
  }

  /** For tidying up after something else has already failed. */
  async quietly(sql: string): Promise<void> {
    if (!this.lost && !this.aborted) await this.script(sql).catch(() => undefined)
  }

  /** Notes that a user's statement ran, so that what it left behind is cleared on release. */
  touch(): void {
    this.used = true
  }

  protected readonly onLost = (): void => {
    this.lost = true
  }
}
