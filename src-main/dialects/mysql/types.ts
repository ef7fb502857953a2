import type { ColumnType, ScalarKind } from '../../../shared/data/types.ts'
import type { FieldDef } from './packets.ts'

/** Numbers of column types in the protocol. */
export const wireTypes = {
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  bit: 16,
  json: 245,
  decimal: 246,
  blob: 252,
  text: 253,
  geometry: 255,
} as const

const UNSIGNED = 32
const ENUM = 256
const BINARY_CHARSET = 63

const scalars: Record<number, ScalarKind> = {
  [wireTypes.float]: 'float32',
  [wireTypes.double]: 'float64',
  [wireTypes.null]: 'text',
  [wireTypes.timestamp]: 'timestamptz',
  [wireTypes.date]: 'date',
  14: 'date',
  [wireTypes.time]: 'time',
  [wireTypes.datetime]: 'timestamp',
  [wireTypes.year]: 'int16',
  [wireTypes.json]: 'json',
  [wireTypes.geometry]: 'blob',
  // Vectors.
  242: 'blob',
}

const extendedTypes: Record<string, ScalarKind> = { json: 'json', uuid: 'uuid', inet4: 'text', inet6: 'text' }

/** Whether the column is an enum, whose values its definition does not tell. */
export const isEnumField = (field: FieldDef) => (field.flags & ENUM) !== 0

/** The column type of a result's column. An enum is text here; see describe.ts for its values. */
export function typeOfField(field: FieldDef): ColumnType {
  const extended = extendedTypes[field.extended]
  if (extended) return { kind: extended }
  const unsigned = (field.flags & UNSIGNED) !== 0
  switch (field.type) {
    case wireTypes.tiny:
      return { kind: field.length === 1 ? 'boolean' : 'int16' }
    case wireTypes.short:
      return { kind: unsigned ? 'int32' : 'int16' }
    case wireTypes.int24:
      return { kind: 'int32' }
    case wireTypes.long:
      return { kind: unsigned ? 'int64' : 'int32' }
    case wireTypes.longlong:
      return unsigned ? { kind: 'decimal', precision: 20, scale: 0 } : { kind: 'int64' }
    case 0:
    case wireTypes.decimal:
      return {
        kind: 'decimal',
        // The length counts the sign and the point.
        precision: Math.max(1, field.length - (unsigned ? 0 : 1) - (field.decimals > 0 ? 1 : 0)),
        scale: field.decimals,
      }
    case wireTypes.bit:
      return { kind: field.length === 1 ? 'boolean' : 'blob' }
    default: {
      const kind = scalars[field.type]
      return { kind: kind ?? (field.charset === BINARY_CHARSET ? 'blob' : 'text') }
    }
  }
}

const moments = new Set(['date', 'time', 'timestamp', 'timestamptz'])

/** Whether the column is read as the server writes it; see ReadOptions. */
export function isPlain(field: FieldDef, plain: readonly ScalarKind[]): boolean {
  const { kind } = typeOfField(field)
  return plain.some((odd) => odd === kind) && (field.type === wireTypes.tiny || moments.has(kind))
}

/** As `typeOfField`; of a plain column, a number for tinyint(1) and text for the rest. */
export function plainType(field: FieldDef, plain: readonly ScalarKind[]): ColumnType {
  if (!isPlain(field, plain)) return typeOfField(field)
  return { kind: field.type === wireTypes.tiny ? 'int16' : 'text' }
}

/** What a server can do, as far as new tables depend on it. */
export interface Abilities {
  mariaDb: boolean
  version: number
}

/** `10.11.6-MariaDB` → 1011; `8.0.36` → 800. */
export function abilitiesOf(serverVersion: string): Abilities {
  // Older MariaDB servers put a version before their own, for old clients' sake.
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(serverVersion.replace(/^5\.5\.5-/, '')) ?? []
  return { mariaDb: /mariadb/i.test(serverVersion), version: Number(major) * 100 + Number(minor) }
}

/** Digits and decimals that a DECIMAL holds at most. */
export const decimalLimits = { precision: 65, scale: 30 }

/**
 * How a column of a new table is declared; undefined where the database has no type that holds all values. Columns of a key
 * must be short, and compare byte by byte, as keys do elsewhere; `keyLength` is the room for one of them in characters.
 */
export function databaseType(type: ColumnType, server: Abilities, keyLength?: number): string | undefined {
  switch (type.kind) {
    case 'boolean':
      return 'tinyint(1)'
    case 'int16':
      return 'smallint'
    case 'int32':
      return 'int'
    case 'int64':
      return 'bigint'
    case 'float32':
      return 'float'
    case 'float64':
      return 'double'
    case 'decimal':
      return decimalName(type)
    case 'date':
      return 'date'
    case 'time':
      return 'time(6)'
    case 'timestamp':
      return 'datetime(6)'
    case 'timestamptz':
      // Without `null` older servers add a default that follows every update.
      return keyLength === undefined ? 'timestamp(6) null' : 'timestamp(6) default 0'
    case 'uuid':
      return server.mariaDb && server.version >= 1007 ? 'uuid' : `char(36) character set ascii`
    case 'blob':
      return keyLength === undefined ? 'longblob' : `varbinary(${keyLength})`
    case 'json':
    case 'list':
      return keyLength === undefined ? 'json' : keyText(server, keyLength)
    default:
      return keyLength === undefined ? 'longtext character set utf8mb4' : keyText(server, keyLength)
  }
}

function keyText(server: Abilities, length: number): string {
  const collation = server.mariaDb ? 'utf8mb4_nopad_bin' : server.version >= 800 ? 'utf8mb4_0900_bin' : 'utf8mb4_bin'
  return `varchar(${length}) character set utf8mb4 collate ${collation}`
}

function decimalName({ precision, scale }: { precision?: number; scale?: number }): string | undefined {
  const wanted = precision === undefined ? decimalLimits : { precision, scale: scale ?? 0 }
  if (wanted.precision > decimalLimits.precision || wanted.scale > decimalLimits.scale) return undefined
  return `decimal(${wanted.precision},${wanted.scale})`
}
