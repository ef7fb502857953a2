import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { ColumnType } from '../../../shared/data/types.ts'
import { quoteName, typeFromDeclared } from './column-types.ts'
import { watchReads } from './lane-open.ts'
import { loosen } from './loosen.ts'
import type { Sample, SampleTable, SeenTypes, SqlParams, SqlValue } from './protocol.ts'

const ROWS_PER_TABLE = 200
/** Joins of the samples stay below this many rows, whatever their conditions. */
const JOINED_ROWS = 1_000_000
const ROWS_SEEN = 200
const LONGEST = 65_536

/** Copies in small what a query reads, for columns whose type is declared nowhere. Reads a few rows; never runs the query. */
export function takeSample(database: DatabaseSync, sql: string, params: SqlParams, unknown: boolean[]): Sample {
  const places = tablesRead(database, sql)
  const limit = Math.min(ROWS_PER_TABLE, Math.floor(JOINED_ROWS ** (1 / Math.max(1, places.length))))
  const tables: SampleTable[] = []
  const views: Sample['views'] = []
  for (const { schema, name, view } of places) {
    if (!view) tables.push(sampleTable(database, schema, name, limit))
    else {
      const made = database.prepare(`select sql from ${quoteName(schema)}.sqlite_schema where name = ?`).get(name)
      views.push({ schema, sql: String(made?.sql) })
    }
  }
  return { sql, params, unknown, tables, views }
}

interface Place {
  schema: string
  name: string
  view: boolean
}

function tablesRead(database: DatabaseSync, sql: string): Place[] {
  const read: { schema: string | null; name: string }[] = []
  const stop = watchReads(database, (name, schema) => read.push({ schema, name }))
  try {
    database.prepare(sql)
  } finally {
    stop()
  }
  const places = new Map<string, Place>()
  const find = database.prepare(
    `select schema, name, type from pragma_table_list
     where name = ?1 collate nocase and schema = coalesce(?2, schema) and name not like 'sqlite\\_%' escape '\\'
     order by schema = 'temp' desc, schema = 'main' desc`,
  )
  for (const { schema, name } of new Map(read.map((each) => [JSON.stringify(each), each])).values()) {
    const found = find.get(name, schema)
    if (!found) continue
    const place = { schema: String(found.schema), name: String(found.name), view: found.type === 'view' }
    places.set(JSON.stringify(place), place)
  }
  return [...places.values()]
}

function sampleTable(database: DatabaseSync, schema: string, name: string, limit: number): SampleTable {
  const columns = database
    .prepare('select name, type from pragma_table_xinfo(?, ?) where hidden <> 1')
    .all(name, schema)
    .map((column) => ({ name: String(column.name), declared: String(column.type) }))
  const list = columns.map((column) => quoteName(column.name)).join(', ')
  const from = `select ${list} from ${quoteName(schema)}.${quoteName(name)}`
  const half = Math.max(1, Math.floor(limit / 2))
  const first = rowsOf(database, `${from} limit ${half}`)
  // Tables without rowid have no cheap end.
  const last = canCompile(database, `${from} order by rowid desc`)
    ? rowsOf(database, `${from} order by rowid desc limit ${half}`)
    : []
  return { schema, name, columns, rows: [...first, ...last] }
}

function rowsOf(database: DatabaseSync, sql: string): SqlValue[][] {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  statement.setReadBigInts(true)
  return statement.all().map((row) => (Array.isArray(row) ? row.map(shortened) : []))
}

const shortened = (value: SQLOutputValue): SqlValue =>
  typeof value === 'string' || value instanceof Uint8Array ? value.slice(0, LONGEST) : value

function canCompile(database: DatabaseSync, sql: string): boolean {
  try {
    database.prepare(sql)
    return true
  } catch {
    return false
  }
}

/** Runs the query on the sample, then on the sample without conditions, and tells the types that came out. */
export function probe(sample: Sample): SeenTypes {
  const memory = build(sample)
  const types = seenIn(memory, sample.sql, sample.params)
  const open = sample.unknown.some((unknown, index) => unknown && !types[index])
  if (!open) return types
  try {
    const more = seenIn(memory, loosen(sample.sql), sample.params)
    return sample.unknown.map((_, index) => types[index] ?? more[index] ?? null)
  } catch {
    return types
  }
}

function build({ tables, views }: Sample): DatabaseSync {
  const memory = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
  const schemas = new Set(tables.map((table) => table.schema))
  for (const schema of schemas) {
    if (schema !== 'main' && schema !== 'temp') memory.exec(`attach ':memory:' as ${quoteName(schema)}`)
  }
  for (const { schema, name, columns, rows } of tables) {
    const place = `${quoteName(schema)}.${quoteName(name)}`
    const list = columns.map((column) => `${quoteName(column.name)} ${column.declared}`).join(', ')
    memory.exec(`create table ${place} (${list})`)
    const insert = memory.prepare(`insert into ${place} values (${columns.map(() => '?').join(', ')})`)
    const standIn = columns.map((column) => example(typeFromDeclared(column.declared)))
    for (const row of rows.length > 0 ? rows : [standIn]) insert.run(...row)
  }
  for (const { sql } of views) memory.exec(sql)
  return memory
}

/** A value for a table without rows. */
function example(type: ColumnType | undefined): SqlValue {
  switch (type?.kind) {
    case 'boolean':
    case 'int16':
    case 'int32':
    case 'int64':
      return 1n
    case 'float32':
    case 'float64':
    case 'decimal':
      return 1.5
    case 'blob':
      return new Uint8Array(1)
    case 'json':
      return '{}'
    case 'timestamp':
    case 'timestamptz':
    case 'date':
      return '2000-01-01'
    default:
      return 'a'
  }
}

function seenIn(memory: DatabaseSync, sql: string, params: SqlParams): SeenTypes {
  const statement = memory.prepare(sql)
  statement.setReturnArrays(true)
  statement.setReadBigInts(true)
  const seen = statement.columns().map(() => new Set<ColumnType['kind']>())
  let rows = 0
  for (const row of statement.iterate(params)) {
    if (!Array.isArray(row) || ++rows > ROWS_SEEN) break
    for (const [index, value] of row.entries()) if (value !== null) seen[index]?.add(kindOf(value))
  }
  return seen.map(common)
}

function kindOf(value: unknown): ColumnType['kind'] {
  if (typeof value === 'bigint') return 'int64'
  if (typeof value === 'number') return 'float64'
  return value instanceof Uint8Array ? 'blob' : 'text'
}

function common(kinds: Set<ColumnType['kind']>): ColumnType | null {
  if (kinds.size === 0) return null
  if (kinds.size === 1 && kinds.has('int64')) return { kind: 'int64' }
  if (kinds.size === 1 && kinds.has('blob')) return { kind: 'blob' }
  return { kind: [...kinds].every((kind) => kind === 'int64' || kind === 'float64') ? 'float64' : 'text' }
}
