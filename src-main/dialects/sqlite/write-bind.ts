import { type Column, type ColumnType, formatType } from '../../../shared/data/types.ts'
import { parseCell } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { checkOf } from '../value-check.ts'
import { type Affinity, affinityOf, typeFromDeclared } from './column-types.ts'
import type { SqlValue } from './protocol.ts'

export type Bind = (text: string) => SqlValue

/**
 * How the wire text of a column is handed to SQLite, so that what is stored is exact under the affinity of the column
 * it goes to. A JavaScript number is always bound as a double, which only INTEGER and NUMERIC columns turn back into
 * an integer; elsewhere integers go as bigint. Text columns get the text itself.
 *
 * SQLite would store any text in any column, and the table could not be read again: what the declared type of the
 * column has no value for is refused, as by other databases.
 */
export function binderFor(column: Column, declared: string): Bind {
  const bind = rawBinder(column.type, affinityOf(declared))
  const target = typeFromDeclared(declared)
  const fits = target && checkOf(column.type, target)
  return (text) => {
    const value = bind(text)
    if (value === undefined) throw misfit(column.name, text, column.type)
    if (fits && target && !fits(text)) throw misfit(column.name, text, target)
    return value
  }
}

function rawBinder(type: ColumnType, affinity: Affinity): (text: string) => SqlValue | undefined {
  switch (type.kind) {
    case 'int16':
    case 'int32':
    case 'int64':
      if (affinity === 'text') return (text) => (/^[+-]?\d+$/.test(text) ? text : undefined)
      return affinity === 'blob' ? bigInteger : integer
    case 'boolean':
      if (affinity === 'text') return (text) => (truth(text) === undefined ? undefined : text)
      return (text) => {
        const value = truth(text)
        return value === undefined ? undefined : value ? 1n : 0n
      }
    case 'float32':
    case 'float64':
      return affinity === 'text' ? (text) => text : float
    case 'blob':
      return (text) => (/^\\x(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), 'hex') : undefined)
    default:
      return (text) => text
  }
}

/** Up to 15 digits fit a double exactly. */
function integer(text: string): SqlValue | undefined {
  const length = text.length
  const negative = text.charCodeAt(0) === 45
  const first = negative ? 1 : 0
  if (length - first > 15 || length === first) return bigInteger(text)
  let value = 0
  for (let index = first; index < length; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return bigInteger(text)
    value = value * 10 + digit
  }
  return negative ? -value : value
}

const smallest = -(2n ** 63n)

function bigInteger(text: string): SqlValue | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text)
  if (value < smallest || value >= -smallest) throw new AppError('DATA_RANGE', `${text} does not fit 64 bits.`)
  return value
}

/** SQLite has no NaN (it becomes NULL), so it is kept as text. */
function float(text: string): SqlValue | undefined {
  const value = Number(text)
  if (!Number.isNaN(value) && text.trim() !== '') return value
  try {
    const special = parseCell(text, { kind: 'float64' })
    return Number.isNaN(special) ? 'NaN' : Number(special)
  } catch {
    return undefined
  }
}

function truth(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case 'true':
    case 't':
    case '1':
      return true
    case 'false':
    case 'f':
    case '0':
      return false
    default:
      return undefined
  }
}

function misfit(name: string, text: string, type: ColumnType): AppError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return new AppError('DATA_TYPE', `column ${name}: "${shown}" is not a value of type ${formatType(type)}.`)
}
