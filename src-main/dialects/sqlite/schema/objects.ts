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

/** Rows of each table when ANALYZE last ran. An index that is partial tells its own rows only, so it is passed over. */
export function estimates(database: DatabaseSync): Map<string, number> {
  const analysed = database.prepare(`select 1 from sqlite_schema where name = 'sqlite_stat1'`).get()
  if (!analysed) return new Map()
  const rows = database
    .prepare(
      `select tbl, max(cast(stat as integer)) as n from sqlite_stat1
        where not exists (select 1 from pragma_index_list(tbl, 'main') l where l.name = idx and l.partial) group by tbl`,
    )
    .all()
  return new Map(rows.map(({ tbl, n }) => [String(tbl), Number(n)]))
}

/**
 * Whether a column takes NULL: 1 or 0. The one column of a primary key that stands for the rowid takes none, though nothing says so: it is
 * INTEGER, and its key has no index. Other primary keys do take NULL, unless their table is STRICT or WITHOUT ROWID, where SQLite says it.
 */
export const nullableSql = (table: string, column: string, schema = "'main'"): string =>
  `case when ${column}."notnull" then 0 when ${column}.pk = 0 or lower(${column}.type) <> 'integer' then 1
        else exists (select 1 from pragma_index_list(${table}, ${schema}) l where l.origin = 'pk') end`
