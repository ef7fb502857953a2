import type { DatabaseSync } from 'node:sqlite'
import type { SchemaObject, SchemaObjects } from '../../../../shared/data/catalog.ts'

/** Tables and views of the main database, without the tables that SQLite and virtual tables keep for themselves. */
export const ownObjects = `select name, type from pragma_table_list
  where schema = 'main' and type in ('table', 'view', 'virtual') and name not like 'sqlite\\_%' escape '\\'`

export function objects(database: DatabaseSync): SchemaObjects {
  const rows = estimates(database)
  const found = database.prepare(`${ownObjects} order by name collate nocase`).all()
  return { schemas: [], defaultSchema: null, objects: found.map(({ name, type }) => objectOf(name, type, rows)) }
}

export function objectOf(name: unknown, type: unknown, rows: ReadonlyMap<string, number>): SchemaObject {
  const text = String(name)
  return {
    schema: null,
    name: text,
    kind: type === 'view' ? 'view' : 'table',
    rows: rows.get(text) ?? null,
    comment: null,
  }
}

/** Rows of each table when ANALYZE last ran. Partial indexes have fewer than their table. */
export function estimates(database: DatabaseSync): Map<string, number> {
  const analysed = database.prepare(`select 1 from sqlite_schema where name = 'sqlite_stat1'`).get()
  if (!analysed) return new Map()
  const rows = database.prepare('select tbl, max(cast(stat as integer)) as n from sqlite_stat1 group by tbl').all()
  return new Map(rows.map(({ tbl, n }) => [String(tbl), Number(n)]))
}
