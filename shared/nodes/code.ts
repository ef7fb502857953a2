import { z } from 'zod'
import { columnList, columnSpec, specFields } from './column-spec.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  code: z
    .string()
    .min(1)
    .describe('JavaScript that defines `function row(r, i)`, and `start()` or `end()` where wanted.'),
  columns: columnList(columnSpec)
    .optional()
    .describe('Columns of the rows that come out; those of the input when absent.'),
  memoryMb: z.int().min(8).max(1024).default(64).describe('Memory the code may use, in MiB.'),
  batchSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(10)
    .describe('How long the code may take over at most 1,000 rows, in seconds.'),
})
export type CodeConfig = z.infer<typeof config>

export const code = defineNode<CodeConfig>({
  kind: 'code',
  title: 'Code',
  category: 'transform',
  icon: 'IconCode',
  help: `JavaScript over every row, in a sandbox.

\`\`\`js
function row(r, i) {
  return { ...r, total: r.price * r.count }
}
\`\`\`

\`row(r, i)\` gets a row as an object and its number from 0, and returns one row, an array of rows, or nothing to leave the row out. \`start()\` runs before the first
row and \`end()\` after the last; both may return rows too. Variables outside the functions keep their value from row to row. \`params\` holds the pipeline's
parameters, and \`console.log\` writes to the log of the node.

Values keep their exactness: \`int64\` is a BigInt, \`int16\`, \`int32\` and floats are numbers, a \`blob\` is a Uint8Array, a list is an array, and everything else
(decimals, dates, times, uuid, json) is text. The rows that come out are checked against the types of their columns: \`int64\` takes a BigInt or a
safe whole number, \`decimal\` takes text, a number or a BigInt, dates and timestamps take text or a Date (in UTC), \`json\` takes JSON text or any object or array. A column that a returned row
leaves out is NULL; a property that is neither a column of the output nor of the input is an error.

The code sees no files, no network and no timers, and is stopped when it uses more memory or time than allowed.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { code: 'function row(r, i) {\n  return r\n}\n' },
  form: fields<CodeConfig>(
    { name: 'code', label: 'Code', editor: 'code' },
    {
      name: 'columns',
      label: 'Columns that come out',
      editor: 'list',
      item: 'column',
      each: 'name',
      placeholder: 'those that arrive',
      fields: specFields,
    },
    { name: 'memoryMb', label: 'Memory (MiB)', editor: 'number', more: true },
    { name: 'batchSeconds', label: 'Seconds per 1,000 rows', editor: 'number', more: true },
  ),
  summary: ({ code: text }) => text.trim().split('\n')[0] ?? '',
})
