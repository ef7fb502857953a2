import type { ColumnType } from '../../../../shared/data/types.ts'
import { quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import type { DuckRunner } from '../../node-context.ts'
import { strictValue } from './csv-strict.ts'
import { decimalsAsJson, fromJson } from './json-decimals.ts'

/** A column of JSON records with its DuckDB type. */
export interface Field {
  name: string
  type: string
  /** The type was given, not found by looking. */
  declared?: boolean
  /** The given type, where its values are decimals. */
  decimals?: ColumnType
}

const day = '\\d{4}-\\d{2}-\\d{2}'
const clock = '\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6}0*)?'
const offset = ' ?(Z|z|[+-]\\d{2}(:?\\d{2})?)'

/** What is taken for a date or a time: ISO 8601 and nothing else. The first that fits all values of a column is its type. */
const spellings = [
  { type: 'DATE', pattern: day },
  { type: 'TIMESTAMP', pattern: `${day}([T ]${clock})?` },
  { type: 'TIMESTAMPTZ', pattern: `${day}[T ]${clock}${offset}` },
  { type: 'TIME', pattern: clock },
] as const

type Spelling = (typeof spellings)[number]

/** As many records of each file as DuckDB guesses types by. */
const sampledRecords = 20_480
const sampledFiles = 32

const texts = /^(?:VARCHAR|DATE|TIME|TIMESTAMP)((?:\[\])*)$/

/**
 * The type to read a guessed column as, so that values stay as they are written: DuckDB drops the offset of a timestamp and takes 01-02-2000 for a
 * date in an order of its choice; of objects it makes structures, with keys that some have not and whole numbers as fractions.
 */
export function textual({ type, declared, decimals }: Field): string {
  if (decimals) return decimalsAsJson(decimals)
  if (declared) return type
  if (/\b(STRUCT|MAP)\(/.test(type)) return 'JSON'
  const lists = texts.exec(type)?.[1]
  return lists === undefined ? type : `VARCHAR${lists}`
}

/**
 * The records, with texts made dates and times where all sampled values of a column are spelled alike; a later value that is
 * spelled otherwise is an error. `source` gives the records of some files, their columns of the types that `textual` says.
 * @param sampled whether types were guessed by a part of the records, so that later ones may be of others
 */
export async function withDates(
  fields: readonly Field[],
  files: readonly string[],
  source: (fields: readonly Field[]) => (files: readonly string[]) => string,
  duck: DuckRunner,
  sampled: boolean,
): Promise<string> {
  const whole = await wholeNumbers(fields, files, source, duck, sampled)
  const strict = fields.filter(
    ({ name, type, declared }) => !declared && (whole.has(name) || (sampled && type === 'BIGINT')),
  )
  const asText = fields.map((field) =>
    strict.includes(field) ? { name: field.name, type: 'VARCHAR', declared: true } : field,
  )
  const numbers = strict.map(
    ({ name }) => `${whole.get(name) ?? strictValue(name, 'BIGINT', {})} AS ${quoteName(name)}`,
  )
  const select = source(asText)
  const decimals = fields.flatMap(({ name, decimals: type }) =>
    type === undefined ? [] : `${fromJson(name, type)} AS ${quoteName(name)}`,
  )
  const typed = [...numbers, ...decimals, ...(await dated(fields, files, select, duck))]
  return typed.length === 0 ? select(files) : `SELECT * REPLACE (${typed.join(', ')}) FROM (${select(files)})`
}

/**
 * Columns of numbers that do not fit 64 bits and are whole, as far as was looked at: as fractions they would be rounded. With the SQL for the value
 * of their texts.
 */
async function wholeNumbers(
  fields: readonly Field[],
  files: readonly string[],
  source: (fields: readonly Field[]) => (files: readonly string[]) => string,
  duck: DuckRunner,
  sampled: boolean,
): Promise<Map<string, string>> {
  const floats = fields.filter(({ type, declared }) => !declared && type === 'DOUBLE')
  if (floats.length === 0) return new Map()
  const texts = source(fields.map((field) => (floats.includes(field) ? { ...field, type: 'VARCHAR' } : field)))
  const fits = floats.map(
    ({ name }) =>
      `bool_and(regexp_full_match(${quoteName(name)}, '-?\\d{1,38}')) AND max(length(${quoteName(name)})) > 18`,
  )
  const [found = []] = await duck.text(
    `SELECT ${fits.join(', ')} FROM (${sampled ? sampleOf(floats, files, texts) : texts(files)})`,
  )
  const whole = floats.filter((_, index) => found[index] === 'true')
  return new Map(
    whole.map(({ name }) => {
      const text = quoteName(name)
      const told = `${quoteText(`Column ${name} holds "`)} || left(${text}, 200) || ${quoteText('", which is no whole number.')}`
      const value = `CASE WHEN regexp_full_match(${text}, '-?\\d{1,38}') THEN CAST(${text} AS DECIMAL(38,0)) ELSE error(${told}) END`
      return [name, `CASE WHEN ${text} IS NOT NULL THEN ${value} END`]
    }),
  )
}

/** The first records of some of the files. */
function sampleOf(
  fields: readonly { name: string }[],
  files: readonly string[],
  select: (files: readonly string[]) => string,
): string {
  const step = Math.ceil(files.length / sampledFiles)
  const names = fields.map(({ name }) => quoteName(name)).join(', ')
  return files
    .filter((_, index) => index % step === 0)
    .map((file) => `(SELECT ${names} FROM (${select([file])}) LIMIT ${sampledRecords})`)
    .join(' UNION ALL ')
}

/** Texts that become dates and times, as SQL for the columns. */
async function dated(
  fields: readonly Field[],
  files: readonly string[],
  select: (files: readonly string[]) => string,
  duck: DuckRunner,
): Promise<string[]> {
  const guessed = fields.flatMap(({ name, type, declared }) => {
    const lists = declared ? undefined : texts.exec(type)?.[1]
    return lists === undefined ? [] : [{ name, depth: lists.length / 2 }]
  })
  if (guessed.length === 0) return []
  const counts = guessed.flatMap(({ name, depth }) => counting(quoteName(name), depth))
  const [found = []] = await duck.text(`SELECT ${counts.join(', ')} FROM (${sampleOf(guessed, files, select)})`)
  const width = spellings.length + 1
  return guessed.flatMap(({ name, depth }, index) => {
    const [total, ...fitting] = found.slice(index * width, (index + 1) * width)
    const spelling = total === '0' ? undefined : spellings[fitting.indexOf(total ?? null)]
    return spelling === undefined ? [] : [`${checked(name, depth, spelling)} AS ${quoteName(name)}`]
  })
}

/** How many values there are, and how many of each spelling. Lists are slower to count in, so they are made only of lists. */
function counting(value: string, depth: number): string[] {
  if (depth === 0)
    return ['TRUE', ...spellings.map((spelling) => `${read(value, spelling)} IS NOT NULL`)].map(
      (fits) => `count(${value}) FILTER (WHERE ${fits})`,
    )
  const values = `list_filter(${flat(value, depth)}, lambda v : v IS NOT NULL)`
  const fitting = spellings.map((spelling) => `list_filter(${values}, lambda v : ${read('v', spelling)} IS NOT NULL)`)
  return [values, ...fitting].map((list) => `coalesce(sum(len(${list})), 0)`)
}

/** One list of all values, whatever the depth of the column. */
function flat(value: string, depth: number): string {
  return depth <= 1 ? value : flat(`flatten(${value})`, depth - 1)
}

/** NULL where the text is not spelled so. */
const read = (text: string, { type, pattern }: Spelling) =>
  `CASE WHEN regexp_full_match(${text}, ${quoteText(pattern)}) THEN TRY_CAST(${text} AS ${type}) END`

function checked(name: string, depth: number, spelling: Spelling): string {
  const convert = (value: string, left: number): string => {
    if (left > 0) return `list_transform(${value}, lambda v${left} : ${convert(`v${left}`, left - 1)})`
    const told = quoteText(`Column ${name} holds "`)
    const rest = quoteText(`", which is not written like its first values (${spelling.type}).`)
    return `coalesce(${read(value, spelling)}, CASE WHEN ${value} IS NOT NULL THEN error(${told} || left(${value}, 200) || ${rest}) END)`
  }
  return convert(quoteName(name), depth)
}
