import { AppError } from '../../../shared/errors.ts'
import { type OutColumn, outColumn } from './encodings.ts'
import type { FieldDef, Ok } from './packets.ts'
import { exchange, type MyClient } from './protocol.ts'
import { following } from './results.ts'
import { addBinaryRow } from './rows-binary.ts'
import { addTextRow } from './rows-text.ts'
import { WireLines } from './wire-line.ts'

/** Pieces that may wait for the consumer before the socket is no longer read. */
const HIGH_WATER = 16

/** A running query whose rows come out as wire lines. The server is read no faster than the pieces are taken. */
export class RowsOut {
  rows = 0
  done = false
  /** The columns of the first table that the server answered with. */
  fields: FieldDef[] = []
  /** Resolves when the server has ended the answer, well or not. */
  readonly finished: Promise<void>
  private readonly client: MyClient
  private readonly pieces: Buffer[] = []
  private readonly lines: WireLines
  private failure: unknown
  private discarding = false
  private paused = false
  private wake: (() => void) | undefined

  /** `payload` is the command; `binary` tells how its rows are written; `end` is told how the statement ended. */
  constructor(client: MyClient, payload: Uint8Array, binary: boolean, end: (ok: Ok) => void) {
    this.client = client
    this.lines = new WireLines((piece) => this.add(piece))
    let columns: OutColumn[] | undefined
    const add = binary ? addBinaryRow : addTextRow
    const listener = following(client, {
      // A procedure may answer with several tables; the first one counts.
      fields: (fields) => {
        if (columns === undefined) this.fields = fields
        columns = columns === undefined ? fields.map(outColumn) : []
      },
      row: (data, start) => {
        if (this.discarding || !columns || columns.length === 0) return
        this.row(() => add(this.lines, columns ?? [], data, start))
      },
      end,
    })
    this.finished = exchange(client, [payload], listener).then(
      () => this.end(undefined),
      (error: unknown) => this.end(error),
    )
  }

  /** The next piece; undefined after the last. @throws the server's or the driver's error, AppError DATA_TYPE */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.pieces.shift()
      if (piece) {
        if (this.paused && this.pieces.length < HIGH_WATER / 2) this.resume()
        return piece
      }
      if (this.failure !== undefined) throw this.failure
      if (this.done) return undefined
      if (this.lines.size > 0) this.lines.flush()
      else
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
    }
  }

  /** Throws away what is still to come. */
  discard(): void {
    this.discarding = true
    this.pieces.length = 0
    this.resume()
  }

  private row(add: () => void): void {
    try {
      add()
      this.rows++
      if (this.wake) this.call()
    } catch (error) {
      this.failure = numbered(error, this.rows + 1)
      this.discard()
      this.call()
    }
  }

  private add(piece: Buffer): void {
    this.pieces.push(piece)
    if (!this.paused && this.pieces.length >= HIGH_WATER) {
      this.paused = true
      this.client.stream.pause()
    }
    this.call()
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

  private call(): void {
    this.wake?.()
    this.wake = undefined
  }
}

function numbered(error: unknown, row: number): unknown {
  if (!(error instanceof AppError)) return error
  return new AppError(error.code, `Row ${row}, ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  })
}
