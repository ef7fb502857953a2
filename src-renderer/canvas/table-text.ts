import { uniqueNames } from '../../shared/data/types.ts'
import { readCells } from '../ui/cells-text.ts'

/**
 * The cells of a table copied from a spreadsheet; undefined when the text is none: rows of different widths, or a single column.
 * @param sure it comes from a table, so that a single column is one as well
 */
export function readTable(text: string, sure = false): string[][] | undefined {
  if (!text.includes('\t') && !sure) return undefined
  const rows = readCells(text)
  const width = rows[0]?.length ?? 0
  return (width > 1 || sure) && rows.every((row) => row.length === width) ? rows : undefined
}

export interface SniffedTable {
  columns: { name: string; type: string }[]
  rows: (string | number | boolean | null)[][]
}

/**
 * A table's names, types and values. The first row names the columns when no cell of it is a number or a date, and either all are there and differ
 * or what stands below one of them is of another type. An empty cell is NULL. Numbers with leading zeros are texts: they are codes.
 */
export function sniffTable(cells: readonly (readonly string[])[]): SniffedTable {
  const [first = [], ...others] = cells
  const named = others.length > 0 && isHeading(first, others)
  const body = named ? others : cells
  const columns = uniqueNames(
    first.map((name, index) => ({
      name: (named && name.trim()) || `column_${index + 1}`,
      type: typeOf(body.map((row) => row[index] ?? '')),
    })),
  )
  const rows = body.map((row) => columns.map(({ type }, index) => cellValue(row[index] ?? '', type)))
  return { columns, rows }
}

function isHeading(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const names = first.map((name) => name.trim().toLowerCase())
  if (!names.every((name) => typeOf([name]) === 'text')) return false
  const plain = names.every((name) => name !== '') && new Set(names).size === names.length
  return plain || names.some((name, index) => name !== '' && typeOf(others.map((row) => row[index] ?? '')) !== 'text')
}

const patterns: readonly [string, RegExp][] = [
  ['boolean', /^(true|false)$/i],
  ['int64', /^-?(0|[1-9]\d{0,17})$/],
  ['decimal', /^-?(0|[1-9]\d{0,20})(\.\d{1,12})?$/],
  ['float64', /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d{1,3})?$/i],
  ['date', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/],
  ['timestamp', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/],
]

/** The narrowest type that every filled cell fits. */
function typeOf(cells: readonly string[]): string {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  if (filled.length === 0) return 'text'
  const type = patterns.find(([, pattern]) => filled.every((cell) => pattern.test(cell)))?.[0] ?? 'text'
  if (type === 'date' || type === 'timestamp') return filled.every(isDay) ? type : 'text'
  if (type === 'decimal' || (type === 'float64' && !filled.every(isFloat))) return exactType(filled)
  return type
}

/** 30 February looks like a day as well. */
function isDay(cell: string): boolean {
  const day = cell.slice(0, 10)
  return new Date(`${day}T00:00Z`).toJSON()?.slice(0, 10) === day
}

/** Whether a float keeps all digits of the text. */
function isFloat(cell: string): boolean {
  const digits = cell.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '')
  return digits.length <= 15 || String(Number(cell)) === cell
}

/** A decimal that holds every digit, or text where none does. */
function exactType(filled: readonly string[]): string {
  if (filled.some((cell) => /e/i.test(cell))) return 'text'
  const scale = Math.max(...filled.map((cell) => cell.split('.')[1]?.length ?? 0))
  const digits = Math.max(...filled.map((cell) => cell.replace(/^-|\..*/g, '').length))
  return digits + scale > 38 ? 'text' : `decimal(${Math.max(18, digits + scale)},${scale})`
}

function cellValue(cell: string, type: string): string | number | boolean | null {
  const text = cell.trim()
  if (type === 'text') return cell === '' ? null : cell
  if (text === '') return null
  if (type === 'boolean') return text.toLowerCase() === 'true'
  if (type === 'date' || type === 'timestamp') return text
  // A JSON number says the same only where it reads back as it was written.
  return type === 'float64' || String(Number(text)) === text ? Number(text) : text
}
