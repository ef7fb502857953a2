import { z } from 'zod'
import { parseType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { duckType, quoteName } from '../sql/duckdb.ts'
import { castType } from './column-spec.ts'
import { checkDistinct, findColumn, findColumns, fromInput, inputAt, ref, sameName } from './columns.ts'
import { defineNode, type InputRelation, inPort, outPort } from './define.ts'
import { columnName } from './fields.ts'
import { fields } from './form.ts'

const picked = z.strictObject({
  column: columnName.describe('The column as it arrives.'),
  name: columnName.optional().describe('Its name from here on; as it arrives when absent.'),
  type: castType.optional().describe('The type to cast to, e.g. `int64`, `decimal(12,2)`, `timestamp`.'),
})
type Picked = z.infer<typeof picked>

const config = z.strictObject({
  columns: z.array(picked).default([]).describe('Columns in the order they should have.'),
  others: z
    .enum(['drop', 'keep'])
    .default('drop')
    .describe('What happens to columns that are not listed: `keep` puts them after the listed ones.'),
  drop: z.array(columnName).default([]).describe('Columns to leave out when the others are kept.'),
  onError: z
    .enum(['fail', 'null'])
    .default('fail')
    .describe('What a value becomes that cannot be cast: the node fails, or the value is NULL.'),
})
type Config = z.infer<typeof config>

export const select = defineNode<Config>({
  kind: 'select',
  title: 'Select',
  category: 'transform',
  icon: 'IconColumns3',
  help: `Picks, renames, reorders and casts columns.

Listed columns come first, in the order of the list; with \`"others": "keep"\` the rest follow in the order they arrive,
without those in \`drop\`. A column may be listed twice under two names.

\`\`\`json
{ "columns": [{ "column": "amount", "name": "total", "type": "decimal(12,2)" }], "others": "keep", "drop": ["note"] }
\`\`\`

A cast to a whole number rounds. A value that cannot be cast fails the node, or becomes NULL with \`"onError": "null"\`.
\`decimal\` without precision means 28 digits before the point and 10 after it.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { columns: [], others: 'keep' },
  form: fields<Config>(
    {
      name: 'columns',
      label: 'Columns',
      editor: 'list',
      item: 'column',
      each: 'column',
      fields: fields<Picked>(
        { name: 'column', label: 'Column', editor: 'column' },
        { name: 'name', label: 'Name', editor: 'text', placeholder: 'same name' },
        { name: 'type', label: 'Type', editor: 'type', placeholder: 'same type' },
      ),
    },
    {
      name: 'others',
      label: 'Other columns',
      editor: 'choice',
      options: [
        { value: 'drop', label: 'Drop' },
        { value: 'keep', label: 'Keep' },
      ],
    },
    { name: 'drop', label: 'Leave out', editor: 'columns', when: ({ others }) => others === 'keep' },
    {
      name: 'onError',
      label: 'Values that cannot be cast',
      editor: 'choice',
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'null', label: 'Become NULL' },
      ],
      when: ({ columns = [] }) => columns.some(({ type }) => type !== undefined),
    },
  ),
  summary: ({ columns, others, drop }) =>
    [
      ...columns.map(({ column, name, type }) => `${column}${name ? ` → ${name}` : ''}${type ? `: ${type}` : ''}`),
      ...(others === 'keep' ? ['others'] : []),
      ...drop.map((name) => `without ${name}`),
    ].join(', '),
  sql(settings, inputs) {
    const input = inputAt(inputs)
    const columns = outputColumns(settings, input)
    return {
      out: `SELECT ${columns.map(({ sql, name }) => `${sql} AS ${quoteName(name)}`).join(', ')} ${fromInput(input)}`,
    }
  },
  readsOnce: () => true,
})

function outputColumns(
  { columns, others, drop, onError }: Config,
  input: InputRelation,
): { sql: string; name: string }[] {
  const listed = columns.map((item, index) => {
    const column = findColumn(input, item.column, `columns.${index}.column`)
    return { sql: cast(ref(column), item, onError), name: item.name ?? column.name }
  })
  const left = findColumns(input, drop, 'drop')
  const rest = input.columns.filter(
    ({ name }) =>
      !columns.some(({ column }) => sameName(column, name)) && !left.some((dropped) => dropped.name === name),
  )
  const kept = others === 'keep' ? rest : []
  checkDistinct(
    listed.map(({ name }) => name),
    (index) => `columns.${index}.name`,
    kept.map(({ name }) => name),
  )
  const all = [...listed, ...kept.map((column) => ({ sql: ref(column), name: column.name }))]
  if (all.length === 0) throw new AppError('CONFIG_INVALID', 'No column is left.', { at: { field: 'columns' } })
  return all
}

function cast(value: string, { type }: Picked, onError: 'fail' | 'null'): string {
  if (type === undefined) return value
  return `${onError === 'null' ? 'TRY_CAST' : 'CAST'}(${value} AS ${duckType(parseType(type))})`
}
