import { z } from 'zod'
import { quoteName } from '../sql/duckdb.ts'
import { findColumns, fromInput, inputAt, ref, unusedName } from './columns.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { columnName, orderTerms, sortFields, sortKey, sortText } from './fields.ts'
import { fields } from './form.ts'

const config = z
  .strictObject({
    keys: z.array(columnName).default([]).describe('Columns that decide which rows are the same; all when empty.'),
    order: z
      .array(sortKey)
      .default([])
      .describe('Which of several rows with the same keys is kept: the first in this order, then the first to arrive.'),
  })
  .superRefine(({ keys, order }, context) => {
    if (keys.length > 0 || order.length === 0) return
    context.addIssue({ code: 'custom', path: ['order'], message: 'an order is of use only with keys' })
  })

export const distinct = defineNode<z.infer<typeof config>>({
  kind: 'distinct',
  title: 'Distinct',
  category: 'transform',
  icon: 'IconCopyOff',
  help: `Removes repeated rows.

Without keys, rows that are equal in every column become one, and the result has no particular order. With keys, one row
is kept for each combination of their values: the first in \`order\`, and the first to arrive where that leaves a tie. Rows
kept by keys stay in the order they arrived. NULL equals NULL here.

\`\`\`json
{ "keys": ["customer_id"], "order": [{ "column": "created_at", "direction": "desc" }] }
\`\`\``,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { keys: [] },
  form: fields<z.infer<typeof config>>(
    { name: 'keys', label: 'Keys', editor: 'columns', placeholder: 'all columns' },
    {
      name: 'order',
      label: 'Keep the first by',
      editor: 'list',
      item: 'column',
      fields: sortFields,
      when: ({ keys = [] }) => keys.length > 0,
    },
  ),
  summary: ({ keys, order }) =>
    keys.length === 0
      ? 'all columns'
      : `by ${keys.join(', ')}${order.length > 0 ? `, first by ${sortText(order)}` : ''}`,
  sql({ keys, order }, inputs) {
    const input = inputAt(inputs)
    if (keys.length === 0) return { out: `SELECT DISTINCT * ${fromInput(input)}` }
    const position = unusedName(input.columns, 'position')
    const numbered = `(SELECT *, row_number() OVER () AS ${quoteName(position)} ${fromInput(input)})`
    const partition = findColumns(input, keys, 'keys').map((column) => ref(column))
    const terms = [...orderTerms(order, input, 'order'), ref(position)]
    const rank = `row_number() OVER (PARTITION BY ${partition.join(', ')} ORDER BY ${terms.join(', ')})`
    const kept = `SELECT * ${fromInput({ ...input, relation: numbered })} QUALIFY ${rank} = 1`
    return { out: `SELECT * EXCLUDE (${quoteName(position)}) FROM (${kept}) ORDER BY ${quoteName(position)}` }
  },
  readsOnce: () => true,
})
