/** Bytes collected before they are sent. */
const PIECE = 64 * 1024
/** Milliseconds that a line may wait for others. */
const PATIENCE = 20
/** The clock is asked for each of the first lines, then for one in so many: asking costs as much as a short line. */
const EAGER = 256
const SELDOM = 32

/** The wire lines of the query that runs; a lane runs one at a time. */
class Lines {
  private buffer = Buffer.allocUnsafe(4 * PIECE)
  private filled = 0
  private sent = 0
  /** Lines taken since `start`. */
  count = 0

  start(): void {
    this.filled = 0
    this.count = 0
    this.sent = 0
  }

  /** Called by SQLite for each row; 1 when a piece is full, and when lines have waited: the first is sent at once. */
  take(line: unknown): number {
    const text = String(line)
    const needed = this.filled + text.length * 3
    if (needed > this.buffer.length) this.grow(needed)
    this.filled += this.buffer.write(text, this.filled)
    this.count++
    if (this.filled >= PIECE) return 1
    return (this.count < EAGER || this.count % SELDOM === 0) && Date.now() - this.sent > PATIENCE ? 1 : 0
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafe(2 * needed)
    this.buffer.copy(larger, 0, 0, this.filled)
    this.buffer = larger
  }

  /** What was collected, once. */
  piece(): Uint8Array {
    const bytes = Buffer.from(this.buffer.subarray(0, this.filled))
    this.filled = 0
    this.sent = Date.now()
    return bytes
  }
}

export const lines = new Lines()

/** Ends a statement at a value that does not fit its column; the reader of the error knows the column by its number. */
export class Refusal extends Error {
  readonly column: number
  readonly value: unknown
  constructor(column: number, value: unknown) {
    super(`column ${column}`)
    this.column = column
    this.value = value
  }
}

export function refuse(column: unknown, value: unknown): null {
  throw new Refusal(Number(column), value)
}
