import type { CellText, copyFormats } from '../../../shared/contract/results.ts'
import { isNumber } from '../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import { quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { parseTableName } from '../../../shared/sql/names.ts'

export interface CopyRequest {
  format: (typeof copyFormats)[number]
  header: boolean
  /** Named by INSERTs: `name` or `schema.name`. */
  table: string
}

/** Rows of exact texts as text for the clipboard. @throws AppError CONFIG_INVALID when the table is no name */
export function copyText(columns: readonly Column[], rows: readonly CellText[][], request: CopyRequest): string {
  switch (request.format) {
    case 'tsv':
      return delimited(columns, rows, request.header, '\t', tsvField)
    case 'csv':
      return delimited(columns, rows, request.header, ',', csvField)
    case 'json':
      return json(columns, rows)
    case 'markdown':
      return markdown(columns, rows)
    case 'insert':
      return inserts(columns, rows, request.table)
  }
}

function delimited(
  columns: readonly Column[],
  rows: readonly CellText[][],
  header: boolean,
  delimiter: string,
  field: (text: CellText) => string,
): string {
  const names = header ? [columns.map(({ name }) => field(name))] : []
  const lines = rows.map((row) => columns.map((_, index) => field(row[index] ?? null)))
  return [...names, ...lines].map((line) => line.join(delimiter)).join('\n')
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** Spreadsheets read a field in quotes whole, tabs and line breaks included. */
const tsvField = (text: CellText) => (text === null ? '' : /[\t\n\r]|^"/.test(text) ? quoted(text) : text)

const csvField = (text: CellText) => (text === null ? '' : text === '' || /[",\n\r]/.test(text) ? quoted(text) : text)

/** NaN and the infinities are numbers in no notation. */
const isPlainNumber = (text: string) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)

function json(columns: readonly Column[], rows: readonly CellText[][]): string {
  const keys = columns.map(({ name }) => JSON.stringify(name))
  const lines = rows.map((row) => {
    const values = columns.map(({ type }, index) => `${keys[index]}: ${jsonValue(row[index] ?? null, type)}`)
    return `  {${values.join(', ')}}`
  })
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`
}

/** Digits stay as they are, so that no number is rounded. */
function jsonValue(text: CellText, type: ColumnType): string {
  if (text === null) return 'null'
  if (type.kind === 'boolean' || type.kind === 'json' || type.kind === 'list') return text
  return isNumber(type) && isPlainNumber(text) ? text : JSON.stringify(text)
}

function markdown(columns: readonly Column[], rows: readonly CellText[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const names = line(columns.map(({ name }) => markdownCell(name)))
  const sides = line(columns.map(({ type }) => (isNumber(type) ? '---:' : '---')))
  return [names, sides, ...rows.map((row) => line(columns.map((_, index) => markdownCell(row[index] ?? null))))].join(
    '\n',
  )
}

const markdownCell = (text: CellText) =>
  text === null ? '' : text.replace(/[\\|]/g, '\\$&').replace(/\r\n|\r|\n/g, '<br>')

/** Rows of one statement. */
const together = 500

function inserts(columns: readonly Column[], rows: readonly CellText[][], table: string): string {
  const { schema, name } = parseTableName(table)
  const target = schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
  const head = `INSERT INTO ${target} (${columns.map((column) => quoteName(column.name)).join(', ')}) VALUES`
  const values = rows.map(
    (row) => `  (${columns.map(({ type }, index) => literal(row[index] ?? null, type)).join(', ')})`,
  )
  const statements: string[] = []
  for (let at = 0; at < values.length; at += together) {
    statements.push(`${head}\n${values.slice(at, at + together).join(',\n')};`)
  }
  return statements.join('\n')
}

function literal(text: CellText, type: ColumnType): string {
  if (text === null) return 'NULL'
  if (type.kind === 'boolean') return text.toUpperCase()
  if (type.kind === 'blob') return `X'${text.slice(2)}'`
  return isNumber(type) && isPlainNumber(text) ? text : quoteText(text)
}
