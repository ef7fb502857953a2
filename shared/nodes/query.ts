import { z } from 'zod'
import { defineNode, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  connection: z.string().min(1).describe('Name of the connection to run on.'),
  sql: z
    .string()
    .min(1)
    .describe('One query in the dialect of the connection. `:name` stands for a pipeline parameter.'),
})

export const query = defineNode<z.infer<typeof config>>({
  kind: 'query',
  title: 'Query',
  category: 'source',
  icon: 'IconDatabaseSearch',
  help: `Rows of a SQL query on a saved connection.

The query is prepared to learn its columns and runs only with the pipeline. Parameters are bound by the driver, so a
value can never change the meaning of the SQL; \`:name\` inside strings, comments and casts is left alone.`,
  inputs: [],
  outputs: [outPort],
  config,
  defaults: { sql: 'select ' },
  form: fields<z.infer<typeof config>>(
    { name: 'connection', label: 'Connection', editor: 'connection' },
    { name: 'sql', label: 'SQL', editor: 'sql' },
  ),
  summary: ({ sql }) => sql.trim().split('\n')[0] ?? '',
  parameterFields: ['sql'],
})
