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
  private rest = ''
  // A mark at the start is part of the first value.
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  /** As `push`; pieces may end inside a character. */
  pushBytes(piece: Uint8Array): Field[][] {
    return this.push(this.decoder.decode(piece, { stream: true }))
  }

  push(text: string): Field[][] {
    const source = this.rest + text
    const rows: Field[][] = []
    let start = 0
    // The next quote is looked for once, not once per row: most pieces hold few or none.
    let quote = source.indexOf('"')
    for (;;) {
      if (quote >= 0 && quote < start) quote = source.indexOf('"', start)
      const end = rowEnd(source, start, quote)
      if (end < 0) break
      rows.push(splitRow(source, start, end))
      start = end + 1
    }
    this.rest = source.slice(start)
    return rows
  }

  /** @throws AppError DATA_SHORT when the text ended inside a row. */
  end(): void {
    if (this.rest !== '')
      throw new AppError('DATA_SHORT', 'The stream of rows ended inside a row.', { retryable: true })
  }
}

/**
 * The offset of the newline that ends the row starting at `start`, or -1 when the row is not complete. `quote` is the
 * first quote at or after `start`, or -1.
 */
function rowEnd(source: string, start: number, quote: number): number {
  let from = start
  let open = quote
  for (;;) {
    const newline = source.indexOf('\n', from)
    if (newline < 0) return -1
    if (open < 0 || open > newline) return newline
    let close = source.indexOf('"', open + 1)
    while (close >= 0 && source.charCodeAt(close + 1) === QUOTE) close = source.indexOf('"', close + 2)
    if (close < 0 || close === source.length - 1) return -1
    from = close + 1
    open = source.indexOf('"', from)
  }
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
