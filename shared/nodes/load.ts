import { z } from 'zod'
import { defineNode, inPort } from './define.ts'
import { fields } from './form.ts'

const loadModes = ['fail', 'append', 'replace', 'truncate', 'upsert', 'update', 'delete'] as const

const shape = z.strictObject({
  connection: z.string().min(1).describe('Name of the connection to load into.'),
  table: z.string().min(1).describe('Table, as `name` or `schema.name`.'),
  mode: z
    .enum(loadModes)
    .default('append')
    .describe(
      '`fail`: the table must not exist and is created. `append`: rows are added. `replace`: the table is made anew. `truncate`: the table keeps its definition and loses its rows. `upsert`, `update`, `delete`: rows are matched by `keys`.',
    ),
  keys: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Columns that identify a row, for upsert, update and delete; the primary key of a table that is created.',
    ),
  columns: z
    .record(z.string(), z.string())
    .optional()
    .describe('Names in the table by arriving name, where they differ.'),
  types: z
    .record(z.string(), z.string())
    .default({})
    .describe('Database types for columns of a table that is created, by name in the table.'),
  batchSize: z.int().min(1).max(100_000).default(5_000).describe('Rows per savepoint when refused rows are allowed.'),
  maxRejects: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'How many rows the database may refuse before the load fails. Refused rows leave by the port `rejects` with the reason.',
    ),
})
export type LoadConfig = z.infer<typeof shape>

const config = shape.superRefine(({ mode, keys }, context) => {
  if (keys.length > 0 || !(mode === 'upsert' || mode === 'update' || mode === 'delete')) return
  context.addIssue({ code: 'custom', path: ['keys'], message: `mode ${mode} needs the columns that identify a row` })
})

export const load = defineNode<LoadConfig>({
  kind: 'load',
  title: 'Load',
  category: 'load',
  icon: 'IconDatabaseImport',
  help: `Rows into a table, all or nothing.

A load is one transaction: after a failure or a stop the table holds what it held before. The table is created when it is missing. With \`"atomic": "pipeline"\` in the document all loads of a
connection commit together.

A value that its column cannot give back is refused: 1.7 in a column of whole numbers, a text that is no date. Decimals beyond the digits of
their column, and fractions of seconds, are rounded or cut as the database does.

Rows that the database refuses fail the load, unless \`maxRejects\` allows some; those leave by the port \`rejects\`, with a column \`reject_reason\`.`,
  inputs: [inPort],
  outputs: [{ name: 'rejects', title: 'Refused rows' }],
  config,
  defaults: { mode: 'append' },
  form: fields<LoadConfig>(
    { name: 'connection', label: 'Connection', editor: 'connection' },
    { name: 'table', label: 'Table', editor: 'table' },
    {
      name: 'mode',
      label: 'Mode',
      editor: 'choice',
      help: 'What becomes of the rows that the table holds.',
      options: [
        { value: 'append', label: 'Append: add rows' },
        { value: 'replace', label: 'Replace: make the table anew' },
        { value: 'truncate', label: 'Truncate: empty it, then add rows' },
        { value: 'upsert', label: 'Upsert: update or add by keys' },
        { value: 'update', label: 'Update: only rows that are there' },
        { value: 'delete', label: 'Delete: rows with these keys' },
        { value: 'fail', label: 'Create: fail if the table exists' },
      ],
    },
    { name: 'keys', label: 'Keys', editor: 'columns', port: 'loaded' },
    {
      name: 'columns',
      label: 'Columns',
      editor: 'mapping',
      port: 'in',
      help: 'Names in the table, where they differ.',
    },
    { name: 'types', label: 'Types of a table that is created', editor: 'types', port: 'loaded', more: true },
    { name: 'maxRejects', label: 'Refused rows allowed', editor: 'number', more: true },
    {
      name: 'batchSize',
      label: 'Batch size',
      editor: 'number',
      more: true,
      when: ({ maxRejects = 0 }) => maxRejects > 0,
    },
  ),
  summary: ({ table, mode, keys }) => `${mode} ${table}${keys.length > 0 ? ` by ${keys.join(', ')}` : ''}`,
  effect: true,
})
