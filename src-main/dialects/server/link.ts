import { AppError } from '../../../shared/errors.ts'
import { cancelled } from './errors.ts'
import { type Context, type Lender, ServerLine } from './line.ts'

/** How long a cancelled statement may take to end before its connection is cut. */
const CANCEL_GRACE = 700

/** One server connection, exclusively: its transaction, and how what runs on it ends. One thing runs on it at a time. */
export abstract class ServerLink<Client extends object, Ctx extends Context>
  extends ServerLine<Client, Ctx>
  implements AsyncDisposable
{
  readonly readOnly: boolean
  /** A transaction was begun by `begin`. */
  protected explicit = false
  private stopping: Promise<void> | undefined

  constructor(pool: Lender<Client>, client: Client, readOnly: boolean, signal: AbortSignal | undefined) {
    super(pool, client, signal)
    this.readOnly = readOnly
    signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  /** Whether a transaction is open at the server, also one that a user's statement began. */
  abstract get transactionOpen(): boolean

  protected abstract readonly beginSql: { writing: string; readOnly: string }

  /** Puts the connection into the state that everything here counts on. */
  protected abstract setUp(): Promise<void>

  /** Asks the server to end the statement that runs. Never rejects. */
  abstract cancel(): Promise<void>

  /** Sends something of no consequence: a cancel that comes after its statement had ended hits this instead of what follows. */
  protected abstract absorb(): Promise<void>

  /** Rolls back after Stop, and leaves nothing at the server. */
  protected abstract undo(): Promise<void>

  /** Clears what user's statements left behind: settings, temporary tables, locks. */
  protected abstract reset(): Promise<void>

  protected abstract hangUp(): void

  /** Listens to the connection no more. */
  protected abstract deafen(): void

  /** Drops what only helped, when the session ends. */
  protected async tidy(): Promise<void> {}

  /** Ends a connection whose statement does not end when it is told to. */
  protected async cut(): Promise<void> {
    this.hangUp()
  }

  /** Makes the connection ready for use; gives it back when that fails. */
  async prepare(): Promise<void> {
    try {
      await this.setUp()
    } catch (error) {
      await this.release()
      throw error
    }
  }

  get inTransaction(): boolean {
    return this.explicit
  }

  async begin(): Promise<void> {
    if (this.explicit) throw new AppError('RUN_STATE', 'The session is already in a transaction.')
    await this.script(this.readOnly ? this.beginSql.readOnly : this.beginSql.writing)
    this.explicit = true
  }

  async rollback(): Promise<void> {
    this.requireTransaction()
    this.explicit = false
    await this.script('rollback')
  }

  protected requireTransaction(): void {
    if (this.aborted) throw cancelled()
    if (!this.explicit) throw new AppError('RUN_STATE', 'The session is not in a transaction.')
  }

  /**
   * Runs a user's statement. In a read-only session it always runs inside a transaction begun READ ONLY, which nothing that
   * the statement sets outlives.
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
    if (this.readOnly && !this.explicit) await this.script(this.beginSql.readOnly)
  }

  async leave(): Promise<void> {
    if (this.readOnly && !this.explicit) await this.quietly('rollback')
  }

  /** A user's statement has begun or ended the transaction of a read-only session. */
  protected async escaped(): Promise<never> {
    this.explicit = false
    await this.quietly('rollback')
    throw new AppError('QUERY_READ_ONLY', 'A statement on a read-only connection may not begin or end a transaction.', {
      hint: 'Leave transactions to the session.',
    })
  }

  /** Asks the server to end what runs; resolves when it has. */
  async interrupt(): Promise<void> {
    const { current } = this
    if (!current || this.lost) return
    this.onStop?.()
    await this.cancel()
    await current
    if (!this.lost) await this.absorb()
  }

  /** Ends rows that are not wanted to their end. */
  async abandon(rows: { discard(): void; finished: Promise<unknown> }): Promise<void> {
    rows.discard()
    await Promise.all([this.cancel(), rows.finished])
    await this.absorb()
  }

  async release(): Promise<void> {
    if (this.released) return
    this.signal?.removeEventListener('abort', this.onAbort)
    await this.stopping
    // Rows that nobody pulls or feeds any more would never end by themselves.
    const abandoned = this.current !== undefined && this.onStop !== undefined
    if (abandoned) {
      this.onStop?.()
      await this.cancel()
    }
    await this.current
    if (this.usable && this.transactionOpen) await this.quietly('rollback')
    await this.tidy()
    if (this.usable && this.used) await this.reset().catch(this.onLost)
    this.released = true
    this.explicit = false
    this.deafen()
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

  /** Ends what runs and rolls back. */
  private async stop(): Promise<void> {
    if (this.current) {
      this.onStop?.()
      const ended = this.current.then(() => true)
      await this.cancel()
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), CANCEL_GRACE).unref())
      if (!(await Promise.race([ended, late]))) return this.cut()
    }
    this.explicit = false
    if (!this.lost) await this.undo().catch(() => this.hangUp())
  }
}
