import { cellProblem } from '../../shared/data/cell-problem.ts'
import { isFloat, isMoment, isNumber } from '../../shared/data/kinds.ts'
import type { ColumnType } from '../../shared/data/types.ts'

type Check = (text: string) => boolean

const limits: Partial<Record<ColumnType['kind'], bigint>> = { int16: 2n ** 15n, int32: 2n ** 31n, int64: 2n ** 63n }
const bytes: Partial<Record<ColumnType['kind'], number>> = { int16: 2, int32: 4, int64: 8 }

const float = /^\s*[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i
const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
const midnight = /[ T]00:00:00(\.0+)?(\+00)?(?=$| BC)/

/**
 * Whether the wire text of a value of one type is a value of another; undefined where every one is. For databases that would store something
 * else, or what they cannot give back, instead of refusing it.
 */
export function checkOf(from: ColumnType, to: ColumnType): Check | undefined {
  if (from.kind === to.kind) return undefined
  const limit = limits[to.kind]
  if (limit !== undefined) return isNarrower(from, to) ? undefined : (text) => isWhole(text, limit)
  if (isNumber(from) && (isNumber(to) || to.kind === 'boolean')) return numberCheck(from, to)
  if (isMoment(from) && isMoment(to) && to.kind !== 'date') return undefined
  if (from.kind === 'list' && to.kind === 'json') return undefined
  switch (to.kind) {
    case 'text':
    case 'interval':
    case 'blob':
    case 'list':
      return undefined
    case 'float32':
    case 'float64':
      return (text) => float.test(text)
    case 'decimal':
      return (text) => decimal.test(text)
    case 'enum':
      return isOneOf(to.values)
    case 'date':
      // Of a time of day nothing would be kept.
      return (text) => isTyped(text.replace(midnight, ''), to)
    case 'timestamp':
      return (text) => isTyped(text, { kind: 'timestamptz' })
    default:
      return (text) => isTyped(text, to)
  }
}

/** As the editor of cells has it. */
const isTyped = (text: string, type: ColumnType) => cellProblem(text, type) === undefined

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

function isOneOf(values: readonly string[]): Check {
  const known = new Set(values.map((value) => value.toLowerCase()))
  return (text) => known.has(text.toLowerCase())
}

const inRange = (value: bigint, limit: bigint) => value >= -limit && value < limit
