import { AppError } from '../../../shared/errors.ts'
import type { Pool } from './connect.ts'
import { type ErrorContext, mapError } from './errors.ts'
import { IN_READ_ONLY_TRANSACTION, IN_TRANSACTION, type Ok } from './packets.ts'
import { PendingTables } from './pending.ts'
import { ConnectionEnded, type MyClient } from './protocol.ts'
import { resetConnection } from './results.ts'
import { readTexts } from './texts.ts'
import { type Abilities, abilitiesOf } from './types.ts'

/**
 * What every session starts from, whatever the server or the user has set: strict about values, backslashes escape, zero is no
 * call for a new number, time stands in UTC, and a slow other end of a pipeline is no reason to hang up.
 */
export const settings = [
  'set names utf8mb4',
  "time_zone = '+00:00'",
  "sql_mode = concat_ws(',', replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')",
  'autocommit = 1',
  'sql_notes = 0',
  'net_write_timeout = 86400',
  'net_read_timeout = 86400',
  'wait_timeout = 86400',
].join(', ')

const READ_ONLY_SESSION = 'set session transaction read only'
const READ_ONLY_BEGIN = 'start transaction read only'
/** How long a cancelled statement may take to end before its connection is cut. */
const CANCEL_GRACE = 700

/** One server connection, exclusively. One thing runs on it at a time. */
export class Link implements AsyncDisposable {
  readonly client: MyClient
  readonly server: Abilities
  /** Tables that take the place of others when the transaction commits. */
  readonly pending: PendingTables
  readonly readOnly: boolean
  private readonly pool: Pool
  private readonly signal: AbortSignal | undefined
  private current: Promise<unknown> | undefined
  /** Whether the server takes LOAD DATA LOCAL, as far as is known. */
  takesFiles = true
  private explicit = false
  private status = 0
  private released = false
  private lost = false
  private used = false
  private stopping: Promise<void> | undefined
  private onStop: (() => void) | undefined

  constructor(pool: Pool, client: MyClient, readOnly: boolean, signal?: AbortSignal) {
    this.pool = pool
    this.client = client
    this.server = abilitiesOf(client.serverVersion)
    this.pending = new PendingTables()
    this.readOnly = readOnly
    this.signal = signal
    client.stream.once('close', this.onLost)
    signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  /** Puts the connection into the state that everything here counts on; gives it back when that fails. */
  async prepare(): Promise<void> {
    try {
      await this.script(settings)
      if (this.readOnly) await this.script(READ_ONLY_SESSION)
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
    return (this.status & IN_TRANSACTION) !== 0
  }

  get standing(): 'idle' | 'open' | 'lost' {
    if (this.lost) return 'lost'
    return this.transactionOpen ? 'open' : 'idle'
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

  async begin(): Promise<void> {
    if (this.explicit) throw new AppError('RUN_STATE', 'The session is already in a transaction.')
    await this.script(this.readOnly ? READ_ONLY_BEGIN : 'start transaction')
    this.explicit = true
  }

  async commit(): Promise<void> {
    this.requireTransaction()
    this.explicit = false
    try {
      // Renaming commits by itself, so nothing can come between the rows and the tables that they make.
      await this.script(this.readOnly ? 'rollback' : (this.pending.swapSql() ?? 'commit'), { during: 'committing' })
    } catch (error) {
      await this.clean()
      throw commitError(error)
    }
    this.pending.swapped()
    await this.clean()
  }

  async rollback(): Promise<void> {
    this.requireTransaction()
    this.explicit = false
    await this.script('rollback')
    await this.clean()
  }

  /** Drops tables that only helped, once no transaction is open. */
  private async clean(): Promise<void> {
    const sql = this.pending.dropSql()
    if (!sql || this.lost || this.aborted) return
    await this.script(sql).then(
      () => this.pending.dropped(),
      () => undefined,
    )
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

  /**
   * Called after each user statement. In a read-only session none may have ended our transaction; elsewhere, after one that
   * commits by itself, what follows is a transaction again.
   */
  async checkTransaction(): Promise<void> {
    if (this.readOnly && (this.status & IN_READ_ONLY_TRANSACTION) === 0) {
      this.explicit = false
      await this.quietly('rollback')
      throw new AppError(
        'QUERY_READ_ONLY',
        'A statement on a read-only connection may not begin or end a transaction.',
        {
          hint: 'Leave transactions to the session.',
        },
      )
    }
    if (this.explicit && !this.readOnly && !this.transactionOpen) await this.script('start transaction')
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
    await this.cancel()
    await current
    // The signal may come after the statement had ended by itself: let it hit this instead of what follows.
    if (!this.lost) await readTexts(this.client, 'do 0').catch(() => undefined)
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
      await this.cancel()
    }
    await this.current
    if (!this.lost && !this.aborted && this.transactionOpen) await this.quietly('rollback')
    await this.clean()
    await this.dropAside()
    // Whatever a user's statement left behind (settings, temporary tables, locks) must not reach the next session.
    if (!this.lost && !this.aborted && this.used) await resetConnection(this.client).catch(() => this.markLost())
    this.released = true
    this.explicit = false
    this.client.stream.off('close', this.onLost)
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

  /** Asks the server, over a connection of its own, to end the statement that runs. Never rejects. */
  async cancel(): Promise<void> {
    await this.kill('query')
  }

  private async kill(what: 'query' | 'connection'): Promise<void> {
    const sql = `kill ${what} ${this.client.threadId}`
    await this.pool.aside((client) => readTexts(client, sql)).catch(() => undefined)
  }

  /** Ends what runs, rolls back, and leaves nothing at the server. */
  private async stop(): Promise<void> {
    const { stream } = this.client
    if (this.current) {
      this.onStop?.()
      const ended = this.current.then(() => true)
      await this.cancel()
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), CANCEL_GRACE).unref())
      if (!(await Promise.race([ended, late]))) {
        await this.kill('connection')
        stream.destroy()
        return
      }
    }
    this.explicit = false
    if (!this.lost) await this.undo().catch(() => stream.destroy())
  }

  private async undo(): Promise<void> {
    // The signal may come after the statement had ended by itself: let it hit this instead of what follows.
    await readTexts(this.client, 'do 0').catch(() => undefined)
    await readTexts(this.client, 'rollback')
    const sql = this.pending.dropSql()
    if (sql) await readTexts(this.client, sql)
    this.pending.dropped()
  }

  /** Drops tables of a connection that is gone; what cannot be dropped now, a later load will find. */
  private async dropAside(): Promise<void> {
    const sql = this.pending.dropSql()
    if (!sql) return
    await this.pool
      .aside(async (client) => {
        await readTexts(client, 'set lock_wait_timeout = 2')
        await readTexts(client, sql)
      })
      .catch(() => undefined)
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
