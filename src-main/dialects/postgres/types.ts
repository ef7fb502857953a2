import type { ColumnType, ScalarKind } from '../../../shared/data/types.ts'

/** A database type as columns see it. */
export interface PgType {
  type: ColumnType
  /** For lists: whether the server's own JSON of the items equals their wire text. */
  plainJson: boolean
}

const scalars: Record<number, ScalarKind> = {
  16: 'boolean',
  17: 'blob',
  20: 'int64',
  21: 'int16',
  23: 'int32',
  25: 'text',
  26: 'int64',
  114: 'json',
  700: 'float32',
  701: 'float64',
  1042: 'text',
  1043: 'text',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1186: 'interval',
  2950: 'uuid',
  3802: 'json',
}
const NUMERIC = 1700
/** Types with smaller numbers come with the server. */
const FIRST_USER_OID = 16384

/** Element types by the type of their array. */
const arrays: Record<number, number> = {
  199: 114,
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1187: 1186,
  1231: NUMERIC,
  2951: 2950,
  3807: 3802,
}

const plainKinds = new Set([
  'boolean',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'decimal',
  'uuid',
  'json',
  'date',
])

/** The column type of a built-in type; undefined when the catalog must be asked. */
export function builtinType(oid: number, typmod: number): PgType | undefined {
  const kind = scalars[oid]
  if (kind) return { type: { kind }, plainJson: plainKinds.has(kind) || oid === 25 || oid === 1042 || oid === 1043 }
  if (oid === NUMERIC) return { type: decimalType(typmod), plainJson: true }
  const element = arrays[oid]
  const of = element === undefined ? undefined : builtinType(element, typmod)
  return of && { type: { kind: 'list', of: of.type }, plainJson: of.plainJson }
}

function decimalType(typmod: number): ColumnType {
  if (typmod < 4) return { kind: 'decimal' }
  const precision = ((typmod - 4) >> 16) & 0xffff
  const scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024
  // Scales outside 0…precision exist only here; the plain decimal holds their values.
  return scale < 0 || scale > precision ? { kind: 'decimal' } : { kind: 'decimal', precision, scale }
}

const parameterOids: Partial<Record<ColumnType['kind'], number>> = {
  boolean: 16,
  int16: 21,
  int32: 23,
  int64: 20,
  float32: 700,
  float64: 701,
  decimal: NUMERIC,
  blob: 17,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  uuid: 2950,
}

/** What a parameter is declared as; 0 leaves it to the server, so that texts fit enums, json and the like. */
export function parameterOid(type: ColumnType): number {
  if (type.kind !== 'list') return parameterOids[type.kind] ?? 0
  const item = parameterOids[type.of.kind]
  const array = Object.entries(arrays).find(([, element]) => element === item)
  return array ? Number(array[0]) : 0
}

/** How a column of a new table is declared. */
export function databaseType(type: ColumnType): string {
  switch (type.kind) {
    case 'int16':
      return 'smallint'
    case 'int32':
      return 'integer'
    case 'int64':
      return 'bigint'
    case 'float32':
      return 'real'
    case 'float64':
      return 'double precision'
    case 'decimal':
      return type.precision === undefined ? 'numeric' : `numeric(${type.precision},${type.scale ?? 0})`
    case 'blob':
      return 'bytea'
    case 'json':
      return 'jsonb'
    case 'enum':
      return 'text'
    case 'list':
      return `${databaseType(type.of)}[]`
    default:
      return type.kind
  }
}

const names: Record<number, string> = {
  16: 'bool',
  17: 'bytea',
  18: '"char"',
  19: 'name',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  26: 'oid',
  114: 'json',
  650: 'cidr',
  700: 'float4',
  701: 'float8',
  869: 'inet',
  1042: 'bpchar',
  1043: 'varchar',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1186: 'interval',
  1266: 'timetz',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
}

/** How a built-in type is written in a cast; undefined for types that belong to the database. */
export function typeName(oid: number): string | undefined {
  const element = arrays[oid]
  const name = names[element ?? oid]
  return name && `pg_catalog.${name}${element === undefined ? '' : '[]'}`
}

export interface CatalogType {
  oid: number
  /** pg_type.typtype: b base, d domain, e enum, … */
  kind: string
  base: number
  baseTypmod: number
  /** Element type of a true array, else 0. */
  element: number
  labels: string[]
}

/** The types of one database: built-in ones at once, others looked up and remembered. */
export class TypeMap {
  private readonly known = new Map<number, CatalogType>()

  /** Makes sure that every type can be told, asking `lookup` for those not met before. */
  async learn(oids: readonly number[], lookup: (oids: number[]) => Promise<CatalogType[]>): Promise<void> {
    let wanted = [...new Set(oids)].filter((oid) => oid !== 0 && !builtinType(oid, -1) && !this.known.has(oid))
    while (wanted.length > 0) {
      const found = await lookup(wanted)
      for (const type of found) this.known.set(type.oid, type)
      const next = found.flatMap((type) => [type.base, type.element])
      wanted = [...new Set(next)].filter((oid) => oid !== 0 && !builtinType(oid, -1) && !this.known.has(oid))
    }
  }

  resolve(oid: number, typmod: number): PgType {
    const builtin = builtinType(oid, typmod)
    if (builtin) return builtin
    const entry = this.known.get(oid)
    if (entry?.kind === 'e') return { type: { kind: 'enum', values: entry.labels }, plainJson: true }
    if (entry?.kind === 'd') return this.resolve(entry.base, entry.baseTypmod)
    if (entry && entry.element !== 0) {
      const of = this.resolve(entry.element, typmod)
      return { type: { kind: 'list', of: of.type }, plainJson: of.plainJson && of.type.kind !== 'list' }
    }
    // The server's JSON spells its own types as it prints them; composites and types of extensions it may take apart.
    return { type: { kind: 'text' }, plainJson: entry !== undefined && oid < FIRST_USER_OID && entry.kind !== 'c' }
  }
}
