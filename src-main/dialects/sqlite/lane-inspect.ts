import type { DatabaseSync } from 'node:sqlite'
import type { TableColumn, TableInfo, TableRef } from '../dialect.ts'
import { typeFromDeclared } from './column-types.ts'
import { nullableSql } from './schema/objects.ts'

/** Tables and views of the main database, by name. */
export function tables(database: DatabaseSync): (TableRef & { kind: 'table' | 'view' })[] {
  return database
    .prepare(
      `select name, type from pragma_table_list
       where schema = 'main' and type in ('table', 'view', 'virtual') and name not like 'sqlite\\_%' escape '\\'
       order by name collate nocase`,
    )
    .all()
    .map((row) => ({ name: String(row.name), kind: row.type === 'view' ? 'view' : 'table' }))
}

/** Columns and keys of a table or view; null when there is none of that name (names ignore case, as SQLite's do). */
export function table(database: DatabaseSync, { schema = 'main', name }: TableRef): TableInfo | null {
  const found = database
    .prepare(
      'select name, type, wr, strict from pragma_table_list where schema = ? collate nocase and name = ? collate nocase',
    )
    .get(schema, name)
  if (!found) return null
  const columns = database
    .prepare(
      `select c.*, ${nullableSql('t.name', 'c', 't.schema')} as nullable
         from (select ? as name, ? as schema) t join pragma_table_xinfo(t.name, t.schema) c order by c.cid`,
    )
    .all(name, schema)
  const visible = columns.filter((column) => column.hidden !== 1)
  const primary = visible.filter((column) => Number(column.pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk))
  const info = visible.map(
    (column): TableColumn => ({
      name: String(column.name),
      type: typeFromDeclared(String(column.type)) ?? { kind: 'text' },
      databaseType: String(column.type),
      primaryKey: Number(column.pk) > 0,
      hasDefault: column.dflt_value !== null || Number(column.hidden) > 0 || isRowid(column),
      ...(Number(column.hidden) > 0 ? { generated: true } : {}),
      ...(column.nullable === 0 ? { nullable: false } : {}),
    }),
  )
  const keys = uniqueKeys(database, schema, name)
  if (primary.length > 0) keys.unshift(primary.map((column) => String(column.name)))
  return {
    ...(schema === 'main' ? {} : { schema }),
    name: String(found.name),
    kind: found.type === 'view' ? 'view' : 'table',
    columns: info,
    keys: distinct(keys),
  }
}

/** The rowid's own column takes no NULL, though it is not declared so: left out, it gets a number. */
const isRowid = (column: Record<string, unknown>) => column.nullable === 0 && column.notnull === 0

/** Column sets of the unique indexes that cover every row. */
function uniqueKeys(database: DatabaseSync, schema: string, name: string): string[][] {
  const indexes = database
    .prepare('select name from pragma_index_list(?, ?) where "unique" = 1 and partial = 0 order by seq')
    .all(name, schema)
  const columns = database.prepare('select name from pragma_index_info(?, ?) order by seqno')
  return indexes
    .map((index) => columns.all(String(index.name), schema).map((column) => column.name))
    .filter((key) => key.every((column) => column !== null))
    .map((key) => key.map(String))
}

function distinct(keys: string[][]): string[][] {
  const seen = new Set<string>()
  return keys.filter((key) => {
    const text = JSON.stringify(key)
    return !seen.has(text) && seen.add(text)
  })
}
