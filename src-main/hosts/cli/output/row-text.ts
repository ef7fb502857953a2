import type { Column, ColumnType } from '../../../../shared/data/types.ts'
import { type Cell, cellText, encodeRow, type Row } from '../../../../shared/data/wire.ts'

/** The first line of CSV: the columns' names, quoted where CSV asks for it. */
export function csvHeader(columns: readonly Column[]): string {
  const text: ColumnType = { kind: 'text' }
  return encodeRow(
    columns.map((column) => column.name),
    columns.map(({ name }) => ({ name, type: text })),
  )
}

/** Rows as JSON objects, each ready-made: columns keep their order, and every number all its digits. */
export function jsonObjects(columns: readonly Column[], rows: readonly Row[]): string[] {
  const keys = columns.map((column) => JSON.stringify(column.name))
  return rows.map((row) => {
    const members = columns.map((column, index) => `${keys[index]}:${cellJson(row[index] ?? null, column.type)}`)
    return `{${members.join(',')}}`
  })
}

/**
 * The encoding follows the column's type: integers and decimals are numbers with all their digits, lists and json are
 * what they are, NaN and infinities are texts, and so is everything else.
 */
function cellJson(cell: Cell, type: ColumnType): string {
  if (cell === null) return 'null'
  if (Array.isArray(cell)) {
    const of: ColumnType = type.kind === 'list' ? type.of : { kind: 'text' }
    return `[${cell.map((item) => cellJson(item, of)).join(',')}]`
  }
  switch (type.kind) {
    case 'boolean':
      return String(cell)
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float32':
    case 'float64':
    case 'decimal':
      return jsonNumber(String(cell))
    case 'json':
      return typeof cell === 'string' ? cell : JSON.stringify(cellText(cell, type))
    default:
      return JSON.stringify(cellText(cell, type))
  }
}

function jsonNumber(text: string): string {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(text)
}
