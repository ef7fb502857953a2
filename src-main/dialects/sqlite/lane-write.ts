import type { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import type { Column } from '../../../shared/data/types.ts'
import { encodeRow } from '../../../shared/data/wire.ts'
import { type Field, WireReader } from '../../../shared/data/wire-reader.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WriteResult } from '../dialect.ts'
import { mapError } from './errors.ts'
import type { LaneWritePlan, SqlValue } from './protocol.ts'
import { prepareTarget, type Target } from './write-target.ts'

interface WriteEvents {
  reject(row: string, reason: string): void
  /** Told once, as soon as the write cannot succeed any more; what still arrives is read and dropped. */
  failed(error: AppError): void
}

/** Takes wire bytes from a stream and puts the rows into a table, inside the transaction that is open. */
export class LaneWriter {
  private readonly database: DatabaseSync
  private readonly plan: LaneWritePlan
  private readonly input: Readable
  private readonly events: WriteEvents
  private readonly counts: WriteResult = { received: 0, inserted: 0, updated: 0, deleted: 0, rejected: 0 }
  private readonly target: Target
  private readonly reader = new WireReader()
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  private received = 0
  private failure: AppError | undefined
  private wake: (() => void) | undefined

  constructor(database: DatabaseSync, plan: LaneWritePlan, input: Readable, events: WriteEvents) {
    this.database = database
    this.plan = plan
    this.input = input
    this.events = events
    this.target = prepareTarget(database, plan, this.counts)
    input.on('data', this.take)
    input.resume()
  }

  /** Ends the write when `bytes` have arrived in all. */
  async finish(bytes: number): Promise<WriteResult> {
    await this.drain(bytes)
    if (this.failure === undefined) this.attempt(() => this.reader.end())
    if (this.failure !== undefined) throw this.failure
    this.target.close()
    return this.counts
  }

  /** Reads and drops what was sent, so that the next write starts clean. */
  async abort(bytes: number): Promise<null> {
    this.failure ??= new AppError('RUN_CANCELLED', 'The write was given up.')
    await this.drain(bytes)
    return null
  }

  private async drain(bytes: number): Promise<void> {
    while (this.received < bytes) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    this.input.off('data', this.take)
    this.input.pause()
  }

  private readonly take = (piece: Uint8Array): void => {
    this.received += piece.length
    if (this.failure === undefined) this.attempt(() => this.addAll(piece))
    this.wake?.()
  }

  private attempt(step: () => void): void {
    try {
      step()
    } catch (thrown) {
      this.failure = mapError(thrown)
      this.events.failed(this.failure)
    }
  }

  private addAll(piece: Uint8Array): void {
    for (const fields of this.reader.push(this.decoder.decode(piece, { stream: true }))) this.add(fields)
  }

  private add(fields: Field[]): void {
    this.counts.received++
    try {
      this.target.apply(this.values(fields))
    } catch (thrown) {
      this.refused(fields, mapError(thrown))
    }
  }

  private values(fields: Field[]): SqlValue[] {
    const { binders } = this.target
    if (fields.length !== binders.length) {
      throw new AppError(
        'DATA_TYPE',
        `the row has ${fields.length} fields where ${binders.length} columns were announced.`,
      )
    }
    const values: SqlValue[] = new Array(fields.length)
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]
      const bind = binders[index]
      values[index] = field === null || field === undefined || bind === undefined ? null : bind(field)
    }
    return values
  }

  /** SQLite undoes the refused statement alone, so the rows before it stay in the transaction. */
  private refused(fields: Field[], error: AppError): void {
    const { maxRejects, table } = this.plan
    const rowError = new AppError(error.code, `Row ${this.counts.received} for table ${table.name}: ${error.message}`, {
      hint: error.hint,
      retryable: error.retryable,
      sqlState: error.sqlState,
      cause: error,
    })
    const ofTheRow = error.code.startsWith('DATA_') && this.database.isTransaction
    if (maxRejects === 0 || !ofTheRow) throw rowError
    if (this.counts.rejected >= maxRejects) {
      throw new AppError(
        'DATA_REJECTS',
        `More than ${maxRejects} rows were refused by table ${table.name}. The last: ${rowError.message}`,
        {
          hint: 'Look at the rejected rows, correct the data, or raise the maximum.',
          cause: rowError,
        },
      )
    }
    this.counts.rejected++
    this.events.reject(encodeRow(fields, this.plan.columns.map(asText)), error.message)
  }
}

const asText = (column: Column): Column => ({ name: column.name, type: { kind: 'text' } })
