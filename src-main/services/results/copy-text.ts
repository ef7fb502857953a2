import type { CellText, CopyPiece, copyFormats } from '../../../shared/contract/results.ts'
import { isNumber } from '../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import { parseTableName } from '../../../shared/sql/names.ts'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import { loadDialect } from '../../dialects/index.ts'
import { literal } from '../queries/edits/values.ts'

export interface CopyRequest {
  format: (typeof copyFormats)[number]
  header: boolean
  /** Named by INSERTs: `name` or `schema.name`. */
  table: string
  /** Whose SQL INSERTs are. */
  dialect: SqlDialect
}

/** How rows become text one after the other, so that few of them need be held. */
interface Shape {
  /** What stands between a row and the one before it, or the start. */
  before(row: number): string
  line(row: readonly CellText[]): string
  /** What closes so many rows. */
  after(rows: number): string
}

/** Rows of exact texts as text for the clipboard, a piece for each window. @throws AppError CONFIG_INVALID when the table is no name */
export async function* copyPieces(
  columns: readonly Column[],
  windows: AsyncIterable<CellText[][]> | Iterable<CellText[][]>,
  request: CopyRequest,
): AsyncGenerator<CopyPiece> {
  const { dialect } = request
  const quote = dialect === 'duckdb' ? quoteName : (await loadDialect(dialect)).quote
  const shape = shapeOf(columns, request, quote)
  let count = 0
  for await (const rows of windows) {
    const text = rows.map((row, index) => shape.before(count + index) + shape.line(row)).join('')
    count += rows.length
    yield { text, rows: rows.length }
  }
  yield { text: shape.after(count), rows: 0 }
}

type Quote = (name: string) => string

function shapeOf(columns: readonly Column[], { format, header, table, dialect }: CopyRequest, quote: Quote): Shape {
  switch (format) {
    case 'tsv':
      return delimited(columns, header, '\t', tsvField)
    case 'csv':
      return delimited(columns, header, ',', csvField)
    case 'json':
      return json(columns)
    case 'markdown':
      return markdown(columns)
    case 'insert':
      return inserts(columns, table, dialect, quote)
  }
}

/** Lines below others that are there without any rows, too. */
const below = (head: string | undefined): Pick<Shape, 'before' | 'after'> => ({
  before: (row) => (row > 0 ? '\n' : head === undefined ? '' : `${head}\n`),
  after: (rows) => (rows > 0 ? '' : (head ?? '')),
})

function delimited(
  columns: readonly Column[],
  header: boolean,
  delimiter: string,
  field: (text: CellText) => string,
): Shape {
  const names = columns.map(({ name }) => field(name)).join(delimiter)
  return { ...below(header ? names : undefined), line: (row) => row.map(field).join(delimiter) }
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** Spreadsheets read a field in quotes whole, tabs and line breaks included. */
const tsvField = (text: CellText) => (text === null ? '' : /[\t\n\r]|^"/.test(text) ? quoted(text) : text)

const csvField = (text: CellText) => (text === null ? '' : text === '' || /[",\n\r]/.test(text) ? quoted(text) : text)

/** NaN and the infinities are numbers in no notation. */
const isPlainNumber = (text: string) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)

function json(columns: readonly Column[]): Shape {
  const keys = columns.map(({ name, type }) => ({ key: JSON.stringify(name), type }))
  return {
    before: (row) => (row > 0 ? ',\n' : '[\n'),
    line: (row) =>
      `  {${keys.map(({ key, type }, index) => `${key}: ${jsonValue(row[index] ?? null, type)}`).join(', ')}}`,
    after: (rows) => (rows > 0 ? '\n]' : '[]'),
  }
}

/** Digits stay as they are, so that no number is rounded. */
function jsonValue(text: CellText, type: ColumnType): string {
  if (text === null) return 'null'
  if (type.kind === 'boolean' || type.kind === 'json' || type.kind === 'list') return text
  return isNumber(type) && isPlainNumber(text) ? text : JSON.stringify(text)
}

function markdown(columns: readonly Column[]): Shape {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const names = line(columns.map(({ name }) => markdownCell(name)))
  const sides = line(columns.map(({ type }) => (isNumber(type) ? '---:' : '---')))
  return { ...below(`${names}\n${sides}`), line: (row) => line(row.map(markdownCell)) }
}

const markdownCell = (text: CellText) =>
  text === null ? '' : text.replace(/[\\|]/g, '\\$&').replace(/\r\n|\r|\n/g, '<br>')

/** Rows of one statement. */
const together = 500

function inserts(columns: readonly Column[], table: string, dialect: SqlDialect, quote: Quote): Shape {
  const { schema, name } = parseTableName(table)
  const target = schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`
  const head = `INSERT INTO ${target} (${columns.map((column) => quote(column.name)).join(', ')}) VALUES\n`
  return {
    before: (row) => (row % together > 0 ? ',\n' : row > 0 ? `;\n${head}` : head),
    line: (row) => `  (${columns.map(({ type }, index) => literal(row[index] ?? null, type, dialect)).join(', ')})`,
    after: (rows) => (rows > 0 ? ';' : ''),
  }
}
