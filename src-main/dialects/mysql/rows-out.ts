import type { ScalarKind } from '../../../shared/data/types.ts'
import { OddValue } from '../odd-value.ts'
import { type OutColumn, outColumn } from './encodings.ts'
import type { FieldDef, Ok } from './packets.ts'
import { exchange, type MyClient } from './protocol.ts'
import { following } from './results.ts'
import { addBinaryRow } from './rows-binary.ts'
import { addTextRow } from './rows-text.ts'
import { WireLines } from './wire-line.ts'

/** Pieces that may wait for the consumer before the socket is no longer read. */
const HIGH_WATER = 16

/** One table of an answer. */
interface Table {
  fields: FieldDef[]
  columns: OutColumn[]
  /** Waiting to be taken. */
  pieces: Buffer[]
  rows: number
  /** Nobody wants its rows any more. */
  left: boolean
}

/**
 * A running statement whose rows come out as wire lines. The server is read no faster than the pieces are taken. Of a procedure, which
 * may answer with several tables, the first is given; `turn` goes from one to the next.
 */
export class RowsOut {
  done = false
  /** Resolves when the server has ended the answer, well or not. */
  readonly finished: Promise<void>
  private readonly client: MyClient
  private readonly plain: readonly ScalarKind[]
  /** The one whose pieces are taken, and those that have come behind it. */
  private readonly tables: Table[] = []
  /** The one that the server sends rows of. */
  private filling: Table | undefined
  private turned = false
  private waiting = 0
  private readonly lines: WireLines
  private failure: unknown
  private discarding = false
  private paused = false
  private wake: (() => void) | undefined

  /** `payload` is the command; `binary` tells how its rows are written; `end` is told how the statement ended; for `plain` see ReadOptions. */
  constructor(
    client: MyClient,
    payload: Uint8Array,
    binary: boolean,
    end: (ok: Ok) => void,
    plain: readonly ScalarKind[] = [],
  ) {
    this.client = client
    this.plain = plain
    this.lines = new WireLines((piece) => this.add(piece))
    const add = binary ? addBinaryRow : addTextRow
    const listener = following(client, {
      fields: (fields) => this.open(fields),
      row: (data, start) => {
        const table = this.filling
        if (this.discarding || !table || table.left) return
        this.row(table, () => add(this.lines, table.columns, data, start))
      },
      end,
    })
    this.finished = exchange(client, [payload], listener).then(
      () => this.end(undefined),
      (error: unknown) => this.end(error),
    )
  }

  /** The columns of the table whose pieces are taken. */
  get fields(): FieldDef[] {
    return this.tables[0]?.fields ?? []
  }

  /** Its rows so far. */
  get rows(): number {
    return this.tables[0]?.rows ?? 0
  }

  /** The next piece; undefined after the table's last. @throws the server's or the driver's error, AppError DATA_TYPE */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const [table] = this.tables
      const piece = table?.pieces.shift()
      if (piece) {
        this.taken(1)
        return piece
      }
      if (table && table !== this.filling) return undefined
      if (this.failure !== undefined) throw this.failure
      if (this.done) return undefined
      if (this.lines.size > 0) this.lines.flush()
      else await this.more()
    }
  }

  /**
   * Goes on to the next table, the first at first, and gives its columns; undefined after the last. What was not taken of the one
   * before is dropped. @throws as `next`
   */
  async turn(): Promise<FieldDef[] | undefined> {
    if (this.turned) this.leave(this.tables.shift())
    this.turned = true
    for (;;) {
      const [table] = this.tables
      if (table) return table.fields
      if (this.failure !== undefined) throw this.failure
      if (this.done) return undefined
      await this.more()
    }
  }

  /** Throws away what is still to come. */
  discard(): void {
    this.discarding = true
    for (const table of this.tables) table.pieces.length = 0
    this.resume()
  }

  private open(fields: FieldDef[]): void {
    if (this.discarding) return
    this.lines.flush()
    this.filling = {
      fields,
      columns: fields.map((field) => outColumn(field, this.plain)),
      pieces: [],
      rows: 0,
      left: false,
    }
    this.tables.push(this.filling)
    this.call()
  }

  private leave(table: Table | undefined): void {
    if (!table) return
    table.left = true
    this.taken(table.pieces.length)
  }

  private row(table: Table, add: () => void): void {
    try {
      add()
      table.rows++
      if (this.wake) this.call()
    } catch (error) {
      this.failure = numbered(error, table.rows + 1)
      this.discard()
      this.call()
    }
  }

  private add(piece: Buffer): void {
    if (!this.filling || this.filling.left) return
    this.filling.pieces.push(piece)
    this.waiting++
    if (!this.paused && this.waiting >= HIGH_WATER) {
      this.paused = true
      this.client.stream.pause()
    }
    this.call()
  }

  private taken(pieces: number): void {
    this.waiting -= pieces
    if (this.paused && this.waiting < HIGH_WATER / 2) this.resume()
  }

  private resume(): void {
    if (!this.paused) return
    this.paused = false
    this.client.stream.resume()
  }

  private end(error: unknown): void {
    if (!this.discarding) this.lines.flush()
    this.failure ??= error
    this.done = true
    this.call()
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }

  private call(): void {
    this.wake?.()
    this.wake = undefined
  }
}

function numbered(error: unknown, row: number): unknown {
  if (!(error instanceof OddValue)) return error
  return new OddValue(error.kind, `Row ${row}, ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  })
}
