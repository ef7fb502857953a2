import { type ColumnType, formatType } from '../../../shared/data/types.ts'
import { type Cell, parseCell } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { dateText, instantText, timestampText, timeText } from './dates.ts'
import { isExactNumber, parseExactJson } from './exact-json.ts'

/** Where the values come from, as far as it changes what they mean. */
export interface CellRules {
  /** A text in a json column is JSON text, not a JSON string. */
  jsonText?: boolean
  /** A text column takes numbers, booleans, objects and arrays as their JSON text. */
  anyAsText?: boolean
}

/**
 * The cell for a value made outside the databases (JSON, JavaScript), checked against its column's type: nothing is rounded,
 * cut or guessed.
 * @throws AppError DATA_TYPE when the value is of another type, DATA_RANGE when it does not fit
 */
export function toCell(value: unknown, type: ColumnType, rules: CellRules = {}): Cell {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'boolean':
      return toBoolean(value, type)
    case 'int16':
    case 'int32':
    case 'int64':
      return toInteger(value, type.kind)
    case 'float32':
    case 'float64':
      return toFloat(value, type)
    case 'decimal':
      return toDecimal(value, type)
    case 'text':
      return toText(value, type, rules)
    case 'json':
      return toJson(value, type, rules)
    case 'blob':
      return value instanceof Uint8Array ? value : parseCell(textOf(value, type), type)
    case 'list':
      return toList(value, type.of, type, rules)
    case 'enum':
      return member(textOf(value, type), type.values, type)
    default:
      return toMoment(value, type)
  }
}

function toBoolean(value: unknown, type: ColumnType): boolean {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value === 'string' && /^(true|false|t|f|1|0)$/i.test(value)) return /^[t1]/i.test(value)
  throw mismatch(value, type)
}

const limits = { int16: 2n ** 15n, int32: 2n ** 31n, int64: 2n ** 63n }

function toInteger(value: unknown, kind: 'int16' | 'int32' | 'int64'): Cell {
  const type = { kind }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw outside(value, type, 'The number is not exact any more; use a BigInt or text.')
  }
  const digits = plainDigits(numberText(value, type), 0)
  if (digits === undefined || digits.includes('.')) throw mismatch(value, type)
  const exact = BigInt(digits)
  const limit = limits[kind]
  if (exact < -limit || exact >= limit) throw outside(value, type)
  return kind === 'int64' ? exact : Number(exact)
}

function toFloat(value: unknown, type: ColumnType): Cell {
  const number = typeof value === 'number' ? value : parseCell(numberText(value, type), type)
  if (
    type.kind === 'float32' &&
    typeof number === 'number' &&
    Number.isFinite(number) &&
    !Number.isFinite(Math.fround(number))
  ) {
    throw outside(value, type)
  }
  return Object.is(number, -0) ? '-0' : number
}

function toDecimal(value: unknown, type: { kind: 'decimal'; precision?: number; scale?: number }): string {
  const text = numberText(value, type)
  if (type.precision === undefined && /^(nan|[+-]?inf(inity)?)$/i.test(text)) return text
  const digits = plainDigits(text, type.precision === undefined ? undefined : (type.scale ?? 0))
  if (digits === undefined) throw mismatch(value, type)
  if (type.precision !== undefined) {
    const scale = type.scale ?? 0
    const [whole = '', fraction = ''] = digits.replace('-', '').split('.')
    if (fraction.length > scale)
      throw outside(value, type, `It has ${fraction.length} decimals; round it, or declare more.`)
    if (whole.replace(/^0+/, '').length > type.precision - scale) throw outside(value, type)
  }
  return digits
}

/** A number's digits without exponent, and without zeros after `scale` decimals; undefined when the text is no number. */
function plainDigits(text: string, scale = Number.POSITIVE_INFINITY): string | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(text)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const all = whole + fraction
  const point = whole.length + Number(exponent)
  const left = point <= 0 ? '0' : all.slice(0, point).padEnd(point, '0')
  let right = point < 0 ? '0'.repeat(-point) + all : all.slice(point)
  while (right.length > scale && right.endsWith('0')) right = right.slice(0, -1)
  const digits = left.replace(/^0+(?=\d)/, '') + (right === '' ? '' : `.${right}`)
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits
}

function numberText(value: unknown, type: ColumnType): string {
  if (isExactNumber(value)) return value.rawJSON
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return value.trim()
  throw mismatch(value, type)
}

function toText(value: unknown, type: ColumnType, { anyAsText }: CellRules): string {
  if (typeof value === 'string') return value
  if (anyAsText) return JSON.stringify(value)
  throw mismatch(value, type)
}

function toJson(value: unknown, type: ColumnType, { jsonText }: CellRules): string {
  if (!jsonText || typeof value === 'object' || typeof value === 'number' || typeof value === 'boolean') {
    return JSON.stringify(value)
  }
  if (typeof value !== 'string') throw mismatch(value, type)
  try {
    JSON.parse(value)
    return value
  } catch {
    throw mismatch(value, type)
  }
}

function toList(value: unknown, of: ColumnType, type: ColumnType, rules: CellRules): Cell[] {
  const items = typeof value === 'string' && value.trimStart().startsWith('[') ? tryParse(value) : value
  if (!Array.isArray(items)) throw mismatch(value, type)
  return items.map((item: unknown) => toCell(item, of, rules))
}

function tryParse(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    return undefined
  }
}

function toMoment(value: unknown, type: ColumnType): string {
  const { kind } = type
  const timed = kind === 'date' || kind === 'timestamp' || kind === 'timestamptz'
  if (value instanceof Date && timed && !Number.isNaN(value.getTime())) return instantText(value, kind)
  const text = textOf(value, type).trim()
  const checked =
    kind === 'date'
      ? dateText(text)
      : kind === 'time'
        ? timeText(text)
        : kind === 'timestamp' || kind === 'timestamptz'
          ? timestampText(text, kind === 'timestamptz')
          : kind === 'uuid'
            ? uuidText(text)
            : text === ''
              ? undefined
              : text
  if (checked === undefined) throw mismatch(value, type)
  return checked
}

const uuidText = (text: string) =>
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text) ? text.toLowerCase() : undefined

function member(text: string, values: readonly string[], type: ColumnType): string {
  if (!values.includes(text)) throw mismatch(text, type)
  return text
}

function textOf(value: unknown, type: ColumnType): string {
  if (typeof value !== 'string') throw mismatch(value, type)
  return value
}

/** A value as a message shows it: short, and with its quotes where it is a text. */
function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function mismatch(value: unknown, type: ColumnType): AppError {
  return new AppError('DATA_TYPE', `${shown(value)} is not a value of type ${formatType(type)}.`)
}

function outside(value: unknown, type: ColumnType, hint?: string): AppError {
  return new AppError('DATA_RANGE', `${shown(value)} does not fit the type ${formatType(type)}.`, hint ? { hint } : {})
}
