import { clip } from '../../../shared/clip.ts'
import { type Column, formatType } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { checkOf } from '../value-check.ts'
import type { MyColumn } from './catalog.ts'
import type { Into } from './into.ts'

const QUOTE = 34
const COMMA = 44
const NEWLINE = 10
const BACKSLASH = 92
const CAPITAL_N = 78
const ZERO = 48
const ONE = 49

/** How a wire field must change besides its quoting. */
type Rewrite = 'none' | 'boolean' | 'timestamptz'

const numbers = /int|decimal|float|double|year|bit/

/** Text columns keep the words `true` and `false`. */
export function rewriteOf(column: Column, target: Pick<MyColumn, 'dataType'> | undefined): Rewrite {
  if (column.type.kind === 'boolean' && (!target || numbers.test(target.dataType))) return 'boolean'
  return column.type.kind === 'timestamptz' ? 'timestamptz' : 'none'
}

type Check = (text: string) => boolean

/**
 * What the server would bend instead of refusing it: 1.7 into 2, the text `1` into the first word of an enum, `01/02/03` into a day. JSON it
 * checks by itself.
 */
export function checkFor({ type }: Column, target: Pick<MyColumn, 'type'> | undefined): Check | undefined {
  if (!target || target.type.kind === 'json') return undefined
  // The catalog escapes backslashes in the words of an enum, and not always.
  if (target.type.kind === 'enum' && target.type.values.some((value) => value.includes('\\'))) return undefined
  return checkOf(type, target.type)
}

/** @param row from 1, among those of one statement or batch */
export const misfit = (
  column: Column,
  target: Pick<MyColumn, 'type'> | undefined,
  text: string,
  row: number,
): AppError =>
  new AppError(
    'DATA_TYPE',
    `Column ${column.name} at row ${row}: "${clip(text, 60)}" is not a value of type ${formatType(target?.type ?? column.type)}.`,
    { hint: 'Cast or mend the values before the load, or let the load set refused rows aside.' },
  )

const inField = 0
const atField = 1
const inQuotes = 2
const afterQuote = 3

/**
 * Rewrites wire lines as they arrive into the lines that LOAD DATA reads: fields parted by commas and escaped by backslashes,
 * without quotes; NULL, on the wire an empty field, is `\N`. Works on bytes, because every loaded row passes here.
 */
export class Transcoder {
  /** Rows ended so far. */
  rows = 0
  /** Where the last row that ended in the latest output ends; 0 when none did. */
  lastRowEnd = 0
  private readonly into: Into['columns']
  private readonly rewrites: readonly Rewrite[]
  private readonly checks: readonly (Check | undefined)[]
  private state = atField
  private column = 0
  /** The start of a field that must be rewritten and is not complete yet. */
  private held = Buffer.alloc(0)

  constructor(into: Into['columns']) {
    this.into = into
    this.rewrites = into.map(({ column, target }) => rewriteOf(column, target))
    this.checks = into.map(({ column, target }) => checkFor(column, target))
  }

  /** Whether the bytes so far end inside a row. */
  get partial(): boolean {
    return this.state !== atField || this.column > 0
  }

  push(piece: Uint8Array): Buffer {
    const { held } = this
    const out = Buffer.allocUnsafe(held.length + 3 * piece.length + 8)
    held.copy(out)
    this.held = Buffer.alloc(0)
    let at = held.length
    let fieldStart = 0
    let rowEnd = 0
    let { state } = this
    for (let from = 0; from < piece.length; from++) {
      const byte = piece[from] ?? 0
      if (state === inQuotes) {
        if (byte === QUOTE) {
          state = afterQuote
          continue
        }
        if (byte === COMMA || byte === NEWLINE || byte === BACKSLASH) out[at++] = BACKSLASH
        out[at++] = byte
        continue
      }
      if (byte === COMMA || byte === NEWLINE) {
        if (state === atField) {
          out[at++] = BACKSLASH
          out[at++] = CAPITAL_N
        } else if (this.isHeld) at = this.whole(out, fieldStart, at)
        out[at++] = byte
        state = atField
        fieldStart = at
        if (byte === NEWLINE) {
          this.column = 0
          this.rows++
          rowEnd = at
        } else this.column++
        continue
      }
      if (byte === QUOTE && state !== inField) {
        // Within quotes, two of them are one.
        if (state === afterQuote) out[at++] = QUOTE
        state = inQuotes
        continue
      }
      state = inField
      if (byte === BACKSLASH) out[at++] = BACKSLASH
      out[at++] = byte
    }
    this.state = state
    this.lastRowEnd = rowEnd
    return this.keep(out, fieldStart, at)
  }

  /** Holds back a field that can only be rewritten whole; those are short. */
  private keep(out: Buffer, fieldStart: number, at: number): Buffer {
    if (!this.isHeld || this.state === atField) return out.subarray(0, at)
    this.held = Buffer.from(out.subarray(fieldStart, at))
    return out.subarray(0, fieldStart)
  }

  /** Whether fields of the column are looked at whole. */
  private get isHeld(): boolean {
    return (this.rewrites[this.column] ?? 'none') !== 'none' || this.checks[this.column] !== undefined
  }

  private whole(out: Buffer, start: number, end: number): number {
    const check = this.checks[this.column]
    if (check) {
      const text = out.toString('utf8', start, end).replaceAll(/\\([\s\S])/g, '$1')
      const place = this.into[this.column]
      if (place && !check(text)) throw misfit(place.column, place.target, text, this.rows + 1)
    }
    return (this.rewrites[this.column] ?? 'none') === 'none' ? end : this.rewritten(out, start, end)
  }

  private rewritten(out: Buffer, start: number, end: number): number {
    if (this.rewrites[this.column] === 'boolean') {
      // t, true and 1 against f, false and 0; anything else is left for the server to refuse.
      const word = out.toString('latin1', start, end).toLowerCase()
      if (word === 'true' || word === 't') out[start] = ONE
      else if (word === 'false' || word === 'f') out[start] = ZERO
      else return end
      return start + 1
    }
    return out.toString('latin1', end - 3, end) === '+00' ? end - 3 : end
  }
}
