import { z } from 'zod'
import { type Column, formatType, parseType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { duckType, quoteName, quoteText } from '../sql/duckdb.ts'
import { castType } from './column-spec.ts'
import { checkDistinct, findColumns, fromInput, goTogether, inputAt, ref } from './columns.ts'
import { asCommon, commonType } from './common-type.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { columnName } from './fields.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  columns: z.array(columnName).min(1).describe('The columns that become rows.'),
  name: columnName.default('name').describe('Name of the new column that holds their names.'),
  value: columnName.default('value').describe('Name of the new column that holds their values.'),
  type: castType.optional().describe('Type that the values are cast to; needed where their types do not go together.'),
  nulls: z.enum(['keep', 'drop']).default('keep').describe('Whether NULL values make a row.'),
})

export const unpivot = defineNode<z.infer<typeof config>>({
  kind: 'unpivot',
  title: 'Unpivot',
  category: 'transform',
  icon: 'IconTableMinus',
  help: `Turns columns into rows.

Every row becomes one row for each listed column, with the column's name and its value; the other columns are repeated.
Rows keep their order, and within a row the columns come in the order of the list.

\`\`\`json
{ "columns": ["jan", "feb", "mar"], "name": "month", "value": "amount", "nulls": "drop" }
\`\`\`

Values of several types get one that holds them all. Where there is none, for instance for a number and a text, set
\`type\`.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { columns: [] },
  form: fields<z.infer<typeof config>>(
    { name: 'columns', label: 'Columns', editor: 'columns' },
    { name: 'name', label: 'Names go to', editor: 'text' },
    { name: 'value', label: 'Values go to', editor: 'text' },
    { name: 'type', label: 'Type of the values', editor: 'type', placeholder: 'one that holds them all' },
    {
      name: 'nulls',
      label: 'NULL values',
      editor: 'choice',
      options: [
        { value: 'keep', label: 'Keep' },
        { value: 'drop', label: 'Drop' },
      ],
    },
  ),
  summary: ({ columns, name, value }) => `${columns.join(', ')} → ${name}, ${value}`,
  sql({ columns, name, value, type, nulls }, inputs) {
    const input = inputAt(inputs)
    const turned = findColumns(input, columns, 'columns')
    const others = input.columns.filter((column) => !turned.includes(column))
    const taken = others.map((column) => column.name)
    checkDistinct([name], () => 'name', taken)
    checkDistinct([value], () => 'value', [...taken, name])
    if (type === undefined) checkTogether(turned)
    const names = turned.map((column) => quoteText(column.name))
    const common = commonType(turned.map((column) => column.type))
    const values = turned.map((column) =>
      type ? `CAST(${ref(column)} AS ${duckType(parseType(type))})` : asCommon(ref(column), column.type, common),
    )
    const select = [
      ...others.map((column) => ref(column)),
      `unnest([${names.join(', ')}]) AS ${quoteName(name)}`,
      `unnest([${values.join(', ')}]) AS ${quoteName(value)}`,
    ]
    const rows = `SELECT ${select.join(', ')} ${fromInput(input)}`
    return { out: nulls === 'keep' ? rows : `SELECT * FROM (${rows}) WHERE ${quoteName(value)} IS NOT NULL` }
  },
  readsOnce: () => true,
})

/** Values of unlike types have no type that holds them all. @throws AppError CONFIG_INVALID */
function checkTogether([first, ...others]: readonly Column[]): void {
  const other = first && others.find((column) => !goTogether(first.type, column.type))
  if (!first || !other) return
  const [one, another] = [first, other].map((column) => `${column.name} is ${formatType(column.type)}`)
  throw new AppError('CONFIG_INVALID', `No type holds the values of all columns: ${one}, ${another}.`, {
    hint: 'Say which type they are cast to, e.g. text.',
    at: { field: 'type' },
  })
}
