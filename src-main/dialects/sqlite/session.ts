import { AppError } from '../../../shared/errors.ts'
import type { BoundValue, ExecuteResult, Reader, Session, Statement, WritePlan, Writer } from '../dialect.ts'
import type { LaneProcess } from './lane-process.ts'
import { bindNames, toSqlite } from './params.ts'
import type { Prepared, SqlParams } from './protocol.ts'
import { type Query, SqliteReader } from './reader.ts'
import { SqliteWriter } from './writer.ts'

const ROWS_PER_CALL = 1000

/** What a session needs from its database. */
export interface SessionOwner {
  /** Finds the types that no declaration tells, see lane-probe. */
  complete(prepared: Prepared): Promise<Prepared>
  giveBack(lane: LaneProcess, reusable: boolean): Promise<void>
}

export class SqliteSession implements Session {
  private readonly lane: LaneProcess
  private readonly owner: SessionOwner
  private readonly signal: AbortSignal | undefined
  private open = false
  private released = false
  /** Statements may leave traces on the connection (PRAGMA, ATTACH, TEMP); such a lane serves nobody else. */
  private traces = false

  constructor(lane: LaneProcess, owner: SessionOwner, signal: AbortSignal | undefined) {
    this.lane = lane
    this.owner = owner
    this.signal = signal
    signal?.addEventListener('abort', this.stop, { once: true })
  }

  private readonly stop = (): void => {
    void this.lane.kill()
  }

  /** The process that works for this session. */
  get processId(): number {
    return this.lane.pid
  }

  get inTransaction(): boolean {
    return this.open && this.lane.alive
  }

  get standing(): 'idle' | 'open' | 'lost' {
    if (!this.lane.alive) return 'lost'
    return this.open ? 'open' : 'idle'
  }

  async begin(): Promise<void> {
    if (this.open) throw new AppError('RUN_STATE', 'A transaction is already open on this connection.')
    await this.lane.call('transact', { step: 'begin' })
    this.open = true
  }

  async commit(): Promise<void> {
    await this.lane.call('transact', { step: 'commit' })
    this.open = false
  }

  async rollback(): Promise<void> {
    await this.lane.call('transact', { step: 'rollback' })
    this.open = false
  }

  async execute(statement: Statement): Promise<ExecuteResult> {
    const query = toSqlite(statement, true)
    this.note(query.sql)
    const { inTransaction, ...result } = await this.lane.call('execute', query)
    this.open = inTransaction
    return result
  }

  async executeMany(statement: Statement, rows: AsyncIterable<Record<string, BoundValue>>): Promise<number> {
    const { sql } = toSqlite(statement, false)
    this.note(sql)
    const own = !this.inTransaction
    if (own) await this.begin()
    try {
      const changed = await this.sendMany(sql, statement.params ?? {}, rows)
      if (own) await this.commit()
      return changed
    } catch (thrown) {
      if (own && this.lane.alive) await this.rollback()
      throw thrown
    }
  }

  private async sendMany(
    sql: string,
    shared: Record<string, BoundValue>,
    rows: AsyncIterable<Record<string, BoundValue>>,
  ): Promise<number> {
    let changed = 0
    let sent = 0
    let batch: SqlParams[] = []
    const flush = async () => {
      changed += await this.lane.call('many', { sql, rows: batch, before: sent })
      sent += batch.length
      batch = []
    }
    for await (const row of rows) {
      batch.push(bindNames(sql, { ...shared, ...row }, true))
      if (batch.length >= ROWS_PER_CALL) await flush()
    }
    await flush()
    return changed
  }

  read(statement: Statement): Reader {
    const query: Query = toSqlite(statement, true)
    this.note(query.sql)
    return new SqliteReader(this.lane, query, async () => this.owner.complete(await this.lane.call('prepare', query)))
  }

  async write(plan: WritePlan): Promise<Writer> {
    const own = !this.inTransaction
    if (own) await this.begin()
    try {
      const { table, mode, columns, keys, types, maxRejects } = plan
      await this.lane.call('write', { table, mode, columns, keys, types, maxRejects })
      const end = { commit: () => this.commit(), rollback: () => this.rollback() }
      return new SqliteWriter(this.lane, plan, own ? end : undefined)
    } catch (thrown) {
      if (own && this.lane.alive) await this.rollback()
      throw thrown
    }
  }

  async release(): Promise<void> {
    if (this.released) return
    this.released = true
    this.signal?.removeEventListener('abort', this.stop)
    // Rows under way would have to be moved to their end first; a new process is sooner there.
    if (this.lane.occupied) await this.lane.kill()
    if (this.lane.alive && this.open) await this.rollback().catch(() => this.lane.kill())
    await this.owner.giveBack(this.lane, !this.traces)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  private note(sql: string): void {
    this.traces ||= /\b(?:pragma|attach|detach|temp|temporary)\b/i.test(sql)
  }
}
