import { z } from 'zod'
import { defineNode, inPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  connection: z.string().min(1).describe('Name of the connection to run on.'),
  sql: z
    .string()
    .min(1)
    .describe(
      'One or more statements, separated by `;`. `:name` stands for a pipeline parameter, or, when rows arrive, first for the column of that name.',
    ),
})

export const execute = defineNode<z.infer<typeof config>>({
  kind: 'execute',
  title: 'Execute',
  category: 'control',
  icon: 'IconTerminal2',
  help: `Statements on a saved connection: set up a table, call a procedure, clean up.

Without rows in, the statements run once, in order, in one transaction. With rows in, one statement runs once per row with \`:column\` bound to the row's values. Use an order-only
edge (\`"after": true\`) to run other nodes afterwards.`,
  inputs: [{ ...inPort, optional: true }],
  outputs: [],
  config,
  defaults: { sql: '' },
  form: fields<z.infer<typeof config>>(
    { name: 'connection', label: 'Connection', editor: 'connection' },
    { name: 'sql', label: 'SQL', editor: 'sql' },
  ),
  summary: ({ sql }) => sql.trim().split('\n')[0] ?? '',
  effect: true,
})
