import { z } from 'zod'
import { defineNode, inPort, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  rows: z
    .strictObject({
      min: z.int().min(0).optional().describe('Fewest rows allowed.'),
      max: z.int().min(0).optional().describe('Most rows allowed.'),
    })
    .optional()
    .describe('How many rows must arrive.'),
  notNull: z.array(z.string().min(1)).default([]).describe('Columns that must not hold NULL.'),
  unique: z.array(z.string().min(1)).default([]).describe('Columns whose values together must be unique.'),
  condition: z
    .string()
    .min(1)
    .optional()
    .describe('SQL expression that must hold for every row; NULL counts as not holding.'),
  severity: z
    .enum(['fail', 'warn'])
    .default('fail')
    .describe('Whether a broken rule fails the node or is logged as a warning.'),
})
export type AssertConfig = z.infer<typeof config>

export const assert = defineNode<AssertConfig>({
  kind: 'assert',
  title: 'Assert',
  category: 'control',
  icon: 'IconShieldCheck',
  help: `Rules that rows must keep before they go on.

Rows pass unchanged when all rules hold. A broken rule names how many rows break it and shows an example; with severity \`fail\` nothing downstream runs.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: {},
  form: fields<AssertConfig>(
    { name: 'notNull', label: 'Not null', editor: 'columns' },
    { name: 'unique', label: 'Unique', editor: 'columns' },
    { name: 'condition', label: 'Condition', editor: 'expression' },
    {
      name: 'rows',
      label: 'Row count',
      editor: 'group',
      fields: fields<NonNullable<AssertConfig['rows']>>(
        { name: 'min', label: 'At least', editor: 'number' },
        { name: 'max', label: 'At most', editor: 'number' },
      ),
    },
    {
      name: 'severity',
      label: 'When a rule is broken',
      editor: 'choice',
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'warn', label: 'Warn' },
      ],
    },
  ),
  summary: ({ rows, notNull, unique, condition }) =>
    [
      rows ? 'row count' : '',
      notNull.length > 0 ? `${notNull.join(', ')} not null` : '',
      unique.length > 0 ? `${unique.join(', ')} unique` : '',
      condition ?? '',
    ]
      .filter((part) => part !== '')
      .join(' · '),
  parameterFields: ['condition'],
})
