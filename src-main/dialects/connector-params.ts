import type { Column } from '../../shared/data/types.ts'
import type { Cell, Row } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import type { BoundValue } from './dialect.ts'

/** A value for a `:name` placeholder: a plain one, whose type is inferred, or one with its type. */
export type Param = null | string | number | bigint | boolean | Date | Uint8Array | BoundValue
export type Params = Record<string, Param>

/**
 * The types values are bound as: text for strings, int32 or int64 for whole numbers, float64 for others, int64 (or
 * decimal beyond 64 bits) for bigints, timestamptz for dates, blob for bytes. NULL is bound as text.
 * @throws AppError CONFIG_PARAMETER for anything else.
 */
export function bindParams(params: Params): Record<string, BoundValue> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, bindParam(name, value)]))
}

const limit64 = 2n ** 63n

function bindParam(name: string, value: Param): BoundValue {
  if (value === null) return { type: { kind: 'text' }, value }
  if (typeof value === 'string') return { type: { kind: 'text' }, value }
  if (typeof value === 'boolean') return { type: { kind: 'boolean' }, value }
  if (typeof value === 'number') return bindNumber(value)
  if (typeof value === 'bigint') {
    const fits = value >= -limit64 && value < limit64
    return fits ? { type: { kind: 'int64' }, value } : { type: { kind: 'decimal' }, value: value.toString() }
  }
  if (value instanceof Uint8Array) return { type: { kind: 'blob' }, value }
  if (value instanceof Date) return { type: { kind: 'timestamptz' }, value: dateText(name, value) }
  if (typeof value === 'object' && 'type' in value && 'value' in value) return value
  throw unusable(name)
}

function bindNumber(value: number): BoundValue {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { type: { kind: 'float64' }, value }
  const small = value >= -(2 ** 31) && value < 2 ** 31
  return small ? { type: { kind: 'int32' }, value } : { type: { kind: 'int64' }, value: BigInt(value) }
}

function dateText(name: string, date: Date): string {
  if (Number.isNaN(date.getTime())) throw unusable(name)
  return date.toISOString().replace('T', ' ').replace('Z', '+00')
}

function unusable(name: string): AppError {
  return new AppError('CONFIG_PARAMETER', `The value of :${name} cannot be bound.`, {
    hint: 'Use a string, number, bigint, boolean, Date, Uint8Array or null, or give { type, value }.',
  })
}

/** The same text for the same statement and values, whatever the order they are named in. */
export function fetchKey(sql: string, params: Params): string {
  const bound = Object.entries(bindParams(params)).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([sql, bound], (_key, value: unknown) => {
    if (typeof value === 'bigint') return { bigint: value.toString() }
    if (value instanceof Uint8Array) return { bytes: [...value] }
    if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
    return value
  })
}

/** A row keyed by column name. */
export type RowObject = Record<string, Cell>

export function rowObject(row: Row, columns: readonly Column[]): RowObject {
  return Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null]))
}
