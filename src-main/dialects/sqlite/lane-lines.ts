import { NULL } from './wire-sql.ts'

/** Bytes collected before they are sent. */
const PIECE = 64 * 1024
/** Milliseconds that a line may wait for others. */
const PATIENCE = 20
/** The clock is asked for each of the first lines, then for one in so many: asking costs as much as a short line. */
const EAGER = 256
const SELDOM = 32

/** Bytes after an escape in which another one is likely. */
const NEAR = 24

const code = (character: string) => character.charCodeAt(0)
const NEWLINE = code('\n')
const BACKSLASH = code('\\')
const QUOTE = code('"')
/** Begins an escape of four digits. SQLite writes only control characters so. */
const UNICODE = code('u')
const escapes = new Map(
  ['n\n', 'r\r', 't\t', 'b\b', 'f\f'].map(([letter, byte]) => [code(letter ?? ''), code(byte ?? '')]),
)
const nullBytes = Buffer.from(NULL)

/** The wire lines of the query that runs; a lane runs one at a time. They come as JSON arrays, see wireSql. */
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
  take(array: unknown): number {
    const text = String(array)
    const needed = this.filled + text.length * 3
    if (needed > this.buffer.length) this.grow(needed)
    // The bracket that opens an array comes to stand on the one that closed the array before, and becomes the end of that line.
    const at = Math.max(0, this.filled - 1)
    this.filled = at + this.buffer.write(text, at)
    this.buffer[at] = NEWLINE
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
    this.buffer[this.filled - 1] = NEWLINE
    const items = this.buffer.subarray(1, this.filled)
    this.filled = 0
    this.sent = Date.now()
    return wireOf(items)
  }
}

export const lines = new Lines()

/** Items of JSON arrays, a line each, as wire lines. Both quote texts; they differ in NULL and in what is escaped, and how. */
function wireOf(items: Buffer): Buffer {
  // A byte is a character here, since what goes is ASCII: strings are searched and put together faster than buffers.
  const bytes = items.includes(nullBytes)
    ? Buffer.from(items.toString('latin1').replaceAll(NULL, ''), 'latin1')
    : Buffer.from(items)
  return unescaped(bytes)
}

/** Undoes the escapes of JSON in place; quotes are doubled instead, so nothing becomes longer. */
function unescaped(bytes: Buffer): Buffer {
  let from = bytes.indexOf(BACKSLASH)
  if (from < 0) return bytes
  let to = from
  while (from < bytes.length) {
    // Escapes come in clusters: near the last one a loop finds the next sooner than a search does.
    for (let near = from; from < near + NEAR && from < bytes.length; ) {
      const byte = bytes[from++] ?? 0
      if (byte !== BACKSLASH) {
        bytes[to++] = byte
        continue
      }
      near = from
      const letter = bytes[from++] ?? 0
      if (letter === QUOTE) bytes[to++] = QUOTE
      if (letter === UNICODE) {
        bytes[to++] = Number.parseInt(bytes.toString('latin1', from, from + 4), 16)
        from += 4
      } else bytes[to++] = escapes.get(letter) ?? letter
    }
    const next = bytes.indexOf(BACKSLASH, from)
    const end = next < 0 ? bytes.length : next
    bytes.copyWithin(to, from, end)
    to += end - from
    from = end
  }
  return bytes.subarray(0, to)
}

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
