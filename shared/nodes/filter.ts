import { z } from 'zod'
import { expression } from '../sql/duckdb.ts'
import { fromInput, inputAt } from './columns.ts'
import { defineNode, inPort } from './define.ts'
import { sqlExpression } from './fields.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  where: sqlExpression.describe('SQL condition that rows must meet to pass, e.g. `amount > 100`.'),
})

export const filter = defineNode<z.infer<typeof config>>({
  kind: 'filter',
  title: 'Filter',
  category: 'transform',
  icon: 'IconFilter',
  help: `Parts rows by a condition.

Rows for which the condition is true leave at \`out\`; all others, those for which it is NULL included, leave at \`rest\`,
so no row is lost when both ports are wired. \`:name\` stands for a pipeline parameter.

\`\`\`json
{ "where": "amount > 100 and country = :country" }
\`\`\`

Each port evaluates the condition for itself: with a function such as \`random()\` a row may pass at both or at neither.`,
  inputs: [inPort],
  outputs: [
    { name: 'out', title: 'Rows that pass' },
    { name: 'rest', title: 'All other rows' },
  ],
  config,
  defaults: {},
  form: fields<z.infer<typeof config>>({ name: 'where', label: 'Condition', editor: 'expression' }),
  summary: ({ where }) => where.trim(),
  parameterFields: ['where'],
  sql({ where }, inputs) {
    const input = inputAt(inputs)
    const condition = expression(where, 'where')
    return {
      out: `SELECT * ${fromInput(input)} WHERE ${condition}`,
      rest: `SELECT * ${fromInput(input)} WHERE ${condition} IS NOT TRUE`,
    }
  },
  readsOnce: () => true,
})
