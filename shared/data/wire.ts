import { AppError } from '../errors.ts'
import type { Column, ColumnType } from './types.ts'

/**
 * Rows travel between databases, files and the embedded engine as CSV bytes ("wire"): UTF-8, comma, `\n`, no header,
 * NULL is an empty field without quotes, an empty text is `""`. Postgres, DuckDB and SQLite all read and write it in
 * native code, so rows that only pass through are never parsed here. Per type, the text of a field is:
 *
 *   boolean `true`/`false` (`t`/`f` accepted) · integers decimal digits · float shortest round-trip, `NaN`, `Infinity`,
 *   `-Infinity` (any case, `inf` accepted) · decimal digits with point · blob `\x` and hex · date `YYYY-MM-DD` ·
 *   time `HH:MM:SS[.ffffff]` · timestamp `YYYY-MM-DD HH:MM:SS[.ffffff]` (`T` accepted) · timestamptz the same in UTC with
 *   `+00` · interval as Postgres prints it · uuid, json, enum as text · list as a JSON array, or as a Postgres array
 *   literal where the receiver asks for `lists: 'postgres'`.
 */
export interface WireFormat {
  lists: 'json' | 'postgres'
}

/**
 * A value of a row in JavaScript. Its shape follows the column's type: boolean → boolean; int16, int32, floats → number;
 * int64 → bigint; blob → Uint8Array; list → array; everything else → the text of the wire format.
 */
export type Cell = null | boolean | number | bigint | string | Uint8Array | Cell[]
export type Row = Cell[]

const needsQuotes = /[",\n\r]|^\s|\s$|^$|^\\/

/** One row as a wire line, ending in `\n`. @throws AppError DATA_TYPE when a value does not fit its column. */
export function encodeRow(
  row: readonly Cell[],
  columns: readonly Column[],
  format: WireFormat = { lists: 'json' },
): string {
  let line = ''
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]
    const cell = row[index]
    if (index > 0) line += ','
    if (cell === null || cell === undefined || column === undefined) continue
    const text = cellText(cell, column.type, format)
    line += needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  // A single NULL column would otherwise be an empty line, which readers skip or read as NULL alike: keep it as is.
  return `${line}\n`
}

/** The wire text of a value that is not NULL, unquoted. */
export function cellText(cell: Exclude<Cell, null>, type: ColumnType, format: WireFormat = { lists: 'json' }): string {
  if (cell instanceof Uint8Array) return `\\x${Array.from(cell, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  if (Array.isArray(cell)) return type.kind === 'list' ? listText(cell, type.of, format) : JSON.stringify(jsonOf(cell))
  if (typeof cell === 'number' && (type.kind === 'int16' || type.kind === 'int32' || type.kind === 'int64')) {
    if (!Number.isInteger(cell)) throw new AppError('DATA_TYPE', `${cell} is not a whole number.`)
  } else if (Object.is(cell, -0)) return '-0'
  return Object.is(cell, -0) ? '-0' : String(cell)
}

function listText(cells: readonly Cell[], of: ColumnType, format: WireFormat): string {
  if (format.lists === 'json') return JSON.stringify(cells.map((cell) => jsonOf(cell)))
  const parts = cells.map((cell) => {
    if (cell === null) return 'NULL'
    if (Array.isArray(cell)) return listText(cell, of, format)
    return `"${cellText(cell, of, format).replace(/[\\"]/g, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}

type Json = null | boolean | number | string | Json[]

/** A cell for JSON: bigints that a double cannot hold, and bytes, become text. */
export function jsonOf(cell: Cell): Json {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell.toString()
  if (cell instanceof Uint8Array) return cellText(cell, { kind: 'blob' })
  if (Array.isArray(cell)) return cell.map((item) => jsonOf(item))
  if (typeof cell === 'number' && !Number.isFinite(cell)) return String(cell)
  return cell
}

/** The value of a wire field. @throws AppError DATA_TYPE when the text is no value of the type. */
export function parseCell(text: string, type: ColumnType): Cell {
  switch (type.kind) {
    case 'boolean':
      return parseBoolean(text)
    case 'int16':
    case 'int32':
      return parseInteger(text, type.kind)
    case 'int64':
      if (!/^[+-]?\d+$/.test(text)) throw mismatch(text, type.kind)
      return BigInt(text)
    case 'float32':
    case 'float64':
      return parseFloatText(text)
    case 'blob':
      return parseBytes(text)
    case 'list':
      return parseList(text, type.of)
    default:
      return text
  }
}

function mismatch(text: string, kind: string): AppError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return new AppError('DATA_TYPE', `"${shown}" is not a value of type ${kind}.`)
}

function parseBoolean(text: string): boolean {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 't' || lower === '1') return true
  if (lower === 'false' || lower === 'f' || lower === '0') return false
  throw mismatch(text, 'boolean')
}

function parseInteger(text: string, kind: 'int16' | 'int32'): number {
  const limit = kind === 'int16' ? 2 ** 15 : 2 ** 31
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= -limit && value < limit)) throw mismatch(text, kind)
  return value
}

function parseFloatText(text: string): number {
  const lower = text.toLowerCase()
  if (lower === 'nan') return Number.NaN
  if (/^[+]?inf(inity)?$/.test(lower)) return Number.POSITIVE_INFINITY
  if (/^-inf(inity)?$/.test(lower)) return Number.NEGATIVE_INFINITY
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw mismatch(text, 'float64')
  return value
}

function parseBytes(text: string): Uint8Array {
  if (!/^\\x(?:[0-9a-f]{2})*$/i.test(text)) throw mismatch(text, 'blob')
  const bytes = new Uint8Array((text.length - 2) / 2)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(text.slice(2 + index * 2, 4 + index * 2), 16)
  return bytes
}

/** A JSON number as it was written, so that 64-bit integers and decimals stay exact. */
class ExactNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

function parseList(text: string, of: ColumnType): Cell[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && context?.source !== undefined ? new ExactNumber(context.source) : value,
    )
  } catch (cause) {
    throw new AppError('DATA_TYPE', 'A list value is not a JSON array.', { cause })
  }
  if (!Array.isArray(parsed)) throw mismatch(text, 'list')
  return parsed.map((item) => listItem(item, of))
}

function listItem(item: unknown, of: ColumnType): Cell {
  if (item === null) return null
  if (of.kind === 'json') return jsonText(item)
  if (Array.isArray(item)) return item.map((inner) => listItem(inner, of.kind === 'list' ? of.of : of))
  if (item instanceof ExactNumber) return parseCell(item.source, of)
  if (typeof item === 'boolean') return of.kind === 'boolean' ? item : String(item)
  return typeof item === 'string' ? parseCell(item, of) : jsonText(item)
}

/** JSON text with numbers as they were written. */
function jsonText(item: unknown): string {
  if (item instanceof ExactNumber) return item.source
  if (Array.isArray(item)) return `[${item.map(jsonText).join(',')}]`
  if (typeof item !== 'object' || item === null) return JSON.stringify(item)
  return `{${Object.entries(item)
    .map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`)
    .join(',')}}`
}
