import type { ColumnType } from './types.ts'
import { parseCell } from './wire.ts'

/**
 * What keeps a text (see wire.ts) from being a value of a type, in words for whoever typed it; undefined when nothing does. What only the
 * database knows, e.g. how long a text may be, it says when it is asked to keep the value.
 */
export function cellProblem(text: string, type: ColumnType): string | undefined {
  switch (type.kind) {
    case 'text':
    case 'interval':
      return undefined
    case 'int16':
    case 'int32':
    case 'int64':
      return integerProblem(text, integerLimits[type.kind])
    case 'decimal':
      return decimalProblem(text, type)
    case 'enum':
      return type.values.includes(text) ? undefined : `One of these is needed: ${shortList(type.values)}.`
    case 'json':
      return isJson(text) ? undefined : 'Valid JSON is needed. A text stands in double quotes.'
    case 'date':
      return isForever(text) || isDate(text) ? undefined : 'A date is needed, such as 2024-05-31.'
    case 'timestamp':
      // Databases refuse an offset here, or drop it.
      return isForever(text) || (isTimestamp(text) && !offset.test(text))
        ? undefined
        : 'A point in time without a time zone is needed, such as 2024-05-31 14:30:05.'
    case 'timestamptz':
      return isForever(text) || isTimestamp(text)
        ? undefined
        : 'A point in time is needed, such as 2024-05-31 14:30:05+02:00.'
    case 'time':
      return clock.test(text) ? undefined : 'A time is needed, such as 14:30 or 14:30:05.'
    case 'uuid':
      return uuid.test(text) ? undefined : 'A UUID is needed: 32 hexadecimal digits.'
    default:
      return fits(text, type) ? undefined : asks[type.kind]
  }
}

const asks = {
  boolean: 'true or false is needed.',
  float32: 'A number is needed, such as 2.5 or 1e6.',
  float64: 'A number is needed, such as 2.5 or 1e6.',
  blob: 'Bytes are needed as \\x and pairs of hexadecimal digits, such as \\x00ff.',
  list: 'A list is needed as a JSON array, such as [1, 2].',
}

const integerLimits = {
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

function integerProblem(text: string, [least, most]: readonly [bigint, bigint]): string | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return 'A whole number is needed, such as 42.'
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= least && value <= most ? undefined : `The number must lie between ${least} and ${most}.`
}

function decimalProblem(text: string, { precision, scale = 0 }: { precision?: number; scale?: number }) {
  if (precision === undefined && /^([+-]?inf(inity)?|nan)$/i.test(text)) return undefined
  const parts = /^[+-]?(\d*)(?:\.(\d*))?$/.exec(text)
  const [, whole = '', fraction = ''] = parts ?? []
  if (!parts || whole + fraction === '') return 'A number is needed, such as 12.50.'
  if (precision === undefined) return undefined
  if (fraction.replace(/0+$/, '').length > scale) {
    return scale === 0
      ? 'A number without decimals is needed.'
      : `At most ${scale} ${scale === 1 ? 'decimal' : 'decimals'}.`
  }
  const most = precision - scale
  return whole.replace(/^0+/, '').length > most ? `At most ${most} digits before the point.` : undefined
}

const clock = /^([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?$/
const offset = /:\S* ?(?:z|utc|[+-]\S*)$/i
const zone = /^(z|utc|[+-]\d{2}(:?\d{2}(:\d{2})?)?)$/i
const uuid = /^\{?[0-9a-f]{8}(-?)([0-9a-f]{4}\1){3}[0-9a-f]{12}\}?$/i

/** What Postgres takes as well: no end, and years before our era. */
const isForever = (text: string) => /^-?infinity$/i.test(text) || /\bBC$/.test(text)

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4,6})-(\d\d?)-(\d\d?)$/.exec(text) ?? []
  if (year === undefined) return false
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}

function isTimestamp(text: string): boolean {
  const [, date = '', time, offset] = /^([\d-]+)(?:[ T]([\d:.]+) ?(\S*))?$/i.exec(text) ?? []
  return isDate(date) && (time === undefined || clock.test(time)) && (!offset || zone.test(offset))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function fits(text: string, type: ColumnType): boolean {
  try {
    parseCell(text, type)
    return true
  } catch {
    return false
  }
}

/** Values that a sentence has room for. */
const listed = 8

const shortList = (values: readonly string[]) =>
  values.slice(0, listed).join(', ') + (values.length > listed ? ` and ${values.length - listed} more` : '')
