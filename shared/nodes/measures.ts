import type { z } from 'zod'
import { type Column, type ColumnType, formatType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { expression, quoteText } from '../sql/duckdb.ts'
import { findColumn, ref } from './columns.ts'
import type { InputRelation } from './define.ts'

/** What aggregate, pivot and window have in common: calling an aggregate function on a column or an expression. */

export const plainFunctions = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max', 'median', 'stddev'] as const
export const orderedFunctions = ['first', 'last', 'string_agg', 'list'] as const
export type AggregateFunction = (typeof plainFunctions)[number] | (typeof orderedFunctions)[number]

/** What a function is applied to: SQL, and the column's type where it is a column. */
export interface Operand {
  sql: string
  type?: ColumnType
}

export interface CallParts {
  /** Terms of an ORDER BY inside the call, for functions that depend on order. */
  order?: readonly string[]
  /** For string_agg. */
  separator?: string
  /** What follows the call: FILTER, OVER. */
  suffix?: string
}

const reckoning = ['sum', 'avg', 'median', 'stddev']
const unreckoned = ['text', 'enum', 'uuid', 'json', 'blob', 'list']

/** The value a measure works on: `column` or `expression`, of which exactly one or neither is set. @throws AppError CONFIG_COLUMN */
export function operandOf(
  item: { function: string; column?: string | undefined; expression?: string | undefined },
  input: InputRelation,
  field: string,
): Operand | undefined {
  if (item.expression !== undefined) return { sql: expression(item.expression, `${field}.expression`) }
  if (item.column === undefined) return undefined
  const column: Column = findColumn(input, item.column, `${field}.column`)
  if (reckoning.includes(item.function) && unreckoned.includes(column.type.kind)) {
    throw new AppError(
      'CONFIG_COLUMN',
      `${item.function} needs numbers, and ${column.name} is ${formatType(column.type)}.`,
      {
        hint: 'Cast the column to a number before, with a select node.',
        at: { field: `${field}.column` },
      },
    )
  }
  return { sql: ref(column), type: column.type }
}

/** The call of an aggregate function, cast so that whole numbers stay whole numbers of a size that columns have. */
export function aggregateCall(name: AggregateFunction, operand: Operand | undefined, parts: CallParts = {}): string {
  const { order = [], separator = ', ', suffix = '' } = parts
  const value = operand?.sql ?? '*'
  const ordered = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`
  switch (name) {
    case 'count_distinct':
      return `count(DISTINCT ${value})${suffix}`
    case 'sum':
      return sumAs(operand?.type, `sum(${value})${suffix}`)
    case 'stddev':
      return `stddev_samp(${value})${suffix}`
    case 'string_agg':
      return `string_agg(CAST(${value} AS VARCHAR), ${quoteText(separator)}${ordered})${suffix}`
    default:
      return `${name}(${value}${ordered})${suffix}`
  }
}

/** DuckDB sums whole numbers into 128 bits; columns get the type that Postgres gives the same sum. */
function sumAs(type: ColumnType | undefined, sum: string): string {
  switch (type?.kind) {
    case 'boolean':
    case 'int16':
    case 'int32':
      return `CAST(${sum} AS BIGINT)`
    case 'int64':
      return `CAST(${sum} AS DECIMAL(38,0))`
    default:
      return sum
  }
}

/** Shared text of the help pages of nodes that sum. */
export const exactness = `Counts are \`int64\`. The sum of an \`int16\` or \`int32\` column is \`int64\`, of an \`int64\` column \`decimal(38,0)\`, of a \`decimal(p,s)\`
\`decimal(38,s)\`: all exact, and a sum that does not fit fails the node instead of wrapping. \`avg\` and \`stddev\` are \`float64\`.`

type Measure = { function: string; column?: string | undefined; expression?: string | undefined }

/** Checks that a measure has what its function needs. Used as a refinement of a measure's schema. */
export function checkOperand(measure: Measure, context: z.RefinementCtx): void {
  const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  if (measure.column !== undefined && measure.expression !== undefined) {
    wrong('expression', 'give a column or an expression, not both')
  }
  if (measure.function === 'expression') {
    if (measure.expression === undefined) wrong('expression', 'the function expression needs one')
    return
  }
  const standsAlone = ['count', 'row_number', 'rank', 'dense_rank', 'ntile'].includes(measure.function)
  if (!standsAlone && measure.column === undefined && measure.expression === undefined) {
    wrong('column', `${measure.function} needs a column or an expression`)
  }
}

/** One line for the card: `total = sum(amount)`. */
export function measureText(measure: Measure & { name: string }): string {
  const value = (measure.expression ?? measure.column ?? '').trim()
  return `${measure.name} = ${measure.function === 'expression' ? value : `${measure.function}(${value})`}`
}
