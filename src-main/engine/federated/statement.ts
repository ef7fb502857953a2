import { AppError } from '../../../shared/errors.ts'
import { didYouMean } from '../../../shared/nearest.ts'
import { quoteText } from '../../../shared/sql/duckdb.ts'
import type { DuckSession } from '../duck/session.ts'
import { isPart, type Part, textOf } from '../lineage/json.ts'

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

/**
 * The tables that one statement mentions, by the engine's own parser.
 * @throws AppError QUERY_SYNTAX with the position; QUERY_DENIED for anything but reading tables of connections
 */
export async function mentionsOf(session: DuckSession, sql: string): Promise<Mention[]> {
  const [[text] = []] = await session.text(`SELECT json_serialize_sql(${quoteText(sql)})`)
  const parsed: unknown = JSON.parse(text ?? '{}')
  if (!isPart(parsed) || parsed.error === true) {
    if (isPart(parsed) && textOf(parsed, 'error_type') === 'not implemented') throw refused()
    // The engine says the same once more, with its place in the text.
    await session.describe(sql)
    throw new AppError('QUERY_SYNTAX', isPart(parsed) ? textOf(parsed, 'error_message') : 'The SQL cannot be read.')
  }
  const mentions: Mention[] = []
  const places = new ByteOffsets(sql)
  for (const part of everyPart(parsed)) {
    if (part.type === 'TABLE_FUNCTION') checkFunction(part, places)
    if (part.type === 'SHOW_REF') checkShown(part)
    if (part.type === 'BASE_TABLE') mentions.push(...mentionOf(part, places))
  }
  return mentions
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
function mentionOf(part: Part, places: ByteOffsets): Mention[] {
  const [catalog, schema, table] = ['catalog_name', 'schema_name', 'table_name'].map((key) => textOf(part, key))
  if (!schema || table === undefined) return []
  const position = places.index(part.query_location) ?? 0
  return [
    catalog
      ? { connection: catalog, schema, table, position }
      : { connection: schema, schema: undefined, table, position },
  ]
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
