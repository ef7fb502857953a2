import type { ColumnType } from '../../../shared/data/types.ts'
import { type Cell, parseCell } from '../../../shared/data/wire.ts'
import { isExactNumber } from '../io/exact-json.ts'
import { isPart } from '../lineage/json.ts'
import type { Constant } from './filters.ts'

/** Every database reads dates of these years alike. */
const firstDay = Date.UTC(1000, 0, 1) / 86_400_000
const lastDay = Date.UTC(9999, 11, 31) / 86_400_000
const dayMicros = 86_400_000_000n

/**
 * The value that a constant of a plan stands for, as a cell of the column's type; undefined where it is of another type, or none that
 * every database knows.
 */
export function cellOf(constant: Constant, type: ColumnType): Cell | undefined {
  const text = textOf(constant, type)
  return text === undefined ? undefined : parseCell(text, type)
}

function textOf({ type: given, scale, value }: Constant, type: ColumnType): string | undefined {
  switch (type.kind) {
    case 'boolean':
      return given === 'BOOLEAN' && typeof value === 'boolean' ? String(value) : undefined
    case 'int16':
    case 'int32':
    case 'int64':
      return given === integers[type.kind] ? wholeOf(value)?.toString() : undefined
    case 'decimal':
      return given === 'DECIMAL' && scale === (type.scale ?? 0) ? decimalText(wholeOf(value), scale) : undefined
    case 'date':
      return given === 'DATE' ? dateText(wholeOf(value)) : undefined
    case 'timestamp':
      return given === 'TIMESTAMP' ? timestampText(wholeOf(value)) : undefined
    case 'timestamptz':
      return given === 'TIMESTAMP WITH TIME ZONE' ? withZone(timestampText(wholeOf(value))) : undefined
    case 'uuid':
      return given === 'UUID' ? uuidText(wholeOf(value)) : undefined
    case 'text':
      return given === 'VARCHAR' && typeof value === 'string' && !value.includes('\0') ? value : undefined
    default:
      return undefined
  }
}

const integers = { int16: 'SMALLINT', int32: 'INTEGER', int64: 'BIGINT' }

/** A whole number of any size: 128-bit ones come in two halves. */
function wholeOf(value: unknown): bigint | undefined {
  if (isExactNumber(value)) return BigInt(value.rawJSON)
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (!isPart(value)) return undefined
  const [upper, lower] = [wholeOf(value.upper), wholeOf(value.lower)]
  return upper === undefined || lower === undefined ? undefined : (upper << 64n) + lower
}

function decimalText(units: bigint | undefined, scale: number): string | undefined {
  if (units === undefined) return undefined
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`
}

function dateText(days: bigint | undefined): string | undefined {
  if (days === undefined || days < firstDay || days > lastDay) return undefined
  return new Date(Number(days) * 86_400_000).toISOString().slice(0, 10)
}

function timestampText(micros: bigint | undefined): string | undefined {
  if (micros === undefined) return undefined
  const inDay = ((micros % dayMicros) + dayMicros) % dayMicros
  const day = dateText((micros - inDay) / dayMicros)
  if (day === undefined) return undefined
  const time = new Date(Number(inDay / 1000n)).toISOString().slice(11, 19)
  return `${day} ${time}.${(inDay % 1_000_000n).toString().padStart(6, '0')}`
}

const withZone = (text: string | undefined) => (text === undefined ? undefined : `${text}+00`)

/** Kept with its first bit flipped, so that it sorts as its text does. */
function uuidText(value: bigint | undefined): string | undefined {
  if (value === undefined) return undefined
  const hex = BigInt.asUintN(128, value ^ (1n << 127n))
    .toString(16)
    .padStart(32, '0')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
