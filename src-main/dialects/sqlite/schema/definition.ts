import type { DatabaseSync } from 'node:sqlite'

/** The statements as they were written: the table or view, then its indexes and triggers. Null when there is none of that name. */
export function definition(database: DatabaseSync, name: string): string | null {
  const own = database
    .prepare(`select name, sql from sqlite_schema where type in ('table', 'view') and name = ? collate nocase`)
    .get(name)
  if (!own) return null
  const others = database
    .prepare(
      `select sql from sqlite_schema
        where type in ('index', 'trigger') and tbl_name = ? collate nocase and sql is not null
        order by type, name`,
    )
    .all(String(own.name))
  return [own, ...others].map(({ sql }) => `${String(sql)};`).join('\n\n')
}
