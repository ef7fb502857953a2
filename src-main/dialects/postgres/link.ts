import { AppError } from '../../../shared/errors.ts'
import type { Notice } from '../dialect.ts'
import { commitError } from '../server/errors.ts'
import { ServerLink } from '../server/link.ts'
import { cancelRequest } from './cancel.ts'
import type { Pool } from './connect.ts'
import { type ErrorContext, mapError } from './errors.ts'
import { bound, exchange, type PgClient, simple } from './protocol.ts'
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

/** As the driver tells it. */
interface ServerNotice {
  severity: string
  message: string
  hint?: string
}

/** One server connection, exclusively. */
export class Link extends ServerLink<PgClient, ErrorContext> {
  readonly types: TypeMap
  private onNotice: ((notice: ServerNotice) => void) | undefined
  // Once its first query has run, the server refuses to make a READ ONLY transaction writable.
  protected readonly beginSql = { writing: 'begin', readOnly: 'begin transaction read only; select 1' }

  constructor(pool: Pool, client: PgClient, types: TypeMap, readOnly: boolean, signal?: AbortSignal) {
    super(pool, client, readOnly, signal)
    this.types = types
    client.connection.once('end', this.onLost)
  }

  protected async setUp(): Promise<void> {
    await this.script(`${settings};set default_transaction_read_only to ${this.readOnly ? 'on' : 'default'}`)
  }

  get transactionOpen(): boolean {
    return this.client.getTransactionStatus() !== 'I'
  }

  get standing(): 'idle' | 'open' | 'broken' | 'lost' {
    if (this.lost) return 'lost'
    const status = this.client.getTransactionStatus()
    return status === 'E' ? 'broken' : status === 'I' ? 'idle' : 'open'
  }

  /** One statement of our own, values bound, rows as text. */
  query(sql: string, values: (string | null)[] = []): Promise<(string | null)[][]> {
    return this.run(() => bound(this.client, sql, values))
  }

  /** Statements of our own without values, in one message. */
  script(sql: string, context?: ErrorContext): Promise<(string | null)[][]> {
    return this.run(() => simple(this.client, sql), context)
  }

  async commit(): Promise<void> {
    this.requireTransaction()
    this.explicit = false
    const failed = this.client.getTransactionStatus() === 'E'
    try {
      await this.script(this.readOnly ? 'rollback' : 'commit', { during: 'committing' })
    } catch (error) {
      throw commitError(mapError(error))
    }
    if (failed)
      throw new AppError('QUERY_FAILED', 'The transaction was rolled back: a statement in it had failed.', {
        hint: 'See the error of that statement.',
      })
  }

  /** The savepoint brings back which constraints are deferred. */
  async checkDeferred(): Promise<void> {
    await this.script('savepoint sluice_check')
    await this.script('set constraints all immediate')
    await this.script('rollback to sluice_check; release sluice_check')
  }

  /** Called with the command tag of each user statement: in a read-only session none may end our transaction. */
  async checkTag(tag: string): Promise<void> {
    if (this.readOnly && /^(COMMIT|ROLLBACK|BEGIN|START|PREPARE TRANSACTION)/.test(tag)) await this.escaped()
  }

  cancel(): Promise<void> {
    return cancelRequest(this.client)
  }

  protected async absorb(): Promise<void> {
    await this.send('select 1').catch(() => undefined)
  }

  protected async undo(): Promise<void> {
    if (this.transactionOpen) await this.send('rollback')
  }

  protected async reset(): Promise<void> {
    await this.script('discard all')
  }

  /** A statement whose answer nobody needs, also after Stop. */
  private async send(sql: string): Promise<void> {
    await exchange(this.client, (connection) => connection.query(sql))
  }

  protected mapError(thrown: unknown, context?: ErrorContext): AppError {
    return mapError(thrown, context)
  }

  protected hangUp(): void {
    this.client.connection.stream.destroy()
  }

  async hear(listener: (notice: Notice) => void): Promise<void> {
    this.onNotice = ({ severity, message, hint }) =>
      listener({ severity: severity === 'WARNING' ? 'warning' : 'info', message, ...(hint && { hint }) })
    this.client.connection.on('notice', this.onNotice)
    await this.script('set client_min_messages to notice')
  }

  protected deafen(): void {
    this.client.connection.off('end', this.onLost)
    if (this.onNotice) this.client.connection.off('notice', this.onNotice)
  }
}
