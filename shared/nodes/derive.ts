import { z } from 'zod'
import { expression, quoteName } from '../sql/duckdb.ts'
import { fromInput, inputAt, sameName } from './columns.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { columnName, sqlExpression } from './fields.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  columns: z
    .array(
      z.strictObject({
        name: columnName.describe('Name of the column; one that arrives under this name is replaced in its place.'),
        expression: sqlExpression.describe('SQL expression for its value, e.g. `price * quantity`.'),
      }),
    )
    .min(1)
    .describe('Columns to add or replace, in order: each may use those before it.'),
})

export const derive = defineNode<z.infer<typeof config>>({
  kind: 'derive',
  title: 'Derive',
  category: 'transform',
  icon: 'IconMathFunction',
  help: `Adds columns, or replaces them, by SQL expressions.

Columns are made in the order of the list, and each expression sees the results of those before it. A name that arrives
already is replaced where it stands; a new one goes to the end. \`:name\` stands for a pipeline parameter.

\`\`\`json
{ "columns": [
  { "name": "net", "expression": "price * quantity" },
  { "name": "gross", "expression": "net * 1.19" }
] }
\`\`\`

Columns with odd names are written in double quotes: \`"Unit price" * quantity\`.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { columns: [] },
  form: fields<z.infer<typeof config>>({
    name: 'columns',
    label: 'Columns',
    editor: 'list',
    layout: 'block',
    item: 'column',
    fields: fields<z.infer<typeof config>['columns'][number]>(
      { name: 'name', label: 'Name', editor: 'text' },
      { name: 'expression', label: 'Expression', editor: 'expression' },
    ),
  }),
  summary: ({ columns }) => columns.map(({ name, expression: text }) => `${name} = ${text.trim()}`).join(', '),
  parameterFields: ['columns'],
  sql({ columns }, inputs) {
    const input = inputAt(inputs)
    const names = input.columns.map((column) => column.name)
    let select = ''
    columns.forEach(({ name, expression: text }, index) => {
      const value = `${expression(text, `columns.${index}.expression`)} AS ${quoteName(name)}`
      const replaces = names.some((taken) => sameName(taken, name))
      if (!replaces) names.push(name)
      const from = select === '' ? fromInput(input) : fromInput({ ...input, relation: `(${select})` })
      select = `SELECT ${replaces ? `* REPLACE (${value})` : `*, ${value}`} ${from}`
    })
    return { out: select }
  },
  readsOnce: () => true,
})
