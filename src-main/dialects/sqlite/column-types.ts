import type { Column, ColumnType, ScalarKind } from '../../../shared/data/types.ts'

const named: Record<string, ScalarKind> = {
  boolean: 'boolean',
  bool: 'boolean',
  smallint: 'int16',
  int2: 'int16',
  int4: 'int32',
  tinyint: 'int16',
  mediumint: 'int32',
  int: 'int64',
  integer: 'int64',
  bigint: 'int64',
  int8: 'int64',
  'big int': 'int64',
  'unsigned big int': 'int64',
  'int unsigned': 'int64',
  float4: 'float32',
  real: 'float64',
  float: 'float64',
  float8: 'float64',
  double: 'float64',
  'double precision': 'float64',
  blob: 'blob',
  bytea: 'blob',
  binary: 'blob',
  varbinary: 'blob',
  date: 'date',
  time: 'time',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamptz: 'timestamptz',
  'timestamp with time zone': 'timestamptz',
  interval: 'interval',
  uuid: 'uuid',
  'uuid text': 'uuid',
  json: 'json',
  'json text': 'json',
  jsonb: 'json',
}

/**
 * The column type a declared type stands for. SQLite takes any words as a type; undefined means that these say
 * nothing certain, and the values decide.
 */
export function typeFromDeclared(declared: string | null | undefined): ColumnType | undefined {
  if (!declared) return undefined
  const text = declared.trim().toLowerCase().replace(/\s+/g, ' ')
  const size = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(text)
  const bare = text
    .replace(/\s*\([^)]*\)\s*/g, ' ')
    .replace(/ (?:generated always|hidden)$/, '')
    .trim()
  if (/^(?:decimal|numeric)(?: text)?$/.test(bare)) return decimalType(size)
  const kind = Object.hasOwn(named, bare) ? named[bare] : undefined
  if (kind) return { kind }
  return /char|clob|text|^string$/.test(bare) ? { kind: 'text' } : undefined
}

function decimalType(size: RegExpExecArray | null): ColumnType {
  if (!size) return { kind: 'decimal' }
  return { kind: 'decimal', precision: Number(size[1]), scale: Number(size[2] ?? 0) }
}

/**
 * The declared type for a column that is created. Each name maps back to the same column type through
 * `typeFromDeclared`, and its affinity keeps values as they arrive: a double holds 15 digits, so longer decimals,
 * and texts that may look like numbers (uuid, json), are declared with TEXT affinity. Lists are kept as JSON.
 */
export function declaredFromType(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      if (type.precision === undefined) return 'DECIMAL TEXT'
      return `DECIMAL${type.precision > 15 ? ' TEXT' : ''}(${type.precision},${type.scale ?? 0})`
    case 'list':
      return 'JSON TEXT'
    case 'enum':
      return 'TEXT'
    default:
      return scalarNames[type.kind]
  }
}

const scalarNames: Record<ScalarKind, string> = {
  boolean: 'BOOLEAN',
  int16: 'SMALLINT',
  int32: 'INT4',
  int64: 'BIGINT',
  float32: 'FLOAT4',
  float64: 'DOUBLE',
  text: 'TEXT',
  blob: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  interval: 'INTERVAL',
  uuid: 'UUID TEXT',
  json: 'JSON TEXT',
}

export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric'

/** The affinity SQLite gives a column, by the rules of its manual (datatype3, section 3.1). */
export function affinityOf(declared: string): Affinity {
  const text = declared.toUpperCase()
  if (text.includes('INT')) return 'integer'
  if (/CHAR|CLOB|TEXT/.test(text)) return 'text'
  if (text === '' || text.includes('BLOB')) return 'blob'
  return /REAL|FLOA|DOUB/.test(text) ? 'real' : 'numeric'
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export const quoteNames = (columns: readonly Column[]) => columns.map((column) => quoteName(column.name)).join(', ')
