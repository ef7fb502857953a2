import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import type { WireFormat } from '../../../shared/data/wire.ts'

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

const scalars: Partial<Record<DuckDBTypeId, ColumnType>> = {
  [DuckDBTypeId.BOOLEAN]: { kind: 'boolean' },
  [DuckDBTypeId.TINYINT]: { kind: 'int16' },
  [DuckDBTypeId.UTINYINT]: { kind: 'int16' },
  [DuckDBTypeId.SMALLINT]: { kind: 'int16' },
  [DuckDBTypeId.USMALLINT]: { kind: 'int32' },
  [DuckDBTypeId.INTEGER]: { kind: 'int32' },
  [DuckDBTypeId.UINTEGER]: { kind: 'int64' },
  [DuckDBTypeId.BIGINT]: { kind: 'int64' },
  [DuckDBTypeId.UBIGINT]: { kind: 'decimal', precision: 20, scale: 0 },
  [DuckDBTypeId.HUGEINT]: { kind: 'decimal', precision: 38, scale: 0 },
  [DuckDBTypeId.FLOAT]: { kind: 'float32' },
  [DuckDBTypeId.DOUBLE]: { kind: 'float64' },
  [DuckDBTypeId.BLOB]: { kind: 'blob' },
  [DuckDBTypeId.DATE]: { kind: 'date' },
  [DuckDBTypeId.TIME]: { kind: 'time' },
  [DuckDBTypeId.TIMESTAMP]: { kind: 'timestamp' },
  [DuckDBTypeId.TIMESTAMP_S]: { kind: 'timestamp' },
  [DuckDBTypeId.TIMESTAMP_MS]: { kind: 'timestamp' },
  [DuckDBTypeId.TIMESTAMP_NS]: { kind: 'timestamp' },
  [DuckDBTypeId.TIMESTAMP_TZ]: { kind: 'timestamptz' },
  [DuckDBTypeId.INTERVAL]: { kind: 'interval' },
  [DuckDBTypeId.UUID]: { kind: 'uuid' },
}

/** The column type of a DuckDB type; structures are `json`, everything without a place of its own is `text`. */
export function fromDuckType(type: DuckDBType): ColumnType {
  if (type.alias === 'JSON' || isNested(type)) return { kind: 'json' }
  if (type.typeId === DuckDBTypeId.DECIMAL) return { kind: 'decimal', precision: type.width, scale: type.scale }
  if (type.typeId === DuckDBTypeId.ENUM) return { kind: 'enum', values: [...type.values] }
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) {
    return { kind: 'list', of: fromDuckType(type.valueType) }
  }
  return scalars[type.typeId] ?? { kind: 'text' }
}

/** Whether values of the type must become JSON text before they leave DuckDB. */
export function isNested(type: DuckDBType): boolean {
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) return isNested(type.valueType)
  return type.typeId === DuckDBTypeId.STRUCT || type.typeId === DuckDBTypeId.MAP || type.typeId === DuckDBTypeId.UNION
}

/** The DuckDB type that holds a column. */
export function toDuckType(type: ColumnType): string {
  switch (type.kind) {
    case 'int16':
      return 'SMALLINT'
    case 'int32':
      return 'INTEGER'
    case 'int64':
      return 'BIGINT'
    case 'float32':
      return 'FLOAT'
    case 'float64':
      return 'DOUBLE'
    case 'decimal':
      return fitsDecimal(type) ? `DECIMAL(${type.precision},${type.scale ?? 0})` : 'DECIMAL(38,10)'
    case 'text':
    case 'enum':
      return 'VARCHAR'
    case 'timestamptz':
      return 'TIMESTAMPTZ'
    case 'list':
      return `${toDuckType(type.of)}[]`
    default:
      return type.kind.toUpperCase()
  }
}

function fitsDecimal(type: { precision?: number }): boolean {
  return type.precision !== undefined && type.precision <= 38
}

/** The type a wire field is read as; types DuckDB's CSV reader cannot parse from the wire are read as text. */
export function readType(type: ColumnType): string {
  const asText = ['blob', 'list', 'json', 'interval', 'enum', 'text']
  if (asText.includes(type.kind) || (type.kind === 'decimal' && !fitsDecimal(type))) return 'VARCHAR'
  return toDuckType(type)
}

/** The DuckDB value of a wire field that was read as `readType(type)`. */
export function fromWire(field: string, type: ColumnType): string {
  switch (type.kind) {
    case 'blob':
      return `unhex(substr(${field}, 3))`
    case 'json':
      return `CAST(${field} AS JSON)`
    case 'list':
      return `CAST(CAST(${field} AS JSON) AS ${toDuckType(type)})`
    case 'interval':
      return `CAST(replace(${field}, '+', '') AS INTERVAL)`
    case 'decimal':
      return fitsDecimal(type) ? field : exactDecimal(field)
    default:
      return field
  }
}

/** A decimal without declared scale keeps ten decimals here; more would be rounded, so more is an error instead. */
function exactDecimal(field: string): string {
  const digits = `rtrim(split_part(${field}, '.', 2), '0')`
  const message = literal(
    'A number has more than 10 decimals; cast it in the query, e.g. to numeric(38,20) or to text: ',
  )
  return `CASE WHEN length(${digits}) > 10 THEN error(${message} || ${field}) ELSE CAST(${field} AS DECIMAL(38,10)) END`
}

/** The wire text of a DuckDB value, before quoting. */
export function toWire(value: string, type: ColumnType, format: WireFormat): string {
  switch (type.kind) {
    case 'blob':
      return `'\\x' || lower(hex(${value}))`
    case 'json':
    case 'interval':
      return `CAST(${value} AS VARCHAR)`
    case 'list':
      return format.lists === 'postgres' ? postgresList(value, type.of, 0) : `CAST(to_json(${value}) AS VARCHAR)`
    default:
      return value
  }
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
export function selectWire(relation: string, columns: readonly Column[], format: WireFormat): string {
  const fields = columns.map((column) => toWire(quote(column.name), column.type, format))
  return `SELECT ${fields.join(', ')} FROM ${relation}`
}

/** A SELECT that reads wire bytes from a file or pipe into typed columns. */
export function selectFromWire(path: string, columns: readonly Column[]): string {
  const types = columns.map((column, index) => `f${index}: ${literal(readType(column.type))}`)
  const fields = columns.map((column, index) => `${fromWire(`f${index}`, column.type)} AS ${quote(column.name)}`)
  return (
    `SELECT ${fields.join(', ')} FROM read_csv(${literal(path)}, header = false, auto_detect = false, delim = ',', ` +
    `quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, strict_mode = true, ` +
    `max_line_size = 16777216, buffer_size = 33554432, columns = {${types.join(', ')}})`
  )
}
