import type { DatabaseSync } from 'node:sqlite'
import type { SchemaForeignKey } from '../../../../shared/data/catalog.ts'
import { readTable } from './ddl.ts'

/** A foreign key and the table that has it. */
export interface ForeignKey extends SchemaForeignKey {
  table: string
}

/** Foreign keys of all tables, in the order they are written; `touching` keeps those that start or end at one table. */
export function foreignKeys(database: DatabaseSync, touching?: string): ForeignKey[] {
  const rows = database
    .prepare(
      `select t.name as owner, t.sql as sql, f.id as id, f."table" as target, f."from" as own, f."to" as other, f.on_delete, f.on_update
         from sqlite_schema t join pragma_foreign_key_list(t.name, 'main') f
        where t.type = 'table' and (?1 is null or t.name = ?1 collate nocase or f."table" = ?1 collate nocase)
        order by t.name, f.id desc, f.seq`,
    )
    .all(touching ?? null)
  const names = new Map<string, (string | null)[]>()
  const nameOf = (table: string, sql: string, id: number) => {
    const known = names.get(table) ?? readTable(sql).foreignKeys
    names.set(table, known)
    // SQLite counts them from the last one written.
    return known.at(-1 - id) ?? null
  }
  const keys = new Map<string, ForeignKey>()
  for (const row of rows) {
    const [table, id] = [String(row.owner), Number(row.id)]
    const place = JSON.stringify([table, id])
    const key = keys.get(place) ?? {
      name: nameOf(table, String(row.sql), id),
      table,
      columns: [],
      references: { schema: null, table: String(row.target), columns: [] },
      onDelete: actionOf(row.on_delete),
      onUpdate: actionOf(row.on_update),
    }
    key.columns.push(String(row.own))
    if (row.other !== null) key.references.columns.push(String(row.other))
    keys.set(place, key)
  }
  return [...keys.values()].map((key) => ({
    ...key,
    references: { ...key.references, columns: referenced(database, key) },
  }))
}

const actionOf = (action: unknown) => (action === 'NO ACTION' ? null : String(action).toLowerCase())

/** A foreign key that names no columns means the primary key. */
function referenced(database: DatabaseSync, { references: { table, columns } }: ForeignKey): string[] {
  if (columns.length > 0) return columns
  const primary = database.prepare(`select name from pragma_table_info(?, 'main') where pk > 0 order by pk`).all(table)
  return primary.map(({ name }) => String(name))
}
