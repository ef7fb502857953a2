import type { ColumnType } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'

/**
 * What a field must look like to be read as the same value by DuckDB and by a database that reads its types from the text of a CSV
 * file. `text` is taken as it is; numbers are only told from words here, for what is no number is refused by both.
 */
export type FieldKind = 'text' | 'integer' | 'float' | 'boolean' | 'date' | 'timestamp'

const kinds: Partial<Record<ColumnType['kind'], FieldKind>> = {
  text: 'text',
  int16: 'integer',
  int32: 'integer',
  int64: 'integer',
  float64: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

/** Undefined for types whose texts readers do not agree on, or which are written anew on their way. */
export const fieldKind = (type: ColumnType): FieldKind | undefined => kinds[type.kind]

const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const COMMA = 44
const DASH = 45
const POINT = 46
const COLON = 58
const LETTER_T = 84
/** The first byte of a byte order mark in UTF-8. */
const MARK = 0xef
/** As for the embedded engine, so that a quote that is never closed is not looked for in all of a large file. */
const longestRecord = 16 * 1024 * 1024

/**
 * Cuts the bytes of a CSV file after whole records and makes sure that every field is what its column says. Only the plainest CSV
 * passes: commas, `\n`, fields quoted as a whole or not at all, as many in each record; blank lines at the end are dropped.
 */
export class Records {
  private readonly fields: readonly FieldKind[]
  private header: boolean
  private rest: Buffer = Buffer.alloc(0)
  private blank = false
  private begun = false

  constructor(fields: readonly FieldKind[], header: boolean) {
    this.fields = fields
    this.header = header
  }

  /** The records that are complete, without the header. @throws AppError DATA_TYPE at what does not pass */
  push(piece: Buffer): Buffer {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece])
    if (!this.begun && bytes[0] === MARK) throw unlike('a byte order mark')
    this.begun = true
    let from = 0
    if (this.header) {
      from = this.record(
        bytes,
        0,
        this.fields.map(() => 'text'),
      )
      if (from === 0) return this.keep(bytes, 0, 0)
      this.header = false
    }
    let end = from
    while (end < bytes.length) {
      if (bytes[end] === NEWLINE) {
        this.blank = true
        if (bytes.subarray(end).some((byte) => byte !== NEWLINE)) throw unlike('a blank line')
        return this.keep(bytes.subarray(0, end), from, end)
      }
      if (this.blank) throw unlike('a blank line')
      const next = this.record(bytes, end, this.fields)
      if (next === end) break
      end = next
    }
    return this.keep(bytes, from, end)
  }

  /** What is left at the end of the file: its last record, when no newline ends it. @throws AppError DATA_TYPE as `push` */
  end(): Buffer {
    if (this.rest.length === 0) return this.rest
    const last = this.push(Buffer.from('\n'))
    if (this.rest.length > 0) throw unlike('a record without an end')
    return last
  }

  private keep(bytes: Buffer, from: number, end: number): Buffer {
    this.rest = bytes.subarray(end)
    if (this.rest.length > longestRecord) throw unlike('a long record')
    return bytes.subarray(from, end)
  }

  /** Where the record that starts at `from` ends; `from` itself when it is not complete yet. */
  private record(bytes: Buffer, from: number, fields: readonly FieldKind[]): number {
    const { length } = bytes
    const last = fields.length - 1
    let at = from
    for (let index = 0; index <= last; index++) {
      const quoted = bytes[at] === QUOTE
      let start = at
      let stop = at
      if (quoted) {
        start = at + 1
        stop = closingQuote(bytes, start)
        at = stop + 1
      } else {
        while (at < length && !isSpecial(bytes[at] ?? 0)) at++
        stop = at
      }
      if (at >= length) return from
      if (bytes[at] !== (index === last ? NEWLINE : COMMA)) throw unlike('other separators or quotes')
      const field = fields[index] ?? 'text'
      if (field !== 'text' && (quoted || stop > start) && !fits(field, bytes, start, stop)) throw unlike(`no ${field}`)
      at++
    }
    if (at - from > longestRecord) throw unlike('a long record')
    return at
  }
}

function isSpecial(byte: number): boolean {
  return byte <= COMMA && (byte === COMMA || byte === NEWLINE || byte === QUOTE || byte === RETURN)
}

/** The quote that ends the field whose text starts at `from`; the end of the bytes when it is not there, or not certain yet. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== QUOTE) continue
    if (bytes[at + 1] !== QUOTE) return at
    at++
  }
  return bytes.length
}

function fits(kind: FieldKind, bytes: Buffer, start: number, stop: number): boolean {
  switch (kind) {
    case 'text':
      return true
    case 'integer':
      for (let at = start; at < stop; at++) if (!isDigit(bytes[at]) && !isSign(bytes[at])) return false
      return true
    case 'float':
      for (let at = start; at < stop; at++) if (!isFloat(bytes[at])) return false
      return true
    case 'boolean':
      return /^(?:t|f|true|false)$/i.test(bytes.toString('latin1', start, stop))
    case 'date':
      return stop - start === 10 && isDate(bytes, start)
    case 'timestamp':
      return isTimestamp(bytes, start, stop)
  }
}

const isDigit = (byte = 0) => byte >= 48 && byte <= 57
const isSign = (byte = 0) => byte === DASH || byte === 43
const isFloat = (byte = 0) => isDigit(byte) || isSign(byte) || byte === POINT || byte === 101 || byte === 69

function areDigits(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(bytes[at])) return false
  return true
}

/** `YYYY-MM-DD`; whether the day exists is left to the readers, which agree on it. */
const isDate = (bytes: Buffer, at: number) =>
  areDigits(bytes, at, at + 4) &&
  bytes[at + 4] === DASH &&
  areDigits(bytes, at + 5, at + 7) &&
  bytes[at + 7] === DASH &&
  areDigits(bytes, at + 8, at + 10)

/** `YYYY-MM-DD HH:MM:SS`, also with `T` and with up to six decimals; not the leap second, which only some readers know. */
function isTimestamp(bytes: Buffer, at: number, stop: number): boolean {
  const length = stop - at
  if (length < 19 || length > 26 || length === 20 || !isDate(bytes, at)) return false
  if (bytes[at + 10] !== SPACE && bytes[at + 10] !== LETTER_T) return false
  if (bytes[at + 13] !== COLON || bytes[at + 16] !== COLON || bytes[at + 17] === 54) return false
  const whole =
    areDigits(bytes, at + 11, at + 13) && areDigits(bytes, at + 14, at + 16) && areDigits(bytes, at + 17, at + 19)
  return whole && (length === 19 || (bytes[at + 19] === POINT && areDigits(bytes, at + 20, stop)))
}

/** Never reaches a user: whoever takes the bytes then reads the file by the embedded engine, which says what is wrong with it. */
const unlike = (found: string) => new AppError('DATA_TYPE', `The file cannot be taken as it is: ${found}.`)
