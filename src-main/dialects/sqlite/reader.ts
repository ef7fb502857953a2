import type { Column } from '../../../shared/data/types.ts'
import { encodeRow, type Row, type WireFormat } from '../../../shared/data/wire.ts'
import { typedBatches } from '../../../shared/data/wire-reader.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Reader } from '../dialect.ts'
import type { LaneProcess } from './lane-process.ts'
import type { Prepared, SqlParams } from './protocol.ts'

export interface Query {
  sql: string
  params: SqlParams
}

export class SqliteReader implements Reader {
  private readonly lane: LaneProcess
  private readonly query: Query
  private readonly prepare: () => Promise<Prepared>
  private prepared: Promise<Prepared> | undefined
  private pulled = false
  rowsRead = 0

  constructor(lane: LaneProcess, query: Query, prepare: () => Promise<Prepared>) {
    this.lane = lane
    this.query = query
    this.prepare = prepare
  }

  async columns(): Promise<Column[]> {
    this.prepared ??= this.prepare()
    return (await this.prepared).columns
  }

  async *bytes(_format: WireFormat): AsyncGenerator<Uint8Array> {
    if (this.pulled) throw new AppError('RUN_STATE', 'The rows of this query were already pulled.')
    this.pulled = true
    this.prepared ??= this.prepare()
    const { columns, direct, wrappable } = await this.prepared
    if (!wrappable) {
      yield* this.encoded()
      return
    }
    this.lane.events.rows = (count) => {
      this.rowsRead = count
    }
    yield* this.lane.pull({ ...this.query, columns, direct }, (end) => {
      this.rowsRead = end.rows
    })
  }

  async *rows(batchSize: number): AsyncGenerator<Row[]> {
    const columns = await this.columns()
    let given = 0
    try {
      for await (const batch of typedBatches(this.bytes({ lists: 'json' }), columns, batchSize)) {
        given += batch.length
        yield batch
      }
    } finally {
      this.rowsRead = given
    }
  }

  /** Statements that SQLite cannot wrap are small (PRAGMA, EXPLAIN, RETURNING): they are run whole. */
  private async *encoded(): AsyncGenerator<Uint8Array> {
    const { columns, rows } = await this.lane.call('execute', this.query)
    this.rowsRead = rows.length
    const known = await this.columns()
    known.splice(0, known.length, ...columns)
    if (rows.length > 0) yield Buffer.from(rows.map((row) => encodeRow(row, columns)).join(''), 'utf8')
  }
}
