import { isBrief, isLoose } from '../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import type { WireFormat } from '../../../shared/data/wire.ts'
import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'

/** Of no more digits than a 64-bit integer holds. */
const isShort = (type: { precision?: number }) => type.precision !== undefined && type.precision <= 18

/** The type a wire field is read as; types DuckDB's CSV reader cannot parse from the wire are read as text. */
export function readType(type: ColumnType): string {
  const asText = ['blob', 'list', 'json', 'interval', 'enum', 'text']
  if (asText.includes(type.kind) || (type.kind === 'decimal' && !isShort(type))) return 'VARCHAR'
  return duckType(type)
}

/** The DuckDB value of a wire field that was read as `readType(type)`. */
export function fromWire(field: string, type: ColumnType): string {
  switch (type.kind) {
    case 'blob':
      return `unhex(substr(${field}, 3))`
    case 'json':
      return `CAST(${field} AS JSON)`
    case 'list':
      return `CAST(CAST(${holdsDates(type) ? `replace(${field}, ' BC"', ' (BC)"')` : field} AS JSON) AS ${duckType(type)})`
    case 'interval':
      return `CAST(replace(${field}, '+', '') AS INTERVAL)`
    case 'decimal':
      if (isShort(type)) return field
      return isLoose(type) ? roundedDecimal(field) : wideDecimal(field, type.precision ?? 38, type.scale ?? 0)
    default:
      return field
  }
}

/**
 * A text as a decimal of more than 18 digits. The engine's own cast takes some 30 µs a value, measured; that of the digits as a 128-bit
 * integer, shifted to their place, takes a hundredth.
 */
function wideDecimal(field: string, precision: number, scale: number): string {
  const type = `DECIMAL(${precision},${scale})`
  const digits =
    scale === 0 ? field : `split_part(${field}, '.', 1) || rpad(split_part(${field}, '.', 2), ${scale}, '0')`
  const whole = `CAST(CAST(${digits} AS HUGEINT) AS DECIMAL(38,0))`
  const shifted = scale === 0 ? whole : `${whole} * CAST('0.${'1'.padStart(scale, '0')}' AS DECIMAL(${scale},${scale}))`
  const plain = scale === 0 ? '-?\\d+' : `-?\\d+(\\.\\d{0,${scale}})?`
  return `CASE WHEN regexp_full_match(${field}, ${quoteText(plain)}) THEN CAST(${shifted} AS ${type}) ELSE CAST(${field} AS ${type}) END`
}

/**
 * A decimal without declared scale keeps ten decimals here. What comes after them is rounded away where eight significant digits or more
 * stay, as in a third or a mean; a value that would lose more is an error instead.
 */
function roundedDecimal(field: string): string {
  const decimals = `split_part(${field}, '.', 2)`
  const kept = `(split_part(${field}, '.', 1) || '.' || left(${decimals}, 10))`
  const carry = `CASE WHEN substr(${decimals}, 11, 1) < '5' THEN 0 WHEN ${field} < '0' THEN -0.0000000001 ELSE 0.0000000001 END`
  const small = `regexp_matches(${field}, '^-?0?\\.000') AND length(rtrim(${decimals}, '0')) > 10`
  const message = quoteText(
    'A number below 0.001 has more than 10 decimals; cast it in the query, e.g. to numeric(38,20), double precision or text: ',
  )
  return (
    `CASE WHEN length(${decimals}) <= 10 THEN ${wideDecimal(field, 38, 10)} ` +
    `WHEN ${small} THEN error(${message} || ${field}) ELSE ${wideDecimal(kept, 38, 10)} + ${carry} END`
  )
}

/** The wire text of a DuckDB value, before quoting. */
export function toWire(value: string, type: ColumnType, format: WireFormat): string {
  switch (type.kind) {
    case 'blob':
      return `'\\x' || lower(hex(${value}))`
    case 'json':
    case 'interval':
      return `CAST(${value} AS VARCHAR)`
    case 'date':
      return `CASE WHEN ${value} < DATE '0001-01-01' THEN replace(CAST(${value} AS VARCHAR), ' (BC)', ' BC') ELSE CAST(${value} AS VARCHAR) END`
    case 'list':
      if (format.lists === 'postgres') return postgresList(value, type.of, 0)
      return holdsDates(type) ? `replace(${jsonText(value, type)}, ' (BC)"', ' BC"')` : jsonText(value, type)
    default:
      return value
  }
}

/**
 * Whether values of the type hold JSON of any shape. The engine's `to_json` reads such JSON and writes it anew, with long and padded
 * fractions as doubles.
 */
export const holdsJson = (type: ColumnType): boolean =>
  type.kind === 'json' || (type.kind === 'list' && holdsJson(type.of))

/** Whether values of the type are lists of dates, at any depth. */
const holdsDates = (type: ColumnType): boolean =>
  type.kind === 'list' && (type.of.kind === 'date' || holdsDates(type.of))

/** SQL for a value as JSON text, NULL for NULL; what is JSON already stays as it is written. */
export function jsonText(value: string, type: ColumnType, depth = 0): string {
  if (type.kind === 'json') return `CAST(CAST(${value} AS JSON) AS VARCHAR)`
  if (type.kind !== 'list' || !holdsJson(type)) return `CAST(to_json(${value}) AS VARCHAR)`
  const item = `item${depth}`
  const items = `list_transform(${value}, lambda ${item} : coalesce(${jsonText(item, type.of, depth + 1)}, 'null'))`
  return `'[' || array_to_string(${items}, ',') || ']'`
}

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

/**
 * The text of a date as the engine's casts read it: they, and its CSV reader, take `0044-03-15 BC` for a day of our era, unless BC stands
 * in brackets.
 */
export const datable = (text: string): string =>
  `CASE WHEN suffix(${text}, ' BC') THEN replace(${text}, ' BC', ' (BC)') ELSE ${text} END`

const wireReadType = (type: ColumnType) => (type.kind === 'date' ? 'VARCHAR' : readType(type))

const wireValue = (field: string, type: ColumnType) =>
  type.kind === 'date' ? `CAST(${datable(field)} AS DATE)` : fromWire(field, type)

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
