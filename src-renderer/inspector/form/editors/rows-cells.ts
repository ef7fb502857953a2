import { type ColumnType, parseType } from '../../../../shared/data/types.ts'

/** A cell of a rows node as a field shows it. NULL is told apart by `null`. */
export function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What was typed, as the document writes it for the column's type; what does not fit stays text, and is complained about. */
export function cellValue(text: string, type: string): unknown {
  const { kind } = typeOf(type)
  if (kind === 'text') return text
  const bare = text.trim()
  if (bare === '') return null
  if (kind === 'boolean') return /^(true|yes|1)$/i.test(bare) ? true : /^(false|no|0)$/i.test(bare) ? false : text
  if (kind === 'int16' || kind === 'int32' || kind === 'int64') {
    return /^[+-]?\d+$/.test(bare) && Number.isSafeInteger(Number(bare)) ? Number(bare) : bare
  }
  if (kind === 'float32' || kind === 'float64') {
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare) ? Number(bare) : bare
  }
  if (kind === 'json' || kind === 'list') return parsed(bare)
  return bare
}

function typeOf(type: string): ColumnType {
  try {
    return parseType(type)
  } catch {
    return { kind: 'text' }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export interface Grid {
  columns: readonly { name: string; type: string }[]
  rows: readonly (readonly unknown[])[]
}

/** The rows with a pasted table put in at a cell; rows that are missing are added, columns beyond the last are left out. */
export function withPasted(
  { columns, rows }: Grid,
  row: number,
  column: number,
  cells: readonly string[][],
): unknown[][] {
  const count = Math.max(rows.length, row + cells.length)
  return Array.from({ length: count }, (_, r) =>
    columns.map(({ type }, c) => {
      const text = cells[r - row]?.[c - column]
      return text === undefined ? (rows[r]?.[c] ?? null) : cellValue(text, type)
    }),
  )
}
