/** Characters collected before they are sent. */
const PIECE = 64 * 1024
/** Milliseconds that a line may wait for others. */
const PATIENCE = 20

/** The wire lines of the query that runs; a lane runs one at a time. */
class Lines {
  private text = ''
  private sent = 0
  /** Lines taken since `start`. */
  count = 0

  start(): void {
    this.text = ''
    this.count = 0
    this.sent = 0
  }

  /** Called by SQLite for each row; 1 when a piece is full, and when lines have waited: the first is sent at once. */
  take(line: unknown): number {
    this.count++
    this.text += line
    return this.text.length >= PIECE || Date.now() - this.sent > PATIENCE ? 1 : 0
  }

  /** What was collected, once. */
  piece(): Uint8Array {
    const bytes = Buffer.from(this.text, 'utf8')
    this.text = ''
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
