import { type ColumnFlow, constant, type Input, merged, nothing, reach, type Sources, union } from './columns.ts'
import { isPart, UnknownPlan } from './json.ts'

/** Parts of windows and aggregates that choose among the values rather than giving any. */
const choosing = [
  'partitions',
  'orders',
  'filters',
  'filter',
  'filter_expr',
  'order_bys',
  'arg_orders',
  'start_expr',
  'end_expr',
  'offset_expr',
]

/** Parts that hold no values of the input: a lambda's body counts its columns anew, and what it takes along is among the children. */
const apart = ['function_data', 'bind_info', 'return_type', 'value', 'arguments', 'original_arguments', 'type']

/** Where the values of a bound expression come from, over the columns that reach it. @throws UnknownPlan */
export function flowOf(expression: unknown, input: Input): ColumnFlow {
  if (Array.isArray(expression)) return merged(expression.map((item) => flowOf(item, input)))
  if (!isPart(expression)) return constant
  const kind = expression.expression_class
  if (kind === 'BOUND_REF') return columnAt(Number(expression.index), input)
  if (kind === 'BOUND_COLUMN_REF') return columnOfTable(expression.binding, input)
  if (kind === 'BOUND_SUBQUERY') throw new UnknownPlan(kind)
  const entries = Object.entries(expression).filter(([key]) => !apart.includes(key))
  const giving =
    kind === 'BOUND_WINDOW' || kind === 'BOUND_AGGREGATE' ? entries.filter(([key]) => !choosing.includes(key)) : entries
  const values = merged(giving.map(([, part]) => flowOf(part, input)))
  if (giving.length === entries.length) return values
  const chosenBy = entries.filter(([key]) => choosing.includes(key)).map(([, part]) => reach(flowOf(part, input)))
  return { from: values.from, shapes: union(values.shapes, ...chosenBy) }
}

function columnAt(index: number, { columns }: Input): ColumnFlow {
  const column = columns[index]
  if (!column) throw new UnknownPlan(`column ${index}`)
  return column
}

/** Below functions that make rows, plans name columns by their operator instead of their place. */
function columnOfTable(binding: unknown, input: Input): ColumnFlow {
  if (!isPart(binding) || Number(binding.table_index) !== input.table) throw new UnknownPlan('a column from elsewhere')
  return columnAt(Number(binding.column_index), input)
}

/** All columns that an expression looks at. */
export const lookedAt = (expression: unknown, input: Input): Sources =>
  expression === undefined || expression === null ? nothing : reach(flowOf(expression, input))
