import type { RowFilter, RowView } from '../../../shared/contract/results.ts'
import { isLoose, isMoment } from '../../../shared/data/kinds.ts'
import { type Column, type ColumnType, formatType } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { datable } from '../duck/from-wire.ts'
import type { DuckSession } from '../duck/session.ts'
import { numberOf, textOf } from './text.ts'

/**
 * The condition of a view's filters, over the columns' names; undefined when there are none. Values are compared as the column's type:
 * numbers exactly, whatever their decimals; enums, lists and JSON by their text. `!=` holds for NULL too.
 * @throws AppError CONFIG_COLUMN, CONFIG_INVALID with `at.field` `filters.<index>` when a value does not fit its column
 */
export async function filterCondition(
  view: RowView,
  columns: readonly Column[],
  session: Pick<DuckSession, 'number'>,
): Promise<string | undefined> {
  const conditions: string[] = []
  for (const [index, filter] of (view.filters ?? []).entries()) {
    const at = { field: `filters.${index}` }
    const column = columns.find(({ name }) => name === filter.column)
    if (!column) throw new AppError('CONFIG_COLUMN', `The column ${filter.column} is not among the rows.`, { at })
    const { sql, checked } = condition(filter, column)
    if (checked !== undefined && (await session.number(`SELECT ${checked} IS NULL`).catch(() => 1)) === 1) {
      throw misfit(filter, column.type).placed(at)
    }
    if (sql === undefined) throw misfit(filter, column.type).placed(at)
    conditions.push(`(${sql})`)
  }
  return conditions.length === 0 ? undefined : conditions.join(' AND ')
}

interface Condition {
  /** Undefined when the value cannot be one of the column's. */
  sql: string | undefined
  /** SQL that is NULL when the value does not fit. */
  checked?: string
}

/** How an empty text, an empty list and no bytes are written; a text that reads `[]` is not empty. */
const emptyOf = (type: ColumnType): string => (type.kind === 'text' || isLoose(type) ? `('')` : `('', '[]', '\\x')`)

function condition(filter: RowFilter, { name, type }: Column): Condition {
  const value = quoteName(name)
  const text = textOf(value, type)
  const given = filter.value ?? ''
  const part = `lower(${text}), lower(${quoteText(given)})`
  switch (filter.operator) {
    case 'null':
      return { sql: `${value} IS NULL` }
    case 'notNull':
      return { sql: `${value} IS NOT NULL` }
    case 'empty':
      return { sql: `${value} IS NULL OR ${text} IN ${emptyOf(type)}` }
    case 'filled':
      return { sql: `${value} IS NOT NULL AND ${text} NOT IN ${emptyOf(type)}` }
    case 'contains':
      return { sql: `contains(${part})` }
    case 'starts':
      return { sql: `starts_with(${part})` }
    case 'ends':
      return { sql: `suffix(${part})` }
    default:
      return comparison(value, type, filter.operator === '!=' ? 'IS DISTINCT FROM' : filter.operator, given)
  }
}

function comparison(value: string, type: ColumnType, operator: string, given: string): Condition {
  const literal = quoteText(given)
  const compared = (left: string, right: string) => `${left} ${operator} ${right}`
  switch (type.kind) {
    case 'int16':
    case 'int32':
    case 'int64':
    case 'decimal':
      return numberComparison(value, type, operator, given)
    case 'blob': {
      const hex = /^(?:\\x|0x)?((?:[0-9a-f]{2})*)$/i.exec(given.trim())?.[1]
      return { sql: hex === undefined ? undefined : compared(value, `unhex(${quoteText(hex)})`) }
    }
    case 'text':
      return { sql: compared(value, literal) }
    case 'enum':
    case 'list':
    case 'json':
      return { sql: compared(textOf(value, type), literal) }
    default: {
      const text = quoteText(given.trim())
      const cast = `TRY_CAST(${isMoment(type) ? datable(text) : text} AS ${duckType(type)})`
      return { sql: compared(value, cast), checked: cast }
    }
  }
}

/** Digits before and after the point that every value of a type of whole numbers or decimals can have. */
function digitsOf(type: ColumnType): { whole: number; scale: number } {
  if (type.kind === 'int16') return { whole: 4, scale: 0 }
  if (type.kind === 'int32') return { whole: 9, scale: 0 }
  if (type.kind !== 'decimal') return { whole: 18, scale: 0 }
  return { whole: (type.precision ?? 38) - (type.scale ?? 0), scale: type.scale ?? 0 }
}

/** A value with more decimals than the column, or beyond its range, is compared as it is, not rounded to fit. */
function numberComparison(value: string, type: ColumnType, operator: string, given: string): Condition {
  const [, sign = '', before = '', after = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(given.trim()) ?? []
  if (before + after === '') return { sql: undefined }
  const whole = before.replace(/^0+/, '')
  const fraction = after.replace(/0+$/, '')
  const own = digitsOf(type)
  const literal = quoteText(`${sign === '-' ? sign : ''}${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`)
  if (isLoose(type)) return { sql: looseComparison(value, type, operator, literal) }
  if (whole.length <= own.whole && fraction.length <= own.scale) {
    return { sql: `${value} ${operator} CAST(${literal} AS ${duckType(type)})` }
  }
  const scale = Math.max(own.scale, fraction.length)
  if (Math.max(own.whole + 1, whole.length) + scale > 38) return { sql: undefined }
  const wide = `DECIMAL(38,${scale})`
  return { sql: `CAST(${value} AS ${wide}) ${operator} CAST(${literal} AS ${wide})` }
}

/** Equal are the same digits, whatever zeros follow them. */
function looseComparison(value: string, type: ColumnType, operator: string, literal: string): string {
  if (/[<>]/.test(operator)) return `${numberOf(value, type)} ${operator} CAST(${literal} AS DOUBLE)`
  const digits = `CASE WHEN contains(${value}, '.') THEN rtrim(rtrim(${value}, '0'), '.') ELSE ${value} END`
  return `${digits} ${operator} ${literal}`
}

const examples: Partial<Record<ColumnType['kind'], string>> = {
  boolean: 'Write true or false.',
  int16: 'Write a number such as 1250.',
  int32: 'Write a number such as 1250.',
  int64: 'Write a number such as 1250.',
  decimal: 'Write a number such as 1250.75, without separators.',
  float32: 'Write a number such as 1250.75, without separators.',
  float64: 'Write a number such as 1250.75, without separators.',
  date: 'Write a date such as 2026-01-31.',
  time: 'Write a time such as 14:30:00.',
  timestamp: 'Write a date and time such as 2026-01-31 14:30:00.',
  timestamptz: 'Write a date and time such as 2026-01-31 14:30:00+00.',
  interval: 'Write an interval such as 3 days 02:00:00.',
  uuid: 'Write a whole UUID, or filter with contains.',
  blob: 'Write bytes in hex, such as \\x00ff.',
}

function misfit({ column, value }: RowFilter, type: ColumnType): AppError {
  const hint = examples[type.kind]
  const message =
    (value ?? '').trim() === ''
      ? `The filter on ${column}, which is ${formatType(type)}, has no value.`
      : `"${value}" cannot be compared with ${column}, which is ${formatType(type)}.`
  return new AppError('CONFIG_INVALID', message, hint === undefined ? {} : { hint })
}
