import { readCells } from '../ui/cells-text.ts'

/** The cells of a table copied from a spreadsheet; undefined when the text is none: no tabs, or rows of different widths. */
export function readTable(text: string): string[][] | undefined {
  if (!text.includes('\t')) return undefined
  const rows = readCells(text)
  const width = rows[0]?.length ?? 0
  return width > 1 && rows.every((row) => row.length === width) ? rows : undefined
}

export interface SniffedTable {
  columns: { name: string; type: string }[]
  rows: (string | number | boolean | null)[][]
}

/**
 * A table's names, types and values. The first row names the columns when no cell of it is empty, a number, a date or said twice.
 * An empty cell is NULL. Numbers with leading zeros are texts: they are codes.
 */
export function sniffTable(cells: readonly (readonly string[])[]): SniffedTable {
  const [first = [], ...others] = cells
  const named =
    others.length > 0 &&
    new Set(first.map((name) => name.trim().toLowerCase())).size === first.length &&
    first.every((name) => name.trim() !== '' && typeOf([name]) === 'text')
  const body = named ? others : cells
  const columns = first.map((name, index) => ({
    name: named ? name.trim() : `column_${index + 1}`,
    type: typeOf(body.map((row) => row[index] ?? '')),
  }))
  const rows = body.map((row) => columns.map(({ type }, index) => cellValue(row[index] ?? '', type)))
  return { columns, rows }
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
  if (type !== 'decimal') return type
  const scale = Math.max(...filled.map((cell) => cell.split('.')[1]?.length ?? 0))
  const digits = Math.max(...filled.map((cell) => cell.replace(/^-|\..*/g, '').length))
  return `decimal(${Math.max(18, digits + scale)},${scale})`
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
