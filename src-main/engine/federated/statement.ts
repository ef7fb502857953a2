import { AppError } from '../../../shared/errors.ts'
import { didYouMean } from '../../../shared/nearest.ts'
import { quoteText } from '../../../shared/sql/duckdb.ts'
import type { DuckSession } from '../duck/session.ts'
import { isPart, type Part, partsOf, textOf } from '../lineage/json.ts'

/** A table as the SQL names it: `connection.schema.table` or `connection.table`. */
export interface Mention {
  connection: string
  schema: string | undefined
  table: string
  /** Where the name begins in the text. */
  position: number
}

/** Functions that make rows of what they are given; all others read files, or the engine itself. */
const rowFunctions = new Set([
  'generate_series',
  'generate_subscripts',
  'json_each',
  'json_tree',
  'range',
  'regexp_split_to_table',
  'repeat',
  'repeat_row',
  'unnest',
])

/** What one statement calls things by, as far as tables are concerned. */
export interface Names {
  /** Tables of connections, each as often as it is mentioned. */
  tables: NamedTable[]
  /** Tables of one part: common table expressions, or unknown. */
  bare: { name: string; position: number }[]
  /** Common table expressions and aliases of tables. */
  given: { expressions: string[]; aliases: string[] }
  /** Columns and what they are qualified with: `orders.id` is two parts. */
  columns: { parts: string[]; position: number }[]
  /** The tables of `orders.*`. */
  stars: string[]
}

export interface NamedTable extends Mention {
  /** The name that the statement gives it, if any. */
  alias: string | undefined
}

/** The tables that one statement mentions. @throws AppError as namesOf */
export const mentionsOf = async (session: DuckSession, sql: string): Promise<Mention[]> =>
  (await namesOf(session, sql)).tables

/**
 * The names in one statement, by the engine's own parser.
 * @throws AppError QUERY_SYNTAX with the position; QUERY_DENIED for anything but reading tables of connections
 */
export async function namesOf(session: DuckSession, sql: string): Promise<Names> {
  const [[text] = []] = await session.text(`SELECT json_serialize_sql(${quoteText(sql)})`)
  const parsed: unknown = JSON.parse(text ?? '{}')
  if (!isPart(parsed) || parsed.error === true) {
    if (isPart(parsed) && textOf(parsed, 'error_type') === 'not implemented') throw refused()
    // The engine says the same once more, with its place in the text.
    await session.describe(sql)
    throw new AppError('QUERY_SYNTAX', isPart(parsed) ? textOf(parsed, 'error_message') : 'The SQL cannot be read.')
  }
  const names: Names = { tables: [], bare: [], given: { expressions: [], aliases: [] }, columns: [], stars: [] }
  const places = new ByteOffsets(sql)
  for (const part of everyPart(parsed)) {
    if (part.type === 'TABLE_FUNCTION') checkFunction(part, places)
    if (part.type === 'SHOW_REF') checkShown(part)
    if (part.type === 'BASE_TABLE') takeTable(part, places, names)
    takeName(part, places, names)
  }
  return names
}

function takeName(part: Part, places: ByteOffsets, { given, columns, stars }: Names): void {
  if (isPart(part.cte_map)) given.expressions.push(...partsOf(part.cte_map, 'map').map((entry) => textOf(entry, 'key')))
  const { column_names: parts } = part
  const position = places.index(part.query_location)
  if (part.type === 'COLUMN_REF' && Array.isArray(parts) && position !== undefined) {
    columns.push({ parts: parts.map(String), position })
  }
  if (part.type === 'STAR' && textOf(part, 'relation_name') !== '') stars.push(textOf(part, 'relation_name'))
}

const refused = () =>
  new AppError('QUERY_DENIED', 'Across databases, statements only read: nothing is written, set, attached or loaded.', {
    hint: 'Use SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE or EXPLAIN; a PIVOT must list its values with IN. To change rows, pick their connection.',
  })

function* everyPart(value: unknown): Generator<Part> {
  if (Array.isArray(value)) for (const item of value) yield* everyPart(item)
  else if (isPart(value)) {
    yield value
    for (const item of Object.values(value)) yield* everyPart(item)
  }
}

function checkFunction(part: Part, places: ByteOffsets): void {
  const name = isPart(part.function) ? textOf(part.function, 'function_name').toLowerCase() : ''
  if (rowFunctions.has(name)) return
  throw new AppError('QUERY_DENIED', `${name} cannot be used here: only tables of connections can be read.`, {
    hint: didYouMean(name, [...rowFunctions], 'Files are read by a file node of a pipeline.'),
    at: { position: places.index(part.query_location) },
  })
}

/** SHOW TABLES and the like tell of the engine, whose own tables are of no concern to anyone. */
function checkShown(part: Part): void {
  if (isPart(part.query)) return
  throw new AppError('QUERY_DENIED', 'SHOW has nothing to show across databases.', {
    hint: 'DESCRIBE connection.table gives the columns of a table; the tables are listed beside the editor.',
  })
}

/** A name of one part is a common table expression, or unknown; the binder tells which. */
function takeTable(part: Part, places: ByteOffsets, { tables, bare, given }: Names): void {
  const [catalog, schema, table = ''] = ['catalog_name', 'schema_name', 'table_name'].map((key) => textOf(part, key))
  const position = places.index(part.query_location) ?? 0
  const alias = textOf(part, 'alias') || undefined
  if (alias !== undefined) given.aliases.push(alias)
  if (!schema) bare.push({ name: table, position })
  else if (catalog) tables.push({ connection: catalog, schema, table, position, alias })
  else tables.push({ connection: schema, schema: undefined, table, position, alias })
}

/** The engine counts bytes of UTF-8 where the screen counts UTF-16. */
class ByteOffsets {
  private readonly bytes: Buffer

  constructor(sql: string) {
    this.bytes = Buffer.from(sql, 'utf8')
  }

  /** Undefined for the offset that stands for none. */
  index(offset: unknown): number | undefined {
    const at = Number(offset)
    return at <= this.bytes.length ? this.bytes.subarray(0, at).toString('utf8').length : undefined
  }
}
