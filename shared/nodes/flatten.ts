import { z } from 'zod'
import { type Column, type ColumnType, formatType, parseType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { duckType, quoteName, quoteText } from '../sql/duckdb.ts'
import { type JsonPath, lastName, parsePath, pointer } from '../sql/json-path.ts'
import { castText, isUnsure, refusal } from '../sql/strict.ts'
import { castType } from './column-spec.ts'
import { checkDistinct, findColumn, fromInput, inputAt, ref, unusedName } from './columns.ts'
import { defineNode, type InputRelation, inPort, outPort } from './define.ts'
import { columnName } from './fields.ts'
import { fields } from './form.ts'

const path = z.string().min(1)

const config = z.strictObject({
  column: columnName.describe('The column to open up: JSON, text holding JSON, or a list.'),
  each: path
    .optional()
    .describe(
      'Path to an array inside it: one row comes out for each element. `$` when the column itself is the array.',
    ),
  fields: z
    .array(
      z.strictObject({
        path: path.describe(
          'Where the value lies, e.g. `address.city`, `tags[0]`, `"odd name".x`; within the element when there is `each`, whose own value is `$`.',
        ),
        name: columnName.optional().describe('Name of the new column; the last name of the path when absent.'),
        type: castType.default('text').describe('Its type; `json` keeps objects and arrays as they are.'),
      }),
    )
    .min(1)
    .describe('Columns to make.'),
  keepEmpty: z
    .boolean()
    .default(false)
    .describe('With `each`: keep rows that have no elements, as one row with NULL in the new columns.'),
  position: columnName
    .optional()
    .describe('With `each`: name of a column with the number of the element, from 1; none when absent.'),
  keepColumn: z.boolean().default(false).describe('Whether the opened column stays.'),
  onError: z
    .enum(['fail', 'null'])
    .default('fail')
    .describe('What a value becomes that is not JSON or does not fit its type: the node fails, or the value is NULL.'),
})
type Config = z.infer<typeof config>

export const flatten = defineNode<Config>({
  kind: 'flatten',
  title: 'Flatten',
  category: 'transform',
  icon: 'IconBraces',
  help: `Turns nested JSON into columns and rows.

Fields are taken out by their path; a path that leads nowhere, or to a JSON \`null\`, gives NULL. With \`each\`, every
element of an array becomes a row and the other columns are repeated; a value that is no array counts as an array of one.
Rows keep their order.

\`\`\`json
{ "column": "order", "each": "items", "position": "line", "fields": [
  { "path": "sku" },
  { "path": "price.amount", "name": "price", "type": "decimal(12,2)" }
] }
\`\`\`

For arrays within arrays put two of these nodes behind each other, the first with a field of type \`json\`. Whole numbers of
any length are exact; other numbers are read as \`float64\`, as JSON readers do, so send decimals of more than 15 digits as
text: a field that is a decimal does not take them as numbers.`,
  inputs: [inPort],
  outputs: [outPort],
  config,
  defaults: { fields: [] },
  form: fields<Config>(
    { name: 'column', label: 'Column', editor: 'column' },
    { name: 'each', label: 'A row for each', editor: 'text', placeholder: 'one row stays one row' },
    {
      name: 'fields',
      label: 'Fields',
      editor: 'list',
      item: 'field',
      fields: fields<Config['fields'][number]>(
        { name: 'path', label: 'Path', editor: 'text' },
        { name: 'name', label: 'Name', editor: 'text', placeholder: 'as in the path' },
        { name: 'type', label: 'Type', editor: 'type' },
      ),
    },
    {
      name: 'position',
      label: 'Number elements as',
      editor: 'text',
      placeholder: 'no number',
      when: ({ each }) => each !== undefined,
    },
    {
      name: 'keepEmpty',
      label: 'Keep rows without elements',
      editor: 'switch',
      when: ({ each }) => each !== undefined,
    },
    { name: 'keepColumn', label: 'Keep the column', editor: 'switch' },
    {
      name: 'onError',
      label: 'Values that do not fit',
      editor: 'choice',
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'null', label: 'Become NULL' },
      ],
    },
  ),
  summary: ({ column, each, fields }) =>
    `${column}${each ? ` each ${each}` : ''}: ${fields.map((field) => field.name ?? field.path).join(', ')}`,
  sql(settings, inputs) {
    const input = inputAt(inputs)
    const column = findColumn(input, settings.column, 'column')
    const kept = input.columns.filter((other) => settings.keepColumn || other !== column)
    const fields = fieldsOf(settings, kept)
    const cast = settings.onError === 'null' ? 'TRY_CAST' : 'CAST'
    const source = sourceOf(column, cast)
    const keep = kept.map((other) => ref(other))
    if (settings.each === undefined) {
      const values = fields.map(({ sql }) => sql(source, cast))
      return { out: `SELECT ${[...keep, ...values].join(', ')} ${fromInput(input)}` }
    }
    return { out: perElement(settings, input, source, [...keep], fields, cast) }
  },
  readsOnce: () => true,
})

type Cast = 'CAST' | 'TRY_CAST'

/** JSON, or a list's own values, in SQL. */
interface Source {
  sql: string
  type: ColumnType
}

interface FieldSql {
  sql(source: Source, cast: Cast): string
}

function sourceOf(column: Column, cast: Cast): Source {
  const { type } = column
  if (type.kind === 'json' || type.kind === 'list') return { sql: ref(column), type }
  if (type.kind === 'text') return { sql: `${cast}(${ref(column)} AS JSON)`, type: { kind: 'json' } }
  throw new AppError('CONFIG_COLUMN', `The column ${column.name} is ${formatType(type)}, which has nothing inside.`, {
    at: { field: 'column' },
    hint: 'Choose a column of type json, text or list.',
  })
}

function fieldsOf({ fields, position }: Config, kept: readonly Column[]): FieldSql[] {
  const parsed = fields.map((field, index) => {
    const at = `fields.${index}.path`
    const steps = parsePath(field.path, at)
    const name = field.name ?? lastName(steps)
    if (name === undefined) {
      throw new AppError('CONFIG_INVALID', `The path ${field.path} ends in no name, so the column needs one.`, {
        at: { field: `fields.${index}.name` },
      })
    }
    return { name, steps, type: parseType(field.type), at }
  })
  checkDistinct(
    parsed.map(({ name }) => name),
    (index) => `fields.${index}.name`,
    [...kept.map(({ name }) => name), ...(position === undefined ? [] : [position])],
  )
  return parsed.map(({ name, steps, type, at }) => ({
    sql: (source, cast) => `${extract(source, { name, steps, type, at }, cast)} AS ${quoteName(name)}`,
  }))
}

interface Extracted {
  name: string
  steps: JsonPath
  type: ColumnType
  /** Where the path is written in the config. */
  at: string
}

function extract(source: Source, { name, steps, type, at: field }: Extracted, cast: Cast): string {
  if (source.type.kind !== 'json') {
    if (steps.length === 0) return `${cast}(${source.sql} AS ${duckType(type)})`
    throw new AppError('CONFIG_INVALID', `A ${formatType(source.type)} has no parts that a path could name.`, {
      at: { field },
      hint: 'The path $ is the value itself.',
    })
  }
  const at = quoteText(pointer(steps))
  if (type.kind === 'json') return `nullif(json_extract(${source.sql}, ${at}), 'null'::JSON)`
  if (type.kind === 'list') return `${cast}(json_extract(${source.sql}, ${at}) AS ${duckType(type)})`
  const text = `json_extract_string(${source.sql}, ${at})`
  const value = castText(text, type, name, cast === 'TRY_CAST' ? 'null' : 'fail')
  if (type.kind !== 'decimal') return value
  const refused = cast === 'TRY_CAST' ? 'NULL' : refusal(text, name, 'has more digits than are read exactly')
  return `CASE WHEN json_type(${source.sql}, ${at}) = 'DOUBLE' AND ${isUnsure(text)} THEN ${refused} ELSE ${value} END`
}

function perElement(
  settings: Config,
  input: InputRelation,
  source: Source,
  kept: string[],
  fields: FieldSql[],
  cast: Cast,
): string {
  const { each = '$', position, keepEmpty } = settings
  const list = quoteName(unusedName(input.columns, 'elements'))
  const element = quoteName(unusedName(input.columns, 'element'))
  const number = quoteName(unusedName(input.columns, 'number'))
  const items = itemsOf(source, parsePath(each, 'each'))
  const lists = `(SELECT *, ${items.sql} AS ${list} ${fromInput(input)})`
  const all = keepEmpty ? `CASE WHEN len(${list}) > 0 THEN ${list} ELSE [NULL] END` : list
  const numbers = `CASE WHEN len(${list}) > 0 THEN range(1, len(${list}) + 1) ELSE ${keepEmpty ? '[NULL]' : '[]'} END`
  const rows = `(SELECT *, unnest(${all}) AS ${element}, unnest(${numbers}) AS ${number} FROM ${lists})`
  const values = fields.map(({ sql }) => sql({ sql: element, type: items.of }, cast))
  const numbered = position === undefined ? [] : [`${number} AS ${quoteName(position)}`]
  return `SELECT ${[...kept, ...numbered, ...values].join(', ')} ${fromInput({ ...input, relation: rows })}`
}

/** A list in SQL of what `each` leads to. */
function itemsOf(source: Source, steps: JsonPath): { sql: string; of: ColumnType } {
  if (source.type.kind === 'list') {
    if (steps.length === 0) return { sql: source.sql, of: source.type.of }
    throw new AppError('CONFIG_INVALID', 'The elements of a list column are at the path $.', { at: { field: 'each' } })
  }
  const found = `json_extract(${source.sql}, ${quoteText(pointer(steps))})`
  const sql = `CASE json_type(${found}) WHEN 'ARRAY' THEN CAST(${found} AS JSON[]) WHEN 'NULL' THEN [] ELSE [${found}] END`
  return { sql: `CASE WHEN ${found} IS NULL THEN [] ELSE ${sql} END`, of: { kind: 'json' } }
}
