import { AppError } from '../errors.ts'

/**
 * The types a column can have between nodes, whatever database it comes from or goes to.
 * A cell's encoding follows its column's type, never the size of the value (see wire.ts).
 */
export type ColumnType =
  | { kind: ScalarKind }
  /** Without precision: any decimal, exact, as Postgres `numeric`. */
  | { kind: 'decimal'; precision?: number; scale?: number }
  | { kind: 'enum'; values: string[] }
  | { kind: 'list'; of: ColumnType }

export const scalarKinds = [
  'boolean',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'text',
  'blob',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'uuid',
  'json',
] as const
export type ScalarKind = (typeof scalarKinds)[number]

export interface Column {
  name: string
  type: ColumnType
  /** Known not to hold NULL; absent means unknown. */
  nullable?: boolean
}

const aliases: Record<string, ScalarKind> = {
  bool: 'boolean',
  smallint: 'int16',
  int: 'int32',
  integer: 'int32',
  bigint: 'int64',
  real: 'float32',
  float: 'float64',
  double: 'float64',
  'double precision': 'float64',
  string: 'text',
  varchar: 'text',
  bytea: 'blob',
  bytes: 'blob',
  datetime: 'timestamp',
  jsonb: 'json',
}

/** Writes a type the way documents and messages spell it: `int64`, `decimal(38,10)`, `list(text)`, `enum('a','b')`. */
export function formatType(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return type.precision === undefined ? 'decimal' : `decimal(${type.precision},${type.scale ?? 0})`
    case 'list':
      return `list(${formatType(type.of)})`
    case 'enum':
      return `enum(${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',')})`
    default:
      return type.kind
  }
}

/**
 * Reads a type as written in a document. Accepts the names of `scalarKinds` and the usual SQL aliases, any case.
 * @throws AppError CONFIG_INVALID when the text names no type.
 */
export function parseType(text: string): ColumnType {
  const source = text.trim()
  const lower = source.toLowerCase().replace(/\s+/g, ' ')
  const scalar = scalarKinds.find((kind) => kind === lower) ?? aliases[lower]
  if (scalar) return { kind: scalar }
  const decimal = /^(?:decimal|numeric)(?: ?\( ?(\d+) ?(?:, ?(\d+) ?)?\))?$/.exec(lower)
  if (decimal) return parseDecimal(source, decimal[1], decimal[2])
  const list = /^list\s*\((.*)\)$/is.exec(source) ?? /^(.*)\[\]$/s.exec(source)
  if (list?.[1]) return { kind: 'list', of: parseType(list[1]) }
  const values = /^enum\s*\((.*)\)$/is.exec(source)
  if (values) return { kind: 'enum', values: [...(values[1] ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(unquote) }
  throw unknownType(text)
}

function parseDecimal(source: string, precision: string | undefined, scale: string | undefined): ColumnType {
  if (precision === undefined) return { kind: 'decimal' }
  const type = { kind: 'decimal' as const, precision: Number(precision), scale: Number(scale ?? 0) }
  if (type.precision < 1 || type.scale > type.precision) throw unknownType(source)
  return type
}

const unquote = (match: RegExpMatchArray) => (match[1] ?? '').replaceAll("''", "'")

function unknownType(text: string): AppError {
  return new AppError('CONFIG_INVALID', `"${text}" is not a column type.`, {
    hint: `Types are ${scalarKinds.join(', ')}, decimal(precision,scale), list(type) and enum('a','b').`,
  })
}

/**
 * Gives every column a name of its own. Names that differ only in case count as equal, because the embedded
 * engine and SQLite treat them so: `id, ID, id` becomes `id, ID_2, id_3`. An empty name becomes `column_N`.
 */
export function uniqueNames<T extends { name: string }>(columns: readonly T[]): T[] {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()))
  const seen = new Set<string>()
  return columns.map((column, index) => {
    const base = column.name === '' ? `column_${index + 1}` : column.name
    let name = base
    for (let n = 2; seen.has(name.toLowerCase()) || (name !== column.name && taken.has(name.toLowerCase())); n++) {
      name = `${base}_${n}`
    }
    seen.add(name.toLowerCase())
    return name === column.name ? column : { ...column, name }
  })
}
