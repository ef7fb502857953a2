import { z } from 'zod'
import { isFloat } from '../data/kinds.ts'
import { type Column, type ColumnType, formatType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { quoteName } from '../sql/duckdb.ts'
import { findColumn, goTogether, inputAt, sameName } from './columns.ts'
import { asCommon, commonType } from './common-type.ts'
import { defineNode, type InputRelation, outPort } from './define.ts'
import { columnName } from './fields.ts'
import { fields, plainOptions } from './form.ts'

const config = z.strictObject({
  type: z
    .enum(['inner', 'left', 'right', 'full', 'semi', 'anti'])
    .default('inner')
    .describe(
      'Which rows remain: `inner` those with a match, `left`, `right` and `full` also those without one on that side, `semi` and `anti` the left rows that have a match or have none.',
    ),
  keys: z
    .array(
      z.strictObject({
        left: columnName.describe('Column of the left input.'),
        right: columnName.optional().describe('Column of the right input; the same name when absent.'),
      }),
    )
    .min(1)
    .describe('Pairs of columns that must be equal, all of them.'),
  suffix: z
    .string()
    .min(1)
    .default('_right')
    .describe('Put behind names of the right input that the left one has too.'),
  nullsMatch: z.boolean().default(false).describe('Whether NULL equals NULL in the keys.'),
})
type Config = z.infer<typeof config>

export const join = defineNode<Config>({
  kind: 'join',
  title: 'Join',
  category: 'transform',
  icon: 'IconArrowsJoin2',
  help: `Brings rows of two inputs together by equal keys.

All columns of the left input come first, then those of the right one. A right column whose name the left input has too
gets the suffix (\`name_right\`, and \`name_right_2\` should that be taken). A key with the same name on both sides appears
once, with the value of the side that has the row. \`semi\` and \`anti\` give only left columns, and each left row once.

\`\`\`json
{ "type": "left", "keys": [{ "left": "customer_id", "right": "id" }] }
\`\`\`

Keys are of types that can be compared: a number is never equal to a text, so cast one of them before. Whole numbers and
floats are compared exactly, also those that a float would round.

A NULL key matches nothing unless \`nullsMatch\` is set. Rows come in no particular order.`,
  inputs: [
    { name: 'left', title: 'Left rows' },
    { name: 'right', title: 'Right rows' },
  ],
  outputs: [outPort],
  config,
  defaults: { type: 'inner', keys: [] },
  form: fields<Config>(
    {
      name: 'type',
      label: 'Type',
      editor: 'choice',
      options: plainOptions(['inner', 'left', 'right', 'full', 'semi', 'anti']),
    },
    {
      name: 'keys',
      label: 'Keys',
      editor: 'list',
      item: 'pair',
      fields: fields<Config['keys'][number]>(
        { name: 'left', label: 'Left', editor: 'column', port: 'left' },
        { name: 'right', label: 'Right', editor: 'column', port: 'right', placeholder: 'same name' },
      ),
    },
    {
      name: 'suffix',
      label: 'Suffix of equal names',
      editor: 'text',
      when: ({ type }) => type !== 'semi' && type !== 'anti',
    },
    { name: 'nullsMatch', label: 'NULL equals NULL', editor: 'switch' },
  ),
  summary: ({ type, keys }) =>
    `${type} on ${keys.map(({ left, right }) => (right && !sameName(left, right) ? `${left} = ${right}` : left)).join(', ')}`,
  sql(settings, inputs) {
    const left = inputAt(inputs, 'left')
    const right = inputAt(inputs, 'right')
    const pairs = keyPairs(settings, left, right)
    const operator = settings.nullsMatch ? 'IS NOT DISTINCT FROM' : '='
    const condition = pairs.map((pair) => keySides(pair).join(` ${operator} `)).join(' AND ')
    const join = `FROM ${left.relation} AS l ${settings.type.toUpperCase()} JOIN ${right.relation} AS r ON ${condition}`
    return { out: `SELECT ${outputColumns(settings, left, right, pairs).join(', ')} ${join}` }
  },
  readsOnce: () => true,
})

interface KeyPair {
  left: Column
  right: Column
}

const ofLeft = (column: Column) => `l.${quoteName(column.name)}`
const ofRight = (column: Column) => `r.${quoteName(column.name)}`

/** Both sides of a key as one type, so that none of them is rounded to be compared. */
function keySides({ left, right }: KeyPair): [string, string] {
  if (mixesFloat({ left, right })) return [asExact(ofLeft(left), left.type), asExact(ofRight(right), right.type)]
  // Floats are compared as the engine does it: a decimal equals the float that is nearest to it.
  const common = isFloat(left.type) || isFloat(right.type) ? undefined : commonType([left.type, right.type])
  return [asCommon(ofLeft(left), left.type, common), asCommon(ofRight(right), right.type, common)]
}

/** Whether whole numbers meet floats that do not hold all of them: as floats, unlike numbers would be equal. */
const mixesFloat = ({ left, right }: KeyPair) => isRounded(left.type, right.type) || isRounded(right.type, left.type)

const isRounded = ({ kind: whole }: ColumnType, { kind: float }: ColumnType) =>
  (whole === 'int64' && (float === 'float64' || float === 'float32')) || (whole === 'int32' && float === 'float32')

/** A whole number as one of 128 bits; a float as well, and as one that no column of whole numbers holds where it is not whole or too large. */
function asExact(value: string, type: ColumnType): string {
  if (!isFloat(type)) return `CAST(${value} AS HUGEINT)`
  const whole = `abs(${value}) < 1e19 AND ${value} = trunc(${value})`
  return `CASE WHEN ${whole} THEN CAST(${value} AS HUGEINT) WHEN ${value} IS NOT NULL THEN CAST('1e38' AS HUGEINT) END`
}

function keyPairs({ keys, type }: Config, left: InputRelation, right: InputRelation): KeyPair[] {
  return keys.map((key, index) => {
    const field = `keys.${index}.${key.right === undefined ? 'left' : 'right'}`
    const pair = {
      left: findColumn(left, key.left, `keys.${index}.left`),
      right: findColumn(right, key.right ?? key.left, field),
    }
    checkComparable(pair, field)
    if (isEither(type, pair) && mixesFloat(pair)) throw eitherRounded(pair, field)
    return pair
  })
}

/** @throws AppError CONFIG_COLUMN for a text and a number, and the like: they are equal only by accident */
function checkComparable({ left, right }: KeyPair, field: string): void {
  if (goTogether(left.type, right.type)) return
  const [one, other] = [`${left.name} is ${formatType(left.type)}`, `${right.name} is ${formatType(right.type)}`]
  throw new AppError('CONFIG_COLUMN', `The keys cannot be compared: ${one} on the left, ${other} on the right.`, {
    hint: 'Cast one of them to the type of the other before, with a select node.',
    at: { field },
  })
}

/** Whether the key comes out as one column with the value of either side. */
const isEither = (type: Config['type'], { left, right }: KeyPair) =>
  (type === 'right' || type === 'full') && sameName(left.name, right.name)

function eitherRounded({ left, right }: KeyPair, field: string): AppError {
  const types = `${formatType(left.type)} on the left and ${formatType(right.type)} on the right`
  return new AppError('CONFIG_COLUMN', `The key ${left.name} comes out as one column, and it is ${types}.`, {
    hint: 'One of them would be rounded: cast it to the type of the other before, with a select node, or give it another name.',
    at: { field },
  })
}

function outputColumns(
  { type, suffix }: Config,
  left: InputRelation,
  right: InputRelation,
  pairs: KeyPair[],
): string[] {
  const shared = pairs.filter((pair) => sameName(pair.left.name, pair.right.name))
  const leftColumns = left.columns.map((column) => {
    const pair = shared.find((candidate) => candidate.left === column)
    return pair && isEither(type, pair)
      ? `coalesce(${keySides(pair).join(', ')}) AS ${quoteName(column.name)}`
      : ofLeft(column)
  })
  if (type === 'semi' || type === 'anti') return leftColumns
  const added = right.columns.filter((column) => !shared.some((pair) => pair.right === column))
  const taken = new Set([...left.columns, ...added].map(({ name }) => name.toLowerCase()))
  const rightColumns = added.map((column) => {
    if (!left.columns.some(({ name }) => sameName(name, column.name))) return ofRight(column)
    const name = freeName(`${column.name}${suffix}`, taken)
    taken.add(name.toLowerCase())
    return `${ofRight(column)} AS ${quoteName(name)}`
  })
  return [...leftColumns, ...rightColumns]
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`
  return name
}
