import { z } from 'zod'
import { expression, quoteName } from '../sql/duckdb.ts'
import { checkDistinct, findColumns, fromInput, inputAt, ref } from './columns.ts'
import { defineNode, type InputRelation, inPort, outPort } from './define.ts'
import { columnName, orderTerms, sortFields, sortKey, sqlExpression } from './fields.ts'
import { fields, plainOptions } from './form.ts'
import {
  aggregateCall,
  checkOperand,
  exactness,
  measureText,
  operandOf,
  orderedFunctions,
  plainFunctions,
} from './measures.ts'

const measure = z
  .strictObject({
    name: columnName.describe('Name of the result column.'),
    function: z
      .enum([...plainFunctions, ...orderedFunctions, 'expression'])
      .describe('What is computed; `expression` takes any SQL aggregate, e.g. `sum(a) / count(*)`.'),
    column: columnName.optional().describe('The column it is computed of; `count` without one counts rows.'),
    expression: sqlExpression.optional().describe('SQL expression to compute it of, instead of a column.'),
    filter: sqlExpression.optional().describe('SQL condition: only rows that meet it count.'),
    order: z
      .array(sortKey)
      .default([])
      .describe('Order within the group, for `first`, `last`, `string_agg` and `list`.'),
    separator: z.string().default(', ').describe('Put between values by `string_agg`.'),
  })
  .superRefine((value, context) => {
    checkOperand(value, context)
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const depends = value.function === 'first' || value.function === 'last'
    if (depends && value.order.length === 0) wrong('order', `${value.function} needs an order, or any row might be it`)
    const ordered = orderedFunctions.some((name) => name === value.function)
    if (!ordered && value.order.length > 0) wrong('order', `${value.function} does not depend on an order`)
    if (value.function === 'expression' && value.filter !== undefined) {
      wrong('filter', 'write the filter into the expression: `sum(a) filter (where …)`')
    }
  })
type Measure = z.infer<typeof measure>

const shape = z.strictObject({
  keys: z
    .array(columnName)
    .default([])
    .describe('Columns to group by; without any, all rows are one group and one row comes out, even of no rows.'),
  measures: z.array(measure).default([]).describe('What to compute for each group.'),
})

const config = shape.superRefine(({ keys, measures }, context) => {
  if (keys.length + measures.length > 0) return
  context.addIssue({
    code: 'custom',
    path: ['measures'],
    message: 'there is nothing to group by and nothing to compute',
  })
})

export const aggregate = defineNode<z.infer<typeof shape>>({
  kind: 'aggregate',
  title: 'Aggregate',
  category: 'transform',
  icon: 'IconSum',
  help: `Groups rows and computes sums, counts and other measures of each group.

\`\`\`json
{ "keys": ["country"], "measures": [
  { "name": "orders", "function": "count" },
  { "name": "total", "function": "sum", "column": "amount", "filter": "status = 'paid'" }
] }
\`\`\`

NULLs form a group of their own, and are left out by every function but \`count\` without a column, \`first\`, \`last\` and
\`list\`. \`first\` and \`last\` need an \`order\`; \`string_agg\` and \`list\` order by the value itself when none is given.

${exactness}

Groups come in no particular order.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { keys: [], measures: [{ name: 'count', function: 'count' }] },
  form: fields<z.infer<typeof config>>(
    { name: 'keys', label: 'Group by', editor: 'columns', placeholder: 'all rows are one group' },
    {
      name: 'measures',
      label: 'Measures',
      editor: 'list',
      layout: 'block',
      item: 'measure',
      fields: fields<Measure>(
        {
          name: 'function',
          label: 'Function',
          editor: 'choice',
          options: plainOptions([...plainFunctions, ...orderedFunctions, 'expression']),
        },
        {
          name: 'column',
          label: 'Column',
          editor: 'column',
          when: ({ function: name, expression: sql }) => name !== 'expression' && sql === undefined,
        },
        { name: 'name', label: 'Name', editor: 'text' },
        {
          name: 'expression',
          label: 'Expression',
          editor: 'expression',
          more: true,
          when: ({ column }) => column === undefined,
        },
        {
          name: 'filter',
          label: 'Only rows where',
          editor: 'expression',
          more: true,
          when: ({ function: name }) => name !== 'expression',
        },
        {
          name: 'order',
          label: 'In the order of',
          editor: 'list',
          item: 'column',
          fields: sortFields,
          when: ({ function: name }) => orderedFunctions.some((ordered) => ordered === name),
        },
        { name: 'separator', label: 'Separator', editor: 'text', when: ({ function: name }) => name === 'string_agg' },
      ),
    },
  ),
  summary: ({ keys, measures }) =>
    `${measures.map(measureText).join(', ')}${keys.length === 0 ? '' : ` by ${keys.join(', ')}`}`.trim(),
  parameterFields: ['measures'],
  sql({ keys, measures }, inputs) {
    const input = inputAt(inputs)
    const columns = findColumns(input, keys, 'keys')
    const groups = columns.map((column) => ref(column))
    const names = measures.map(({ name }) => name)
    checkDistinct(
      names,
      (index) => `measures.${index}.name`,
      columns.map(({ name }) => name),
    )
    const values = measures.map(
      (item, index) => `${measureSql(item, input, `measures.${index}`)} AS ${quoteName(item.name)}`,
    )
    const by = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`
    return { out: `SELECT ${[...groups, ...values].join(', ')} ${fromInput(input)}${by}` }
  },
  readsOnce: () => true,
})

function measureSql(item: Measure, input: InputRelation, field: string): string {
  const operand = operandOf(item, input, field)
  if (item.function === 'expression') return operand?.sql ?? ''
  const given = orderTerms(item.order, input, `${field}.order`)
  const ownOrder = item.function === 'string_agg' || item.function === 'list'
  const order = given.length === 0 && ownOrder && operand ? [`${operand.sql} ASC NULLS LAST`] : given
  const suffix = item.filter === undefined ? '' : ` FILTER (WHERE ${expression(item.filter, `${field}.filter`)})`
  return aggregateCall(item.function, operand, { order, separator: item.separator, suffix })
}
