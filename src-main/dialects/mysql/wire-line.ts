import { AppError } from '../../../shared/errors.ts'

const QUOTE = 34
const COMMA = 44
const NEWLINE = 10
const RETURN = 13
const BACKSLASH = 92
const SPACE = 32
const PIECE = 64 * 1024

const hexDigits = Buffer.from('0123456789abcdef')

/** Builds wire lines in pieces of some 64 KiB, straight from the bytes that the server sends. */
export class WireLines {
  private bytes = Buffer.allocUnsafeSlow(PIECE + 4096)
  private at = 0
  private readonly emit: (piece: Buffer) => void

  constructor(emit: (piece: Buffer) => void) {
    this.emit = emit
  }

  /** Hands over what there is. Only between rows. */
  flush(): void {
    if (this.at === 0) return
    const piece = this.bytes.subarray(0, this.at)
    this.bytes = Buffer.allocUnsafeSlow(PIECE + 4096)
    this.at = 0
    this.emit(piece)
  }

  get size(): number {
    return this.at
  }

  endRow(): void {
    // Every row but one of a single NULL ends in the comma after its last field.
    this.bytes[this.at - 1] = NEWLINE
    if (this.at >= PIECE) this.flush()
  }

  null(): void {
    this.room(1)
    this.bytes[this.at++] = COMMA
  }

  /** Text of the server that needs no quotes. */
  plain(data: Buffer, start: number, end: number): void {
    this.room(end - start + 1)
    const { bytes } = this
    let at = this.at
    if (end - start > 64) at += data.copy(bytes, at, start, end)
    else for (let from = start; from < end; from++) bytes[at++] = data[from] ?? 0
    bytes[at++] = COMMA
    this.at = at
  }

  /** Text that is known to be ASCII and to need no quotes. */
  ascii(text: string): void {
    this.room(text.length + 1)
    this.at += this.bytes.write(text, this.at, 'latin1')
    this.bytes[this.at++] = COMMA
  }

  /** Any text, quoted where its content asks for it. */
  text(data: Buffer, start: number, end: number): void {
    const length = end - start
    this.room(length + 3)
    const { bytes } = this
    const first = data[start] ?? QUOTE
    let special = length === 0 || first <= SPACE || first === BACKSLASH || (data[end - 1] ?? 0) <= SPACE
    let at = this.at
    for (let from = start; from < end; from++) {
      const byte = data[from] ?? 0
      if (byte === QUOTE || byte === COMMA || byte === NEWLINE || byte === RETURN) {
        special = true
        break
      }
      bytes[at++] = byte
    }
    if (special) {
      this.quoted(data, start, end)
      return
    }
    bytes[at++] = COMMA
    this.at = at
  }

  private quoted(data: Buffer, start: number, end: number): void {
    this.room(2 * (end - start) + 3)
    const { bytes } = this
    let at = this.at
    bytes[at++] = QUOTE
    for (let from = start; from < end; from++) {
      const byte = data[from] ?? 0
      if (byte === QUOTE) bytes[at++] = QUOTE
      bytes[at++] = byte
    }
    bytes[at++] = QUOTE
    bytes[at++] = COMMA
    this.at = at
  }

  hex(data: Buffer, start: number, end: number): void {
    this.room(2 * (end - start) + 3)
    const { bytes } = this
    let at = this.at
    bytes[at++] = BACKSLASH
    bytes[at++] = 0x78
    for (let from = start; from < end; from++) {
      const byte = data[from] ?? 0
      bytes[at++] = hexDigits[byte >> 4] ?? 0
      bytes[at++] = hexDigits[byte & 15] ?? 0
    }
    bytes[at++] = COMMA
    this.at = at
  }

  private room(count: number): void {
    if (this.at + count <= this.bytes.length) return
    if (this.at + count > 0x7fffffff) throw new AppError('LIMIT_SIZE', 'A row is longer than 2 GB.')
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.at + count))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }
}
