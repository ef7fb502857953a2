import { z } from 'zod'
import { defineNode, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  connection: z.string().min(1).describe('Name of the connection the table lives on.'),
  table: z
    .string()
    .min(1)
    .describe('Table or view, as `name` or `schema.name`; quote with `"` a name that holds a dot.'),
  columns: z.array(z.string().min(1)).min(1).optional().describe('Columns to read, in order; all when absent.'),
  where: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Condition in the dialect of the connection, evaluated by the database. `:name` stands for a pipeline parameter.',
    ),
})

export const table = defineNode<z.infer<typeof config>>({
  kind: 'table',
  title: 'Table',
  category: 'source',
  icon: 'IconTable',
  help: `Rows of a table or view, all or those that meet a condition.

Only the columns asked for are read, and the condition runs in the database.`,
  inputs: [],
  outputs: [outPort],
  config,
  defaults: {},
  form: fields<z.infer<typeof config>>(
    { name: 'connection', label: 'Connection', editor: 'connection' },
    { name: 'table', label: 'Table', editor: 'table' },
    { name: 'columns', label: 'Columns', editor: 'columns', port: 'table', placeholder: 'all columns' },
    { name: 'where', label: 'Where', editor: 'expression', port: 'table' },
  ),
  summary: ({ table: name, where }) => (where ? `${name} where ${where}` : name),
  parameterFields: ['where'],
})
