import { z } from 'zod'
import { cellProblem } from '../data/cell-problem.ts'
import { type Column, formatType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { duckType, quoteName, quoteText } from '../sql/duckdb.ts'
import { checkDistinct, findColumn, findColumns, fromInput, inputAt, ref } from './columns.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { columnName } from './fields.ts'
import { fields, plainOptions } from './form.ts'
import { aggregateCall, exactness, plainFunctions } from './measures.ts'

const exactNumber = z
  .number()
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), 'write a whole number this long as text')
const cell = z.union([z.string(), exactNumber, z.boolean(), z.null()])

const config = z
  .strictObject({
    keys: z.array(columnName).default([]).describe('Columns that name a row of the result; the rest is left out.'),
    column: columnName.describe('The column whose values become columns.'),
    values: z
      .array(
        z.union([
          cell,
          z.strictObject({
            value: cell.describe('The value.'),
            name: columnName.describe('Name of its column.'),
          }),
        ]),
      )
      .min(1)
      .describe('The values that become columns, in order; `{ "value", "name" }` to name the column otherwise.'),
    function: z.enum(plainFunctions).default('sum').describe('What is computed of the rows that meet in a cell.'),
    measure: columnName.optional().describe('The column it is computed of; `count` without one counts rows.'),
  })
  .superRefine((value, context) => {
    if (value.measure === undefined && value.function !== 'count') {
      context.addIssue({ code: 'custom', path: ['measure'], message: `${value.function} needs a column` })
    }
  })
type Value = z.infer<typeof config>['values'][number]

export const pivot = defineNode<z.infer<typeof config>>({
  kind: 'pivot',
  title: 'Pivot',
  category: 'transform',
  icon: 'IconTablePlus',
  help: `Turns values of one column into columns.

One row comes out for each combination of the keys, with one column for each listed value, computed of the rows that have
that value. The values are listed so that the columns are known before anything runs and stay the same whatever
arrives; rows with other values count for no column. \`null\` makes a column of the rows without a value.

\`\`\`json
{ "keys": ["country"], "column": "year", "values": [2023, { "value": 2024, "name": "this_year" }],
  "function": "sum", "measure": "amount" }
\`\`\`

A cell without rows is NULL, or 0 for \`count\`. ${exactness}

Rows come in no particular order.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { keys: [], values: [], function: 'sum' },
  form: fields<z.infer<typeof config>>(
    { name: 'keys', label: 'Rows for each', editor: 'columns' },
    { name: 'column', label: 'Columns from', editor: 'column' },
    {
      name: 'values',
      label: 'Values',
      editor: 'pivotValues',
      help: 'Each becomes a column. A pasted list fills many.',
    },
    { name: 'function', label: 'Function', editor: 'choice', options: plainOptions(plainFunctions) },
    { name: 'measure', label: 'Of', editor: 'column' },
  ),
  summary: ({ column, function: name, measure }) => `${name}(${measure ?? ''}) per ${column}`,
  sql(settings, inputs) {
    const input = inputAt(inputs)
    const keys = findColumns(input, settings.keys, 'keys')
    const column = findColumn(input, settings.column, 'column')
    const operand =
      settings.measure === undefined ? undefined : measured(findColumn(input, settings.measure, 'measure'))
    const names = settings.values.map(nameOf)
    checkDistinct(
      names,
      (index) => `values.${index}`,
      keys.map(({ name }) => name),
    )
    const cells = settings.values.map((value, index) => {
      const suffix = ` FILTER (WHERE ${ref(column)} IS NOT DISTINCT FROM ${literal(value, column, `values.${index}`)})`
      return `${aggregateCall(settings.function, operand, { suffix })} AS ${quoteName(names[index] ?? '')}`
    })
    const groups = keys.map((key) => ref(key))
    const by = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`
    return { out: `SELECT ${[...groups, ...cells].join(', ')} ${fromInput(input)}${by}` }
  },
  readsOnce: () => true,
})

const measured = (column: Column) => ({ sql: ref(column), type: column.type })

const isNamed = (value: Value) => typeof value === 'object' && value !== null

function nameOf(value: Value): string {
  if (isNamed(value)) return value.name
  return value === '' ? 'empty' : String(value)
}

/** The value as the column's type, so that it compares as the column does. @throws AppError CONFIG_INVALID where it is none of that type */
function literal(value: Value, { name, type }: Column, field: string): string {
  const bare = isNamed(value) ? value.value : value
  if (bare === null) return 'NULL'
  const text = String(bare)
  if (type.kind === 'json' || type.kind === 'enum') return quoteText(text)
  const problem = cellProblem(text, type)
  if (problem === undefined) return `CAST(${quoteText(text)} AS ${duckType(type)})`
  throw new AppError('CONFIG_INVALID', `"${text}" is no value of ${name}, which is ${formatType(type)}. ${problem}`, {
    at: { field },
  })
}
