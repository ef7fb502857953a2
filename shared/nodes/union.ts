import { z } from 'zod'
import type { Column, ColumnType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { quoteName } from '../sql/duckdb.ts'
import { fromInput, inputAt, ref } from './columns.ts'
import { asCommon, commonType } from './common-type.ts'
import { defineNode, type InputRelation, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  by: z
    .enum(['name', 'position'])
    .default('name')
    .describe('Whether columns are matched by name, in any order and case, or first to first and second to second.'),
  rows: z.enum(['all', 'distinct']).default('all').describe('Whether rows that are equal are all kept or become one.'),
})

export const union = defineNode<z.infer<typeof config>>({
  kind: 'union',
  title: 'Union',
  category: 'transform',
  icon: 'IconStack2',
  help: `Puts the rows of several inputs below each other.

By name, the columns of the first input come first and columns that only later inputs have follow; where an input lacks a
column its rows have NULL there. By position, every input must have the same number of columns and the first one names
them. A column gets a type that holds the values of every input: two whole numbers the wider one, a number and a text a
text. Whole numbers and decimals together with floats are \`float64\`, which rounds decimals; an \`int64\` that it would round
fails the node.

With \`"rows": "all"\` rows come in the order of the inputs, as wired. With \`distinct\` they have no particular order.

\`\`\`json
{ "by": "name", "rows": "distinct" }
\`\`\``,
  inputs: [{ name: 'in', title: 'Rows in', many: true }],
  outputs: [outPort],
  config,
  defaults: {},
  form: fields<z.infer<typeof config>>(
    {
      name: 'by',
      label: 'Match columns',
      editor: 'choice',
      options: [
        { value: 'name', label: 'By name' },
        { value: 'position', label: 'By position' },
      ],
    },
    {
      name: 'rows',
      label: 'Equal rows',
      editor: 'choice',
      options: [
        { value: 'all', label: 'Keep all' },
        { value: 'distinct', label: 'Become one' },
      ],
    },
  ),
  summary: ({ by, rows }) => `${rows} rows, by ${by}`,
  sql({ by, rows }, inputs) {
    const first = inputAt(inputs)
    if (by === 'position') checkWidths(inputs)
    const keyOf = (column: Column, index: number) => (by === 'name' ? column.name.toLowerCase() : String(index))
    const commons = commonTypes(inputs, keyOf)
    const selects = inputs.map((input) => {
      const fields = input.columns.map((column, index) => {
        const value = asCommon(ref(column), column.type, commons.get(keyOf(column, index)))
        return value === ref(column) ? value : `${value} AS ${quoteName(column.name)}`
      })
      return `SELECT ${fields.join(', ')} ${fromInput(input)}`
    })
    if (selects.length === 1) return { out: `SELECT ${rows === 'distinct' ? 'DISTINCT ' : ''}* ${fromInput(first)}` }
    const operator = `UNION${rows === 'all' ? ' ALL' : ''}${by === 'name' ? ' BY NAME' : ''}`
    return { out: selects.join(` ${operator} `) }
  },
  readsOnce: () => true,
})

/** For columns that come together, by name or by place. */
function commonTypes(inputs: readonly InputRelation[], keyOf: (column: Column, index: number) => string) {
  const types = new Map<string, ColumnType[]>()
  for (const { columns } of inputs) {
    for (const [index, column] of columns.entries()) {
      const key = keyOf(column, index)
      types.set(key, [...(types.get(key) ?? []), column.type])
    }
  }
  return new Map([...types].map(([key, each]) => [key, commonType(each)]))
}

function checkWidths([first, ...others]: readonly InputRelation[]): void {
  const wanted = first?.columns.length
  const index = others.findIndex((input) => input.columns.length !== wanted)
  if (index < 0) return
  throw new AppError(
    'CONFIG_COLUMN',
    `Input ${index + 2} has ${others[index]?.columns.length} columns and the first one ${wanted}, so they cannot be matched by position.`,
    { at: { field: 'by' }, hint: 'Match by name, or give both the same columns with a select node.' },
  )
}
