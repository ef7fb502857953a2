import { AppError } from '../errors.ts'
import type { Column } from './types.ts'
import { parseCell, type Row } from './wire.ts'

/** A field of a wire line before typing: its text, or null. */
export type Field = string | null

const QUOTE = 34
const COMMA = 44
const NEWLINE = 10

/** All hosts have it, which the library of the language does not say. */
declare const TextDecoder: new (
  encoding: 'utf-8',
  options: { ignoreBOM: boolean },
) => { decode(piece: Uint8Array, options: { stream: boolean }): string }

/**
 * Splits wire text that arrives in pieces into rows of fields. Feed whole pieces with `push`, or `pushBytes`, which return the rows
 * that are complete, and call `end` once. Holds at most one partial row.
 */
export class WireReader {
  /** The pieces of a row that has begun: joined once it is whole, since a long one would be copied with every piece. */
  private parts: string[] = []
  /** A quote at the end of a piece may be half of two. */
  private held = ''
  private inside = false
  // A mark at the start is part of the first value.
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  /** As `push`; pieces may end inside a character. */
  pushBytes(piece: Uint8Array): Field[][] {
    return this.push(this.decoder.decode(piece, { stream: true }))
  }

  push(text: string): Field[][] {
    const source = this.held + text
    this.held = ''
    const rows: Field[][] = []
    let start = 0
    let at = 0
    // Each is looked for again only once it lies behind: most pieces hold few quotes or none, or long texts between them.
    let quote = -2
    let newline = -2
    for (;;) {
      if (this.inside) {
        const close = closingQuote(source, at)
        if (close < 0) break
        if (close === source.length - 1) {
          this.held = '"'
          break
        }
        this.inside = false
        at = close + 1
      }
      if (quote !== -1 && quote < at) quote = source.indexOf('"', at)
      if (newline !== -1 && newline < at) newline = source.indexOf('\n', at)
      if (quote >= 0 && (newline < 0 || quote < newline)) {
        this.inside = true
        at = quote + 1
      } else if (newline >= 0) {
        rows.push(this.row(source, start, newline))
        at = newline + 1
        start = at
      } else break
    }
    const rest = source.slice(start, source.length - this.held.length)
    if (rest !== '') this.parts.push(rest)
    return rows
  }

  private row(source: string, start: number, end: number): Field[] {
    if (this.parts.length === 0) return splitRow(source, start, end)
    const whole = this.parts.join('') + source.slice(start, end)
    this.parts = []
    return splitRow(whole, 0, whole.length)
  }

  /** @throws AppError DATA_SHORT when the text ended inside a row. */
  end(): void {
    if (this.parts.length > 0 || this.held !== '')
      throw new AppError('DATA_SHORT', 'The stream of rows ended inside a row.', { retryable: true })
  }
}

/** The quote from `at` on that is not doubled; -1 when there is none. At the end of the text it is not certain. */
function closingQuote(source: string, at: number): number {
  let close = source.indexOf('"', at)
  while (close >= 0 && source.charCodeAt(close + 1) === QUOTE) close = source.indexOf('"', close + 2)
  return close
}

function splitRow(source: string, start: number, end: number): Field[] {
  const fields: Field[] = []
  let at = start
  for (;;) {
    if (source.charCodeAt(at) === QUOTE) {
      let close = source.indexOf('"', at + 1)
      while (source.charCodeAt(close + 1) === QUOTE) close = source.indexOf('"', close + 2)
      fields.push(source.slice(at + 1, close).replaceAll('""', '"'))
      at = close + 1
    } else {
      let stop = source.indexOf(',', at)
      if (stop < 0 || stop > end) stop = end
      fields.push(stop === at ? null : source.slice(at, stop))
      at = stop
    }
    if (at >= end || source.charCodeAt(at) === NEWLINE) return fields
    if (source.charCodeAt(at) !== COMMA) throw new AppError('DATA_TYPE', 'A row of the stream is malformed.')
    at++
    if (at === end) {
      fields.push(null)
      return fields
    }
  }
}

/**
 * The rows of wire bytes as typed cells, so many at a time.
 * @throws AppError DATA_TYPE naming the column, DATA_SHORT when the bytes end inside a row
 */
export async function* typedBatches(
  bytes: AsyncIterable<Uint8Array>,
  columns: readonly Column[],
  size: number,
): AsyncGenerator<Row[]> {
  const reader = new WireReader()
  let batch: Row[] = []
  for await (const piece of bytes) {
    for (const fields of reader.pushBytes(piece)) {
      batch.push(typedRow(fields, columns))
      if (batch.length < size) continue
      yield batch
      batch = []
    }
  }
  reader.end()
  if (batch.length > 0) yield batch
}

/** Turns fields into typed cells. @throws AppError DATA_TYPE naming the column. */
export function typedRow(fields: readonly Field[], columns: readonly Column[]): Row {
  return columns.map((column, index) => {
    const field = fields[index]
    if (field === null || field === undefined) return null
    try {
      return parseCell(field, column.type)
    } catch (error) {
      if (error instanceof AppError)
        throw new AppError(error.code, `Column ${column.name}: ${error.message}`, { cause: error })
      throw error
    }
  })
}
