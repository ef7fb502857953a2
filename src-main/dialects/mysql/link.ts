import { AppError } from '../../../shared/errors.ts'
import type { Notice } from '../dialect.ts'
import { cancelled, commitError } from '../server/errors.ts'
import { ServerLink } from '../server/link.ts'
import type { Pool } from './connect.ts'
import { type ErrorContext, mapError, serverError } from './errors.ts'
import { IN_READ_ONLY_TRANSACTION, IN_TRANSACTION, type Ok } from './packets.ts'
import { PendingTables } from './pending.ts'
import type { MyClient } from './protocol.ts'
import { resetConnection } from './results.ts'
import { settings } from './settings.ts'
import { readTexts } from './texts.ts'
import { type Abilities, abilitiesOf } from './types.ts'

/** What a new table is refused with whose name is taken when it is to get it. */
const TABLE_EXISTS = 1050

/** A transaction that is ended by a statement of the user's is over; one that others end goes on in a new one. */
const ending = /^\s*(commit|rollback)\b(?!\s+(?:work\s+)?to\b)/i

/** One server connection, exclusively. */
export class Link extends ServerLink<MyClient, ErrorContext> {
  readonly server: Abilities
  /** Whether the server takes LOAD DATA LOCAL, as far as is known. */
  takesFiles = true
  /** Tables that take the place of others when the transaction commits. */
  readonly pending = new PendingTables()
  protected readonly beginSql = { writing: 'start transaction', readOnly: 'start transaction read only' }
  declare protected readonly pool: Pool
  /** Flags that the server sent with the end of the last statement. */
  private status = 0
  /** Warnings that it had, which stay at the server until the next. */
  private warnings = 0
  private onWarning: ((notice: Notice) => void) | undefined
  /** The server has undone the transaction, as it does to end a deadlock; what follows would stand for itself. */
  private broken = false

  constructor(pool: Pool, client: MyClient, readOnly: boolean, signal?: AbortSignal) {
    super(pool, client, readOnly, signal)
    this.server = abilitiesOf(client.serverVersion)
    client.stream.once('close', this.onLost)
    client.stream.once('end', this.onEnd)
  }

  protected async setUp(): Promise<void> {
    await this.script(settings)
    if (this.readOnly) await this.script('set session transaction read only')
  }

  get transactionOpen(): boolean {
    return (this.status & IN_TRANSACTION) !== 0
  }

  get standing(): 'idle' | 'open' | 'broken' | 'lost' {
    if (this.lost) return 'lost'
    if (this.broken) return 'broken'
    return this.transactionOpen ? 'open' : 'idle'
  }

  override async run<T>(work: () => Promise<T>, context?: ErrorContext): Promise<T> {
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

  override ready(context?: ErrorContext): void {
    super.ready(context)
    if (this.broken) throw undone()
  }

  script(sql: string, context?: ErrorContext): Promise<(string | null)[][]> {
    return this.run(() => readTexts(this.client, sql, this.note), context)
  }

  /** One statement of our own that changes rows; how many it found to change. */
  async change(sql: string, context?: ErrorContext): Promise<number> {
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
    this.warnings = ok.warnings
  }

  async hear(listener: (notice: Notice) => void): Promise<void> {
    this.onWarning = listener
    await this.script('set sql_notes = 1')
  }

  /** Only asks when there are some: it is a round trip. */
  private async tellWarnings(): Promise<void> {
    if (!this.onWarning || this.warnings === 0) return
    const told = await this.script('show warnings').catch(() => [])
    for (const [level, , message] of told) {
      this.onWarning({ severity: level === 'Note' ? 'info' : 'warning', message: message ?? '' })
    }
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
      const mapped = mapError(error)
      throw serverError(mapped.cause)?.number === TABLE_EXISTS ? madeMeanwhile(mapped) : commitError(mapped)
    }
    this.pending.swapped()
    await this.clean()
  }

  override async rollback(): Promise<void> {
    this.requireTransaction()
    this.broken = false
    await super.rollback()
    await this.clean()
  }

  /**
   * Called after each user statement. Its warnings are told. In a read-only session none may have ended our transaction; elsewhere, after one that
   * commits by itself, what follows is a transaction again.
   */
  async afterStatement(sql = ''): Promise<void> {
    await this.tellWarnings()
    if (!this.readOnly && !this.transactionOpen && ending.test(sql)) this.explicit = false
    if (this.readOnly && (this.status & IN_READ_ONLY_TRANSACTION) === 0) await this.escaped()
    if (this.explicit && !this.readOnly && !this.transactionOpen) await this.script('start transaction')
  }

  async cancel(): Promise<void> {
    await this.kill('query')
  }

  private async kill(what: 'query' | 'connection'): Promise<void> {
    const sql = `kill ${what} ${this.client.threadId}`
    await this.pool.aside((client) => readTexts(client, sql)).catch(() => undefined)
  }

  protected async absorb(): Promise<void> {
    await readTexts(this.client, 'do 0').catch(() => undefined)
  }

  protected override async cut(): Promise<void> {
    await this.kill('connection')
    this.hangUp()
  }

  protected async undo(): Promise<void> {
    await this.absorb()
    await readTexts(this.client, 'rollback')
    const sql = this.pending.dropSql()
    if (sql) await readTexts(this.client, sql)
    this.pending.dropped()
  }

  protected reset(): Promise<void> {
    return resetConnection(this.client)
  }

  protected override async tidy(): Promise<void> {
    await this.clean()
    await this.dropAside()
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

  protected mapError(thrown: unknown, context?: ErrorContext): AppError {
    return mapError(thrown, context)
  }

  protected hangUp(): void {
    this.client.stream.destroy()
  }

  /** The server has hung up. What is still to be sent would wait for it until the network gives up. */
  private readonly onEnd = (): void => {
    this.hangUp()
  }

  protected deafen(): void {
    this.client.stream.off('close', this.onLost)
    this.client.stream.off('end', this.onEnd)
  }
}

function madeMeanwhile(error: AppError): AppError {
  return new AppError('QUERY_CONFLICT', `Something else has made the table meanwhile: ${error.message}`, {
    hint: 'Nothing was loaded. Run again, or let the node be tried again: it then finds the table.',
    retryable: true,
    cause: error,
  })
}

function undone(): AppError {
  return new AppError('QUERY_FAILED', 'The transaction was rolled back: a statement in it had failed.', {
    hint: 'See the error of that statement, and roll back before the next.',
  })
}
