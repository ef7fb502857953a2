import { isFloat, isNumber } from '../data/kinds.ts'
import type { ColumnType } from '../data/types.ts'
import { duckType } from '../sql/duckdb.ts'

/** Digits before the point that every value of a whole-number type fits in. */
const wholeDigits: Partial<Record<ColumnType['kind'], number>> = { int16: 5, int32: 10, int64: 19 }

/** Digits before and behind the point; a decimal without declared digits is what the engine holds of it. */
function digitsOf(type: ColumnType): { whole: number; scale: number } {
  if (type.kind === 'decimal') {
    const { precision = 38, scale = 10 } = type.precision === undefined || type.precision > 38 ? {} : type
    return { whole: precision - scale, scale }
  }
  return { whole: wholeDigits[type.kind] ?? 0, scale: 0 }
}

/**
 * The type that values of several types are cast to where they come into one column; undefined where the engine chooses well by itself. Of decimals
 * it would give up digits behind the point for digits before it, and round: here they stay, and a value that does not fit fails. Of numbers and
 * short floats it would make short floats; here they are long ones. What comes together with a text is text.
 */
export function commonType(types: readonly ColumnType[]): ColumnType | undefined {
  const [first] = types
  if (!first || types.every((type) => duckType(type) === duckType(first))) return undefined
  if (types.every(isNumber) && types.some(isFloat)) return { kind: 'float64' }
  if (types.some(({ kind }) => kind === 'decimal') && types.every(isNumber)) {
    const digits = types.map(digitsOf)
    const scale = Math.max(...digits.map((each) => each.scale))
    const whole = Math.max(...digits.map((each) => each.whole))
    return { kind: 'decimal', precision: Math.min(38, whole + scale), scale }
  }
  const isText = ({ kind }: ColumnType) => kind === 'text' || kind === 'enum'
  return types.some(isText) ? { kind: 'text' } : undefined
}

/** SQL for a value as the type that `commonType` chose; a whole number that a float would round ends the query. */
export function asCommon(value: string, type: ColumnType, common: ColumnType | undefined): string {
  if (common === undefined || duckType(type) === duckType(common)) return value
  const cast = `CAST(${value} AS ${duckType(common)})`
  if (type.kind !== 'int64' || common.kind !== 'float64') return cast
  const refused = `error('The whole number ' || ${value} || ' comes together with floats, which would round it. ${castHint}')`
  return `CASE WHEN CAST(${cast} AS HUGEINT) <> ${value} THEN ${refused} ELSE ${cast} END`
}

const castHint = 'Cast one side before, with a select node, e.g. to decimal(38,10).'
