import type { TableColumn, TableInfo, TableRef } from '../dialect.ts'
import { jsonTexts } from './arrays.ts'
import { resolveFields } from './describe.ts'
import type { Link } from './link.ts'
import { quote } from './sql.ts'

/** A table as a writer must know it. */
export interface PgTable extends TableInfo {
  schema: string
  oid: string
  /** pg_class.relkind: r table, p partitioned, f foreign, v view, m materialized view. */
  relkind: string
  columns: PgColumn[]
}

export interface PgColumn extends TableColumn {
  generated: boolean
  identityAlways: boolean
}

const tableQuery = `
  select c.oid, n.nspname, c.relname, c.relkind
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.oid = pg_catalog.to_regclass($1) and c.relkind in ('r', 'p', 'f', 'v', 'm')`

const columnQuery = `
  select a.attname, a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
         a.atthasdef or a.attidentity <> '', a.attgenerated <> '', a.attidentity = 'a',
         exists (select 1 from pg_catalog.pg_index i
                  where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey))
    from pg_catalog.pg_attribute a
   where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
   order by a.attnum`

const keyQuery = `
  select i.indisprimary,
         (select json_agg(a.attname order by k.n)
            from unnest(i.indkey::int2[]) with ordinality k(attnum, n)
            join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
           where k.n <= i.indnkeyatts)
    from pg_catalog.pg_index i
   where i.indrelid = $1::oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
   order by i.indisprimary desc, i.indexrelid`

/** Looks along the search path when no schema is given. Sees the session's own uncommitted changes. */
export async function findTable(session: Link, ref: TableRef): Promise<PgTable | undefined> {
  const [found] = await session.query(tableQuery, [qualified(ref)])
  if (!found) return undefined
  const [oid, schema, name, relkind] = found.map((value) => value ?? '')
  if (oid === undefined || schema === undefined || name === undefined || relkind === undefined) return undefined
  const columns = await tableColumns(session, oid)
  const keys = await session.query(keyQuery, [oid])
  return {
    schema,
    name,
    oid,
    relkind,
    kind: relkind === 'v' || relkind === 'm' ? 'view' : 'table',
    columns,
    keys: keys.map((row) => jsonTexts(row[1] ?? null)),
  }
}

async function tableColumns(session: Link, oid: string): Promise<PgColumn[]> {
  const rows = await session.query(columnQuery, [oid])
  const fields = await session.run(() =>
    resolveFields(
      session,
      rows.map((row) => ({ name: row[0] ?? '', dataTypeID: Number(row[1]), dataTypeModifier: Number(row[2]) })),
    ),
  )
  return fields.map((field, index) => {
    const row = rows[index] ?? []
    const yes = (at: number) => row[at] === 't'
    return {
      name: field.name,
      type: field.pg.type,
      nullable: !yes(4),
      databaseType: row[3] ?? '',
      hasDefault: yes(5),
      generated: yes(6),
      identityAlways: yes(7),
      primaryKey: yes(8),
    }
  })
}

export function qualified(ref: TableRef): string {
  return ref.schema ? `${quote(ref.schema)}.${quote(ref.name)}` : quote(ref.name)
}

const tablesQuery = `
  select n.nspname, c.relname, c.relkind in ('v', 'm')
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
     and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
     and pg_catalog.has_schema_privilege(n.oid, 'usage')
   order by 1, 2`

export async function listTables(session: Link): Promise<(TableRef & { kind: 'table' | 'view' })[]> {
  const rows = await session.query(tablesQuery)
  return rows.map((row) => ({ schema: row[0] ?? '', name: row[1] ?? '', kind: row[2] === 't' ? 'view' : 'table' }))
}
