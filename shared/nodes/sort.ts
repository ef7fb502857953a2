import { z } from 'zod'
import { fromInput, inputAt } from './columns.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { orderTerms, sortFields, sortKey, sortText } from './fields.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  keys: z.array(sortKey).min(1).describe('Columns to order by, the most important first.'),
})

export const sort = defineNode<z.infer<typeof config>>({
  kind: 'sort',
  title: 'Sort',
  category: 'transform',
  icon: 'IconArrowsSort',
  help: `Orders rows by one or more columns.

NULLs come last unless a key says otherwise. Text is compared by code points, so \`B\` comes before \`a\`; derive a column
such as \`lower(name)\` to sort without regard to case. Rows with equal keys come in no particular order: add a key that
tells them apart where that matters. A sort larger than memory spills to disk.

\`\`\`json
{ "keys": [{ "column": "day", "direction": "desc" }, { "column": "id" }] }
\`\`\`

Rows keep this order in the grid and in what is written right after this node. Joins, groups and most other transforms
do not keep it: sort last.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { keys: [] },
  form: fields<z.infer<typeof config>>({
    name: 'keys',
    label: 'Order by',
    editor: 'list',
    item: 'column',
    fields: sortFields,
  }),
  summary: ({ keys }) => sortText(keys),
  sql({ keys }, inputs) {
    const input = inputAt(inputs)
    return { out: `SELECT * ${fromInput(input)} ORDER BY ${orderTerms(keys, input, 'keys').join(', ')}` }
  },
  readsOnce: () => true,
})
