import { z } from 'zod'
import { quoteName } from '../sql/duckdb.ts'
import { fromInput, inputAt, unusedName } from './columns.ts'
import { defineNode, inPort, outPort } from './define.ts'
import { fields } from './form.ts'

const count = z.int().min(0)

const config = z
  .strictObject({
    mode: z.enum(['first', 'sample']).default('first').describe('The first rows, or rows drawn at random.'),
    count: count.optional().describe('How many rows to keep at most.'),
    offset: count.default(0).describe('How many rows to leave out before the first one kept.'),
    percent: z.number().gt(0).max(100).optional().describe('Sample only: about how many rows of a hundred to keep.'),
    seed: z
      .int()
      .min(0)
      .default(0)
      .describe('Sample only: the same seed draws the same rows from the same input; another seed draws others.'),
  })
  .superRefine((value, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (value.mode === 'first') {
      if (value.count === undefined && value.offset === 0) wrong('count', 'say how many rows to keep')
      if (value.percent !== undefined) wrong('percent', 'only a sample has a percentage')
      return
    }
    if ((value.count === undefined) === (value.percent === undefined))
      wrong('count', 'a sample has a count or a percent')
    if (value.offset > 0) wrong('offset', 'a sample has no offset')
  })
type Config = z.infer<typeof config>

export const limit = defineNode<Config>({
  kind: 'limit',
  title: 'Limit',
  category: 'transform',
  icon: 'IconFilterDown',
  help: `Keeps the first rows, or a random sample.

The first rows are those that arrive first: put a sort before this node where it matters which they are. Reading stops as
soon as there are enough.

\`\`\`json
{ "count": 100, "offset": 20 }
\`\`\`

\`\`\`json
{ "mode": "sample", "percent": 5, "seed": 7 }
\`\`\`

A sample by count has exactly that many rows (fewer when fewer arrive); one by percent has about as many, every row being
drawn for itself. Which rows are drawn depends only on the seed and on their position, and they keep their order.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { mode: 'first', count: 100 },
  form: fields<Config>(
    {
      name: 'mode',
      label: 'Keep',
      editor: 'choice',
      options: [
        { value: 'first', label: 'The first rows' },
        { value: 'sample', label: 'A sample' },
      ],
    },
    { name: 'count', label: 'Rows', editor: 'number', when: ({ percent }) => percent === undefined },
    {
      name: 'percent',
      label: 'Percent',
      editor: 'number',
      when: ({ mode, count: rows }) => mode === 'sample' && rows === undefined,
    },
    { name: 'offset', label: 'Leave out first', editor: 'number', when: ({ mode = 'first' }) => mode === 'first' },
    { name: 'seed', label: 'Seed', editor: 'number', when: ({ mode }) => mode === 'sample' },
  ),
  summary: ({ mode, count: rows, offset, percent }) => {
    if (mode === 'sample') return percent === undefined ? `sample of ${rows ?? 0} rows` : `sample of ${percent} %`
    return `${rows === undefined ? 'all rows' : `first ${rows}`}${offset > 0 ? ` after ${offset}` : ''}`
  },
  sql(settings, inputs) {
    const input = inputAt(inputs)
    if (settings.mode === 'first') {
      const rows = settings.count === undefined ? '' : ` LIMIT ${settings.count}`
      return { out: `SELECT * ${fromInput(input)}${rows} OFFSET ${settings.offset}` }
    }
    const position = quoteName(unusedName(input.columns, 'position'))
    const numbered = `(SELECT *, row_number() OVER () AS ${position} ${fromInput(input)})`
    return { out: `SELECT * EXCLUDE (${position}) FROM ${drawn(settings, numbered, position)} ORDER BY ${position}` }
  },
  readsOnce: () => true,
})

const million = 1_000_000

/** Rows are drawn by a hash of their position, which no number of threads can change. */
function drawn({ count: rows, percent, seed }: Config, numbered: string, position: string): string {
  const draw = `hash(${position}, ${seed}::UBIGINT)`
  return percent === undefined
    ? `(SELECT * FROM ${numbered} ORDER BY ${draw}, ${position} LIMIT ${rows ?? 0})`
    : `(SELECT * FROM ${numbered} WHERE ${draw} % ${million} < ${Math.round((percent / 100) * million)})`
}
