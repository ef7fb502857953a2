import { isFloat, isMoment, isNumber } from '../../shared/data/kinds.ts'
import type { ColumnType } from '../../shared/data/types.ts'

type Check = (text: string) => boolean

const limits: Partial<Record<ColumnType['kind'], bigint>> = { int16: 2n ** 15n, int32: 2n ** 31n, int64: 2n ** 63n }
const bytes: Partial<Record<ColumnType['kind'], number>> = { int16: 2, int32: 4, int64: 8 }

const day = String.raw`\d{4,}-\d\d?-\d\d?`
const clock = String.raw`\d\d?:\d\d(:\d\d(\.\d+)?)?`
const offset = String.raw`\s?(Z|UTC|[+-]\d\d(:?\d\d)?)?`
const moment = new RegExp(`^((${day})([T ]${clock}${offset})?( BC)?|[+-]?inf(inity)?)$`, 'i')

const shapes: Partial<Record<ColumnType['kind'], RegExp>> = {
  float32: /^\s*[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i,
  float64: /^\s*[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i,
  decimal: /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i,
  boolean: /^(true|false|t|f|1|0)$/i,
  time: new RegExp(`^${clock}${offset}$`, 'i'),
  uuid: /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
}

/**
 * Whether the wire text of a value of one type is a value of another; undefined where every one is. For databases that would store something
 * else, or what they cannot give back, instead of refusing it.
 */
export function checkOf(from: ColumnType, to: ColumnType): Check | undefined {
  if (from.kind === to.kind) return undefined
  const limit = limits[to.kind]
  if (limit !== undefined) return isNarrower(from, to) ? undefined : (text) => isWhole(text, limit)
  if (isNumber(from) && (isNumber(to) || to.kind === 'boolean')) return numberCheck(from, to)
  if (isMoment(from) && isMoment(to)) return to.kind === 'date' ? isMidnight : undefined
  if (isMoment(to)) return isInCalendar
  if (to.kind === 'enum') return isOneOf(to.values)
  if (to.kind === 'json') return from.kind === 'list' ? undefined : isJson
  const shape = shapes[to.kind]
  return shape && ((text) => shape.test(text))
}

/** Whole numbers of fewer bytes, and truth values, fit without a look. */
const isNarrower = (from: ColumnType, to: ColumnType) =>
  from.kind === 'boolean' || (bytes[from.kind] ?? 9) <= (bytes[to.kind] ?? 0)

/** Among numbers, only NaN and the infinities are no decimals, and only 0 and 1 are truth values. */
function numberCheck(from: ColumnType, to: ColumnType): Check | undefined {
  if (to.kind === 'boolean') return (text) => Number(text) === 0 || Number(text) === 1
  return to.kind === 'decimal' && isFloat(from) ? (text) => Number.isFinite(Number(text)) : undefined
}

function isWhole(text: string, limit: bigint): boolean {
  const whole = /^\s*([+-]?\d+)(\.0*)?\s*$/.exec(text)?.[1]
  if (whole === undefined)
    return Number.isSafeInteger(Number(text)) && text.trim() !== '' && inRange(BigInt(Number(text)), limit)
  return inRange(BigInt(whole), limit)
}

/** A day that there is, maybe with a time. */
function isInCalendar(text: string): boolean {
  const found = moment.exec(text)
  if (!found) return false
  const [year = 0, month = 0, of = 0] = (found[2] ?? '').split('-').map(Number)
  return found[2] === undefined || (month >= 1 && month <= 12 && of >= 1 && of <= daysOf(year, month))
}

const daysOf = (year: number, month: number) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()

/** Nothing but the day would be kept. */
const isMidnight = (text: string) => /^\S+( 00:00:00(\.0+)?(\+00)?)?( BC)?$/.test(text)

function isOneOf(values: readonly string[]): Check {
  const known = new Set(values.map((value) => value.toLowerCase()))
  return (text) => known.has(text.toLowerCase())
}

const inRange = (value: bigint, limit: bigint) => value >= -limit && value < limit

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
