import { AppError } from '../../../shared/errors.ts'
import type { Pool } from './connect.ts'
import { type ErrorContext, mapError } from './errors.ts'
import { cancelled, Line } from './line.ts'
import { IN_READ_ONLY_TRANSACTION } from './packets.ts'
import { PendingTables } from './pending.ts'
import type { MyClient } from './protocol.ts'
import { resetConnection } from './results.ts'
import { settings } from './settings.ts'
import { readTexts } from './texts.ts'

const READ_ONLY_SESSION = 'set session transaction read only'
const READ_ONLY_BEGIN = 'start transaction read only'
/** How long a cancelled statement may take to end before its connection is cut. */
const CANCEL_GRACE = 700

/** One server connection, exclusively. One thing runs on it at a time. */
export class Link extends Line implements AsyncDisposable {
  /** Tables that take the place of others when the transaction commits. */
  readonly pending: PendingTables
  readonly readOnly: boolean
  private explicit = false
  /** The server has undone the transaction, as it does to end a deadlock; what follows would stand for itself. */
  private broken = false
  private stopping: Promise<void> | undefined

  constructor(pool: Pool, client: MyClient, readOnly: boolean, signal?: AbortSignal) {
    super(pool, client, signal)
    this.pending = new PendingTables()
    this.readOnly = readOnly
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

  get standing(): 'idle' | 'open' | 'broken' | 'lost' {
    if (this.lost) return 'lost'
    if (this.broken) return 'broken'
    return this.transactionOpen ? 'open' : 'idle'
  }

  override async run<T>(work: () => Promise<T>, context: ErrorContext = {}): Promise<T> {
    try {
      return await super.run(work, context)
    } catch (error) {
      await this.afterFailure()
      throw error
    }
  }

  /** Called after a statement failed: the server may have undone more than the statement. */
  async afterFailure(): Promise<void> {
    if (!this.explicit || this.broken || !this.usable || this.current) return
    await readTexts(this.client, 'do 0', this.note).catch(() => undefined)
    this.broken = !this.transactionOpen
  }

  override ready(context: ErrorContext = {}): void {
    super.ready(context)
    if (this.broken) throw undone()
  }

  async begin(): Promise<void> {
    if (this.explicit) throw new AppError('RUN_STATE', 'The session is already in a transaction.')
    await this.script(this.readOnly ? READ_ONLY_BEGIN : 'start transaction')
    this.explicit = true
  }

  async commit(): Promise<void> {
    this.requireTransaction()
    if (this.broken) {
      await this.rollback()
      throw undone()
    }
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
    this.broken = false
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
   * Runs a user's statement. In a read-only session it always runs inside a transaction begun READ ONLY, which no statement can
   * make writable without ending it; those that could are not even sent (see refuseEscape).
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

  async release(): Promise<void> {
    if (this.released) return
    this.signal?.removeEventListener('abort', this.onAbort)
    await this.stopping
    // Rows that nobody pulls or feeds any more would never end by itself.
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
    if (!this.lost && !this.aborted && this.used) await resetConnection(this.client).catch(this.onLost)
    this.released = true
    this.explicit = false
    this.client.stream.off('close', this.onLost)
    this.client.stream.off('end', this.onEnd)
    // A late cancel must not hit the next user of the connection either.
    if (this.lost || this.aborted || abandoned) await this.pool.destroy(this.client)
    else await this.pool.release(this.client)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release()
  }

  private readonly onAbort = (): void => {
    this.stopping = this.stop()
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

function undone(): AppError {
  return new AppError('QUERY_FAILED', 'The transaction was rolled back: a statement in it had failed.', {
    hint: 'See the error of that statement, and roll back before the next.',
  })
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
