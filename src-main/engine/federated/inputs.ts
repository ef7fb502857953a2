import { AppError } from '../../../shared/errors.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import type { Source } from './source.ts'
import type { NamedTable, Names } from './statement.ts'

/** A table of a statement as an input of a node. */
export interface Input {
  /** What the SQL calls it. */
  name: string
  source: Source
  /** Whether its schema was named, too. */
  inSchema: boolean
}

/** One mention of a table, with the input it becomes. */
interface Read {
  table: NamedTable
  input: Input
  /** What its columns are qualified with. */
  scope: string
}

/** A stretch of the text, and what stands there instead. */
interface Change {
  position: number
  /** How many parts of a dotted name it is. */
  parts: number
  text: string
}

const same = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase()

/**
 * The statement over inputs instead of tables of connections: a table that is mentioned twice is one input, and what is called by a
 * table's name goes on being so.
 * @param keywords words that need quotes as names, in lower case
 * @throws AppError QUERY_CONFLICT when two tables of one name are told apart in a way that inputs cannot be
 */
export function overInputs(
  sql: string,
  names: Names,
  sources: readonly Source[],
  keywords: ReadonlySet<string | null>,
): { sql: string; inputs: Input[] } {
  const written = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name) ? name : quoteName(name))
  const inputs = inputsOf(names, sources)
  const reads = names.tables.flatMap((table): Read[] => {
    const input = inputs.find(({ source }) => isOf(table, source))
    return input ? [{ table, input, scope: table.alias ?? scopeOf(table, input, names) }] : []
  })
  const tables = reads.map(({ table, input: { name }, scope }): Change => {
    const alias = table.alias === undefined && !same(scope, name) ? ` as ${written(scope)}` : ''
    return { position: table.position, parts: table.schema === undefined ? 2 : 3, text: `${written(name)}${alias}` }
  })
  const columns = names.columns.flatMap((column): Change[] => {
    const read = reads.find(({ table }) => qualifiers(table, column.parts) > 0)
    return read
      ? [{ position: column.position, parts: qualifiers(read.table, column.parts), text: written(read.scope) }]
      : []
  })
  return { sql: changed(sql, [...tables, ...columns]), inputs }
}

function inputsOf({ tables, given }: Names, sources: readonly Source[]): Input[] {
  const taken = new Set(given.expressions.concat(given.aliases).map((name) => name.toLowerCase()))
  const place = (source: Source) =>
    Math.min(...tables.filter((table) => isOf(table, source)).map((one) => one.position))
  return sources
    .toSorted((a, b) => place(a) - place(b))
    .map((source) => {
      const mentions = tables.filter((table) => isOf(table, source))
      const name = firstFree(wantedNames(source, mentions, sources), taken)
      taken.add(name.toLowerCase())
      return { name, source, inSchema: mentions.every(({ schema }) => schema !== undefined) }
    })
}

/** The table's name, with what tells it apart from others of that name; the best first. */
function wantedNames(source: Source, mentions: readonly NamedTable[], sources: readonly Source[]): string[] {
  const { connection, table } = source
  const name = mentions.find(({ alias }) => alias === undefined)?.table ?? table.name
  const alike = sources.filter((other) => other !== source && same(other.table.name, table.name))
  const inSchema = `${connection}_${table.schema ?? 'main'}_${name}`
  if (alike.some((other) => other.connection === connection)) return [inSchema]
  return [...(alike.length > 0 ? [] : [name]), `${connection}_${name}`, inSchema]
}

function firstFree(wanted: readonly string[], taken: ReadonlySet<string>): string {
  const free = wanted.find((name) => !taken.has(name.toLowerCase()))
  if (free !== undefined) return free
  for (let count = 2; ; count++) {
    const name = `${wanted.at(-1)}_${count}`
    if (!taken.has(name.toLowerCase())) return name
  }
}

/**
 * What the columns of a table without an alias are qualified with: its name, unless the statement tells tables of that name apart by what
 * stands before it.
 */
function scopeOf({ table, position }: NamedTable, { name, source }: Input, { tables, columns, stars }: Names): string {
  const alike = tables.filter((other) => other.alias === undefined && same(other.table, table))
  if (alike.every((other) => isOf(other, source))) return table
  if (!columns.some(({ parts }) => alike.some((other) => qualifiers(other, parts) > 0))) return table
  const plain = columns.find(({ parts: [first = '', ...more] }) => same(first, table) && more.length > 0)
  if (!plain && !stars.some((star) => same(star, table))) return name
  throw new AppError(
    'QUERY_CONFLICT',
    `Several tables are called ${table} here, and their inputs cannot be told apart.`,
    {
      hint: 'Give each of them a name of its own, as in: from shop.orders as o.',
      at: { position: plain?.position ?? position },
    },
  )
}

/** Whether the name is one that the source goes by. */
const isOf = ({ connection, schema, table }: NamedTable, { names }: Source): boolean =>
  names.some((name) => same(name.catalog, connection) && same(name.schema, schema ?? 'main') && same(name.table, table))

/** How many parts of a column's name stand for the table, when it is named with its connection or schema; else 0. */
function qualifiers({ connection, schema, table, alias }: NamedTable, parts: readonly string[]): number {
  if (alias !== undefined) return 0
  const ways =
    schema === undefined
      ? [[connection, table]]
      : [
          [connection, schema, table],
          [schema, table],
        ]
  const way = ways.find((one) => parts.length > one.length && one.every((part, index) => same(part, parts[index])))
  return way?.length ?? 0
}

const namePart = String.raw`(?:"(?:[^"]|"")*"|[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*)`
const gap = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)*`

function changed(sql: string, changes: readonly Change[]): string {
  const once = new Map(changes.map((change) => [change.position, change]))
  let done = sql
  for (const { position, parts, text } of [...once.values()].sort((a, b) => b.position - a.position)) {
    const dotted = new RegExp(`${namePart}(?:${gap}\\.${gap}${namePart}){${parts - 1}}`, 'uy')
    dotted.lastIndex = position
    const found = dotted.exec(sql)?.[0]
    if (found === undefined) {
      throw new AppError('QUERY_SYNTAX', 'The name of a table cannot be read here.', { at: { position } })
    }
    done = done.slice(0, position) + text + done.slice(position + found.length)
  }
  return done
}
