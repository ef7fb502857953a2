import { z } from 'zod'
import { isFloat, isLoose, isNumber } from '../data/kinds.ts'
import { type ColumnType, formatType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { duckType, expression, quoteName, quoteText } from '../sql/duckdb.ts'
import { checkDistinct, findColumns, fromInput, inputAt, ref } from './columns.ts'
import { defineNode, type InputRelation, inPort, outPort } from './define.ts'
import { columnName, orderTerms, sortFields, sortKey, sortText, sqlExpression } from './fields.ts'
import { fields, plainOptions } from './form.ts'
import { aggregateCall, checkOperand, exactness, measureText, operandOf } from './measures.ts'

const rankings = ['row_number', 'rank', 'dense_rank', 'ntile', 'lag', 'lead'] as const
const framed = ['first', 'last', 'sum', 'avg', 'min', 'max', 'count'] as const

const item = z
  .strictObject({
    name: columnName.describe('Name of the new column.'),
    function: z
      .enum([...rankings, ...framed, 'expression'])
      .describe('What is computed; `expression` takes any SQL that calls its functions `over w`.'),
    column: columnName.optional().describe('The column it is computed of; `count` without one counts rows.'),
    expression: sqlExpression.optional().describe('SQL expression to compute it of, instead of a column.'),
    offset: z.int().min(0).default(1).describe('For `lag` and `lead`: how many rows before or after.'),
    default: sqlExpression
      .optional()
      .describe(
        'For `lag` and `lead`: SQL expression for where there is no such row, of the type of the column; NULL when absent.',
      ),
    buckets: z.int().min(1).optional().describe('For `ntile`: into how many equal parts the rows are dealt.'),
    frame: z
      .union([
        z.enum(['running', 'whole']),
        z.strictObject({ last: z.int().min(1).describe('How many rows, this one included.') }),
      ])
      .optional()
      .describe(
        'Rows that `first`, `last`, `sum`, `avg`, `min`, `max` and `count` see: `running` those up to this one, `whole` all of the partition, `{ "last": 3 }` this one and the 2 before it. `running` when there is an order, else `whole`.',
      ),
  })
  .superRefine((value, context) => {
    checkOperand(value, context)
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if ((value.function === 'ntile') !== (value.buckets !== undefined))
      wrong('buckets', 'ntile, and only it, needs buckets')
    const shifts = value.function === 'lag' || value.function === 'lead'
    if (!shifts && value.default !== undefined) wrong('default', 'only lag and lead have a default')
    if (!isFramed(value.function) && value.frame !== undefined) wrong('frame', `${value.function} has no frame`)
  })
type Item = z.infer<typeof item>

const config = z.strictObject({
  items: z.array(item).min(1).describe('Columns to add.'),
  partition: z.array(columnName).default([]).describe('Columns that part the rows; each part is computed by itself.'),
  order: z.array(sortKey).default([]).describe('Order of the rows within a part.'),
})
type Config = z.infer<typeof config>

const isFramed = (name: string) => framed.some((candidate) => candidate === name)
const isShift = (name: string) => name === 'lag' || name === 'lead'
const takesValue = (name: string) => isFramed(name) || isShift(name)

export const window = defineNode<Config>({
  kind: 'window',
  title: 'Window',
  category: 'transform',
  icon: 'IconChartHistogram',
  help: `Adds columns computed over neighbouring rows: ranks, running sums, moving averages, previous and next values.

\`\`\`json
{ "partition": ["account"], "order": [{ "column": "day" }, { "column": "id" }], "items": [
  { "name": "balance", "function": "sum", "column": "amount" },
  { "name": "before", "function": "lag", "column": "amount", "default": "0" },
  { "name": "average3", "function": "avg", "column": "amount", "frame": { "last": 3 } },
  { "name": "share", "function": "expression", "expression": "amount / sum(amount) over (partition by account)" }
] }
\`\`\`

In an expression, \`over w\` stands for the node's partition and order. Where rows tie in the order, it is open which comes
first: add a key that tells them apart. ${exactness}

Rows come out in no particular order.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { items: [], partition: [], order: [] },
  form: fields<Config>(
    {
      name: 'items',
      label: 'Columns to add',
      editor: 'list',
      layout: 'block',
      item: 'column',
      fields: fields<Item>(
        {
          name: 'function',
          label: 'Function',
          editor: 'choice',
          options: plainOptions([...rankings, ...framed, 'expression']),
        },
        {
          name: 'column',
          label: 'Column',
          editor: 'column',
          when: ({ function: name = '', expression: sql }) => takesValue(name) && sql === undefined,
        },
        { name: 'name', label: 'Name', editor: 'text' },
        {
          name: 'expression',
          label: 'Expression',
          editor: 'expression',
          more: true,
          when: ({ function: name = '', column }) =>
            name === 'expression' || (takesValue(name) && column === undefined),
        },
        { name: 'offset', label: 'Rows away', editor: 'number', when: ({ function: name = '' }) => isShift(name) },
        { name: 'default', label: 'Else', editor: 'expression', when: ({ function: name = '' }) => isShift(name) },
        { name: 'buckets', label: 'Parts', editor: 'number', when: ({ function: name }) => name === 'ntile' },
        { name: 'frame', label: 'Of the rows', editor: 'frame', when: ({ function: name = '' }) => isFramed(name) },
      ),
    },
    { name: 'partition', label: 'For each', editor: 'columns', placeholder: 'all rows together' },
    { name: 'order', label: 'In the order of', editor: 'list', item: 'column', fields: sortFields },
  ),
  summary: ({ items, partition, order }) =>
    [
      items.map(measureText).join(', '),
      partition.length > 0 ? `per ${partition.join(', ')}` : '',
      order.length > 0 ? `by ${sortText(order)}` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  parameterFields: ['items'],
  sql(settings, inputs) {
    const input = inputAt(inputs)
    const partition = findColumns(input, settings.partition, 'partition').map((column) => ref(column))
    const order = orderTerms(settings.order, input, 'order')
    const taken = input.columns.map(({ name }) => name)
    checkDistinct(
      settings.items.map(({ name }) => name),
      (index) => `items.${index}.name`,
      taken,
    )
    const values = settings.items.map(
      (added, index) => `${itemSql(added, input, order.length > 0, `items.${index}`)} AS ${quoteName(added.name)}`,
    )
    const parts = [
      partition.length > 0 ? `PARTITION BY ${partition.join(', ')}` : '',
      order.length > 0 ? `ORDER BY ${order.join(', ')}` : '',
    ]
    return { out: `SELECT *, ${values.join(', ')} ${fromInput(input)} WINDOW w AS (${parts.join(' ').trim()})` }
  },
  readsOnce: () => true,
})

function itemSql(added: Item, input: InputRelation, ordered: boolean, field: string): string {
  const operand = operandOf(added, input, field)
  switch (added.function) {
    case 'expression':
      return operand?.sql ?? ''
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      needsOrder(added, ordered, field)
      return `${added.function}() OVER w`
    case 'ntile':
      needsOrder(added, ordered, field)
      return `ntile(${added.buckets ?? 1}) OVER w`
    case 'lag':
    case 'lead': {
      needsOrder(added, ordered, field)
      const fallback = fallbackSql(added, operand?.type, `${field}.default`)
      const call = (value: string, otherwise: string) =>
        `${added.function}(${value}, ${added.offset}${otherwise}) OVER w`
      const value = call(operand?.sql ?? '', fallback)
      if (added.default === undefined || operand?.type !== undefined) return value
      // What the expression gives is known only when it is there to be compared.
      const misfit = quoteText(
        `The default of ${added.name} is no value of the type of its expression. ${fallbackHint}`,
      )
      const given = expression(added.default, `${field}.default`)
      return `CASE WHEN ${call('1', ', 0')} = 0 AND ${value} <> ${given} THEN error(${misfit}) ELSE ${value} END`
    }
    default: {
      const frame = added.frame ?? (ordered ? 'running' : 'whole')
      if (frame !== 'whole' || added.function === 'first' || added.function === 'last')
        needsOrder(added, ordered, field)
      return aggregateCall(added.function, operand, { suffix: ` OVER (w ${frameSql(frame)})` })
    }
  }
}

const fallbackHint = 'Give a default of that type, or cast what it stands for.'

/**
 * The default of `lag` and `lead`, which the engine casts to the type of the column, digits behind its last one rounded: one that would be
 * another value ends the query.
 * @throws AppError CONFIG_INVALID for a number that is written out
 */
function fallbackSql({ name, default: text }: Item, type: ColumnType | undefined, field: string): string {
  if (text === undefined) return ''
  const sql = expression(text, field)
  if (type === undefined || !(type.kind === 'date' || (isNumber(type) && !isFloat(type)))) return `, ${sql}`
  const misfit = `The default of ${name} is no value of its column, which is ${formatType(type)}.`
  const written = /^\s*'?[-+]?\d*(?:\.(\d*?)0*)?'?\s*$/.exec(text)
  if ((written?.[1]?.length ?? 0) > scaleOf(type))
    throw new AppError('CONFIG_INVALID', misfit, { hint: fallbackHint, at: { field } })
  const message = quoteText(`${misfit} ${fallbackHint}`)
  return `, CASE WHEN ${sql} <> CAST(${sql} AS ${duckType(type)}) THEN error(${message}) ELSE ${sql} END`
}

/** Digits behind the point; see `duckType` for decimals without a declared number of them. */
function scaleOf(type: ColumnType): number {
  if (type.kind !== 'decimal') return 0
  return isLoose(type) ? 10 : (type.scale ?? 0)
}

function frameSql(frame: NonNullable<Item['frame']>): string {
  if (frame === 'whole') return 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING'
  const from = frame === 'running' ? 'UNBOUNDED' : frame.last - 1
  return `ROWS BETWEEN ${from} PRECEDING AND CURRENT ROW`
}

function needsOrder(added: Item, ordered: boolean, field: string): void {
  if (ordered) return
  throw new AppError(
    'CONFIG_INVALID',
    `${added.name} (${added.function}) needs an order, or its value would be arbitrary.`,
    {
      at: { field: `${field}.function` },
      hint: 'Name at least one column to order by.',
    },
  )
}
