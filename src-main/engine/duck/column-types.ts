import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { ColumnType } from '../../../shared/data/types.ts'
import { duckType } from '../../../shared/sql/duckdb.ts'

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

/** SQL for a value as its column type says it: structures become JSON, and what has no type of its own becomes text. */
export function settled(field: string, type: DuckDBType): string {
  if (isNested(type)) return `to_json(${field})`
  return isStrange(type) ? `CAST(${field} AS ${duckType(fromDuckType(type))})` : field
}

/** Whether values are texts only for want of a better type, as those of BIT and TIMETZ. */
function isStrange(type: DuckDBType): boolean {
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) return isStrange(type.valueType)
  return type.typeId !== DuckDBTypeId.VARCHAR && fromDuckType(type).kind === 'text'
}

function isNested(type: DuckDBType): boolean {
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) return isNested(type.valueType)
  return type.typeId === DuckDBTypeId.STRUCT || type.typeId === DuckDBTypeId.MAP || type.typeId === DuckDBTypeId.UNION
}
