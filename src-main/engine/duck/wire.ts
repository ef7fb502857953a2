import { isBrief } from '../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import type { WireFormat } from '../../../shared/data/wire.ts'
import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { eachItem, innermost, wireReadType, wireValue } from './from-wire.ts'

/** The wire text of a DuckDB value, before quoting. */
export function toWire(value: string, type: ColumnType, format: WireFormat): string {
  switch (type.kind) {
    case 'blob':
      return `'\\x' || lower(hex(${value}))`
    case 'json':
    case 'interval':
      return `CAST(${value} AS VARCHAR)`
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return `CASE WHEN ${value} < DATE '0001-01-01' THEN ${beforeOurEra(`CAST(${value} AS VARCHAR)`)} ELSE CAST(${value} AS VARCHAR) END`
    case 'list':
      return format.lists === 'postgres' ? postgresList(value, type.of, 0) : jsonText(value, type)
    default:
      return value
  }
}

/**
 * Whether the engine's `to_json` would not write values of the type as they are: it reads JSON and writes it anew, with long and padded
 * fractions as doubles, and leaves out zeros at the end of decimals.
 */
export const isReworded = (type: ColumnType): boolean =>
  type.kind === 'json' || type.kind === 'decimal' || (type.kind === 'list' && isReworded(type.of))

/** `0044-03-15 (BC) 10:00:00` as Postgres and the wire spell it. */
const beforeOurEra = (text: string) => `regexp_replace(${text}, '^(\\S+) \\(BC\\)( .*)?$', '\\1\\2 BC')`

/** SQL for a value as JSON text, NULL for NULL; what is JSON already stays as it is written. */
export function jsonText(value: string, type: ColumnType, depth = 0): string {
  if (type.kind === 'json') return `CAST(CAST(${value} AS JSON) AS VARCHAR)`
  if (type.kind === 'decimal') return `CAST(${value} AS VARCHAR)`
  if (type.kind !== 'list') return `CAST(to_json(${value}) AS VARCHAR)`
  if (!isReworded(type)) return `CAST(to_json(${jsonItems(value, type)}) AS VARCHAR)`
  const item = `item${depth}`
  const items = `list_transform(${value}, lambda ${item} : coalesce(${jsonText(item, type.of, depth + 1)}, 'null'))`
  return `'[' || array_to_string(${items}, ',') || ']'`
}

/** SQL for a list whose items are texts, or JSON, where the engine's writer of JSON would write them as something else. */
export function jsonItems(value: string, type: Extract<ColumnType, { kind: 'list' }>): string {
  const change = jsonItem[innermost(type).leaf.kind]
  return change === undefined ? value : eachItem(value, type, change)
}

const asWire = (item: string, type: ColumnType) => toWire(item, type, { lists: 'json' })

const jsonItem: Partial<Record<ColumnType['kind'], (item: string, type: ColumnType) => string>> = {
  blob: asWire,
  date: asWire,
  timestamp: asWire,
  timestamptz: asWire,
  float32: jsonFloat,
  float64: jsonFloat,
}

/** NaN and the infinities are no numbers of JSON, so they are texts in it. A number of 32 bits has the digits that tell it from its neighbours. */
export function jsonFloat(value: string, type: ColumnType): string {
  const number = type.kind === 'float32' ? `CAST(CAST(${value} AS VARCHAR) AS DOUBLE)` : value
  return `CASE WHEN ${value} IS NULL OR isfinite(${value}) THEN to_json(${number}) ELSE to_json(${oddFloat(value)}) END`
}

/** NaN and the infinities in the spelling that everything reads. */
export const oddFloat = (value: string): string =>
  `CASE WHEN isnan(${value}) THEN 'NaN' WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END`

function postgresList(value: string, of: ColumnType, depth: number): string {
  const item = `item${depth}`
  const element =
    of.kind === 'list'
      ? postgresList(item, of.of, depth + 1)
      : `'"' || replace(replace(CAST(${toWire(item, of, { lists: 'postgres' })} AS VARCHAR), '\\', '\\\\'), '"', '\\"') || '"'`
  return `'{' || array_to_string(list_transform(${value}, lambda ${item} : coalesce(${element}, 'NULL')), ',') || '}'`
}

/** A SELECT over a relation whose fields are wire text. */
function selectWire(relation: string, columns: readonly Column[], format: WireFormat): string {
  const fields = columns.map((column) => toWire(quoteName(column.name), column.type, format))
  return `SELECT ${fields.join(', ')} FROM ${relation}`
}

/** A COPY that writes a relation's rows to a file or pipe as wire bytes. */
export function copyToWire(relation: string, columns: readonly Column[], format: WireFormat, path: string): string {
  // A lone text that reads `\.` would end Postgres' input unless it is quoted.
  const quoting = columns.length === 1 ? ', FORCE_QUOTE *' : ''
  return `COPY (${selectWire(relation, columns, format)}) TO ${quoteText(path)} (FORMAT csv, HEADER false, NULLSTR '', USE_TMP_FILE false${quoting})`
}

const large = 'max_line_size = 16777216, buffer_size = 16777216'
const small = 'max_line_size = 262144, buffer_size = 1048576'

export interface WireReading {
  /** The positions of the columns that are on the wire; all when absent. The rest are NULL. */
  arriving?: readonly number[]
  /** Rows are handed on after fewer bytes where none of the values can be long: a reader holds them back until its buffer is full. */
  soon?: boolean
  /**
   * The rows become a table. Where values can be long one thread reads them then: of several, each gathers rows until it is its
   * turn, and memory ends with values of 8 KB after some hundred thousand rows, whatever the limit.
   */
  toTable?: boolean
}

/**
 * A SELECT that reads wire bytes from a file or pipe into typed columns. Fields are called `<prefix>_<position>`, so that a plan shows
 * which of them it reads.
 */
export function selectFromWire(
  path: string,
  columns: readonly Column[],
  prefix: string,
  { arriving = columns.map((_, index) => index), soon = false, toTable = false }: WireReading = {},
): string {
  const fieldOf = (index: number) => `${prefix}_${index}`
  const typeOf = (index: number): ColumnType => columns[index]?.type ?? { kind: 'text' }
  const types = arriving.map((index) => `${fieldOf(index)}: ${quoteText(wireReadType(typeOf(index)))}`)
  const fields = columns.map((column, index) => {
    const value = arriving.includes(index)
      ? wireValue(fieldOf(index), column.type)
      : `CAST(NULL AS ${duckType(column.type)})`
    return `${value} AS ${quoteName(column.name)}`
  })
  const brief = arriving.every((index) => isBrief(typeOf(index)))
  return (
    `SELECT ${fields.join(', ')} FROM read_csv(${quoteText(path)}, header = false, auto_detect = false, delim = ',', ` +
    `quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, strict_mode = true, ` +
    `parallel = ${brief || !toTable}, ${soon && brief ? small : large}, columns = {${types.join(', ')}})`
  )
}
