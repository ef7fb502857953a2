import { DuckDBBlobValue, DuckDBDateValue, DuckDBListValue, type DuckDBValue } from '@duckdb/node-api'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import type { Cell, Row } from '../../../shared/data/wire.ts'

/** DuckDB's JavaScript values as cells. */
export function rowsOf(rows: readonly (readonly DuckDBValue[])[], columns: readonly Column[]): Row[] {
  return rows.map((row) => columns.map((column, index) => cellOf(row[index] ?? null, column.type)))
}

function cellOf(value: DuckDBValue, type: ColumnType): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return type.kind === 'int64' ? value : value.toString()
  if (value instanceof DuckDBBlobValue) return new Uint8Array(value.bytes)
  if (value instanceof DuckDBListValue) {
    const of: ColumnType = type.kind === 'list' ? type.of : { kind: 'text' }
    return value.items.map((item) => cellOf(item, of))
  }
  // The driver prints the infinite dates as days far away.
  if (value instanceof DuckDBDateValue && !value.isFinite) return value.days > 0 ? 'infinity' : '-infinity'
  return value.toString().replace(/^(\S+) \(BC\)( .*)?$/, '$1$2 BC')
}
