import { AppError } from '../../../shared/errors.ts'
import { cancelRequest } from './cancel.ts'
import type { Pool } from './connect.ts'
import { type ErrorContext, mapError } from './errors.ts'
import { bound, ConnectionEnded, exchange, type PgClient, simple } from './protocol.ts'
import type { TypeMap } from './types.ts'

/** What every session starts from, whatever the server, the role or the database set. */
const settings = [
  "set client_encoding to 'UTF8'",
  "set timezone to 'UTC'",
  "set datestyle to 'ISO, MDY'",
  "set intervalstyle to 'postgres'",
  "set bytea_output to 'hex'",
  'set extra_float_digits to 1',
  'set standard_conforming_strings to on',
  'set client_min_messages to warning',
].join(';')

const READ_ONLY_BEGIN = 'begin transaction read only; select 1'
/** How long a cancelled statement may take to end before its connection is cut. */
const CANCEL_GRACE = 700

/** One server connection, exclusively. One thing runs on it at a time. */
export class Link implements AsyncDisposable {
  readonly client: PgClient
  readonly types: TypeMap
  readonly readOnly: boolean
  private readonly pool: Pool
  private readonly signal: AbortSignal | undefined
  private current: Promise<unknown> | undefined
  private explicit = false
  private released = false
  private lost = false
  private used = false
  private stopping: Promise<void> | undefined
  private onStop: (() => void) | undefined

  constructor(pool: Pool, client: PgClient, types: TypeMap, readOnly: boolean, signal?: AbortSignal) {
    this.pool = pool
    this.client = client
    this.types = types
    this.readOnly = readOnly
    this.signal = signal
    client.connection.once('end', this.onLost)
    signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  /** Puts the connection into the state that everything here counts on; gives it back when that fails. */
  async prepare(): Promise<void> {
    const guard = `set default_transaction_read_only to ${this.readOnly ? 'on' : 'default'}`
    try {
      await this.script(`${settings};${guard}`)
    } catch (error) {
      await this.release()
      throw error
    }
  }

  get inTransaction(): boolean {
    return this.explicit
  }

  /** Whether a transaction is open at the server, also one that a user's statement began. */
  get transactionOpen(): boolean {
    return this.client.getTransactionStatus() !== 'I'
  }

  get standing(): 'idle' | 'open' | 'broken' | 'lost' {
    if (this.lost) return 'lost'
    const status = this.client.getTransactionStatus()
    return status === 'E' ? 'broken' : status === 'I' ? 'idle' : 'open'
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

  /** One statement of our own, values bound, rows as text. */
  query(sql: string, values: (string | null)[] = []): Promise<(string | null)[][]> {
    return this.run(() => bound(this.client, sql, values))
  }

  /** Statements of our own without values, in one message. */
  script(sql: string, context: ErrorContext = {}): Promise<(string | null)[][]> {
    return this.run(() => simple(this.client, sql), context)
  }

  async begin(): Promise<void> {
    if (this.explicit) throw new AppError('RUN_STATE', 'The session is already in a transaction.')
    await this.script(this.readOnly ? READ_ONLY_BEGIN : 'begin')
    this.explicit = true
  }

  async commit(): Promise<void> {
    this.requireTransaction()
    this.explicit = false
    const failed = this.client.getTransactionStatus() === 'E'
    try {
      await this.script(this.readOnly ? 'rollback' : 'commit', { during: 'committing' })
    } catch (error) {
      throw commitError(error)
    }
    if (failed)
      throw new AppError('QUERY_FAILED', 'The transaction was rolled back: a statement in it had failed.', {
        hint: 'See the error of that statement.',
      })
  }

  async rollback(): Promise<void> {
    this.requireTransaction()
    this.explicit = false
    await this.script('rollback')
  }

  private requireTransaction(): void {
    if (this.aborted) throw cancelled()
    if (!this.explicit) throw new AppError('RUN_STATE', 'The session is not in a transaction.')
  }

  /**
   * Runs a user's statement. In a read-only session it always runs inside a transaction begun READ ONLY whose first
   * query has already run, which the server then refuses to make writable; nothing the statement sets outlives it.
   */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    await this.enter()
    try {
      return await work()
    } finally {
      await this.leave()
    }
  }

  async enter(): Promise<void> {
    this.used = true
    if (this.readOnly && !this.explicit) await this.script(READ_ONLY_BEGIN)
  }

  async leave(): Promise<void> {
    if (this.readOnly && !this.explicit) await this.quietly('rollback')
  }

  /** Called with the command tag of each user statement: in a read-only session none may end our transaction. */
  async checkTag(tag: string): Promise<void> {
    if (!this.readOnly || !/^(COMMIT|ROLLBACK|BEGIN|START|PREPARE TRANSACTION)/.test(tag)) return
    this.explicit = false
    await this.quietly('rollback')
    throw new AppError('QUERY_READ_ONLY', 'A statement on a read-only connection may not begin or end a transaction.', {
      hint: 'Leave transactions to the session.',
    })
  }

  /** Notes that a user's statement ran, so that what it left behind is cleared on release. */
  touch(): void {
    this.used = true
  }

  /** Asks the server to end what runs; resolves when it has. */
  async interrupt(): Promise<void> {
    const { current } = this
    if (!current || this.lost) return
    this.onStop?.()
    await cancelRequest(this.client)
    await current
    // The signal may come after the statement had ended by itself: let it hit this instead of what follows.
    if (!this.lost) await exchange(this.client, (to) => to.query('select 1')).catch(() => undefined)
  }

  /** For tidying up after something else has already failed. */
  async quietly(sql: string): Promise<void> {
    if (!this.lost && !this.aborted) await this.script(sql).catch(() => undefined)
  }

  async release(): Promise<void> {
    if (this.released) return
    this.signal?.removeEventListener('abort', this.onAbort)
    await this.stopping
    // A COPY that nobody pulls or feeds any more would never end by itself.
    const abandoned = this.current !== undefined && this.onStop !== undefined
    if (abandoned) {
      this.onStop?.()
      await cancelRequest(this.client)
    }
    await this.current
    if (!this.lost && !this.aborted && this.transactionOpen) await this.quietly('rollback')
    // Whatever a user's statement left behind (settings, temporary tables, locks) must not reach the next session.
    if (!this.lost && !this.aborted && this.used) await this.script('discard all').catch(() => this.markLost())
    this.released = true
    this.explicit = false
    this.client.connection.off('end', this.onLost)
    // A late cancel must not hit the next user of the connection either.
    if (this.lost || this.aborted || abandoned) await this.pool.destroy(this.client)
    else await this.pool.release(this.client)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release()
  }

  private markLost(): void {
    this.lost = true
  }

  private readonly onLost = (): void => {
    this.lost = true
  }

  private readonly onAbort = (): void => {
    this.stopping = this.stop()
  }

  /** Ends what runs, rolls back, and leaves nothing at the server. */
  private async stop(): Promise<void> {
    const { connection } = this.client
    if (this.current) {
      this.onStop?.()
      const ended = this.current.then(() => true)
      await cancelRequest(this.client)
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), CANCEL_GRACE).unref())
      if (!(await Promise.race([ended, late]))) {
        connection.stream.destroy()
        return
      }
    }
    this.explicit = false
    if (!this.lost && this.transactionOpen)
      await exchange(this.client, (to) => to.query('rollback')).catch(() => connection.stream.destroy())
  }
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('RUN_CANCELLED', 'The run was stopped.', { cause })
}

function commitError(error: unknown): AppError {
  const mapped = mapError(error)
  if (mapped.code !== 'CONNECTION_LOST') return mapped
  return new AppError(
    'CONNECTION_LOST',
    'The connection was lost while the transaction was being committed; the database may or may not have kept it.',
    { hint: 'Look at the target before running again.', retryable: false, cause: error },
  )
}
