import { isFloat, isLoose } from '../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import { oddFloat, toWire } from '../duck/wire.ts'

/** Kinds whose values JavaScript holds exactly and prints as the wire format says. */
const native = ['boolean', 'int16', 'int32', 'int64', 'float32', 'float64']

/** Kinds whose values can be of any length. */
const long = ['text', 'json', 'blob', 'list', 'enum']

export const isLong = ({ kind }: ColumnType): boolean => long.includes(kind)

/** SQL for the text of a value as people see it, NULL for NULL. */
export function textOf(value: string, type: ColumnType): string {
  if (isFloat(type)) return floatText(value)
  return type.kind === 'text' || isLoose(type) ? value : `CAST(${toWire(value, type, { lists: 'json' })} AS VARCHAR)`
}

/** A float as JavaScript prints it, which is how cells show it: the engine writes `1.0`, `1e-05`, `1e+16` and `inf`. */
function floatText(value: string): string {
  const text = `CAST(${value} AS VARCHAR)`
  const sign = `CASE WHEN starts_with(${text}, '-') THEN '-' ELSE '' END`
  const digits = `replace(ltrim(split_part(${text}, 'e', 1), '-'), '.', '')`
  const exponent = `CAST(split_part(${text}, 'e', 2) AS INTEGER)`
  return (
    `CASE WHEN NOT isfinite(${value}) THEN ${oddFloat(value)} ` +
    `WHEN suffix(${text}, '.0') THEN left(${text}, length(${text}) - 2) WHEN NOT contains(${text}, 'e') THEN ${text} ` +
    `WHEN ${exponent} BETWEEN 0 AND 20 THEN ${sign} || rpad(${digits}, ${exponent} + 1, '0') ` +
    `WHEN ${exponent} BETWEEN -6 AND -1 THEN ${sign} || '0.' || repeat('0', -${exponent} - 1) || ${digits} ` +
    `ELSE regexp_replace(${text}, 'e([+-])0', 'e\\1') END`
  )
}

/**
 * SQL for a number as one to reckon and compare with. Decimals of any number of digits are kept as text, for nothing else holds
 * them exactly; among themselves they are compared as doubles.
 */
export function numberOf(value: string, type: ColumnType): string {
  return isLoose(type) ? `TRY_CAST(${value} AS DOUBLE)` : value
}

/** SQL for a value on its way to a screen: of texts no more than `clip` characters and one that says there are more. */
export function shownValue(value: string, type: ColumnType, clip: number | undefined): string {
  if (native.includes(type.kind)) return value
  if (clip === undefined || !isLong(type)) return textOf(value, type)
  // Hex is two characters a byte behind \x; the rest of a large value need not be turned into any.
  const part = type.kind === 'blob' ? `array_slice(${value}, 1, ${Math.ceil(clip / 2)})` : value
  return `left(${textOf(part, type)}, ${clip + 1})`
}

/** SQL for the number of characters of a value's text. */
export const textLength = (value: string, type: ColumnType): string =>
  type.kind === 'blob' ? `2 + 2 * octet_length(${value})` : `length(${textOf(value, type)})`

/** SQL condition: the text stands in any of the columns, case left aside. */
export function containsAnywhere(columns: readonly Column[], literal: string): string {
  const hits = columns.map(({ name, type }) => `contains(lower(${textOf(quoteName(name), type)}), lower(${literal}))`)
  return hits.length === 0 ? 'false' : `(${hits.join(' OR ')})`
}
