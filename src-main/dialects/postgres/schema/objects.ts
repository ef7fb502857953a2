import type { ObjectKind, SchemaObject, SchemaObjects } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'

/** Conditions on `n` (pg_namespace) and `c` (pg_class): what a user may know of, without what belongs to the server or to a session. */
export const ownSchema = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and pg_catalog.has_schema_privilege(n.oid, 'usage')`
export const ownObject = `(pg_catalog.has_table_privilege(c.oid, 'select, insert, update, delete, truncate, references, trigger')
          or pg_catalog.has_any_column_privilege(c.oid, 'select, insert, update, references'))`

/**
 * The estimate that the planner works with, else what the server has seen inserted and deleted; a partitioned table has as many as its
 * partitions. Null where nothing is known: -1 since version 14, before that 0 rows in 0 pages.
 */
export const rowEstimate = `case
         when c.relkind in ('v', 'f') then null
         when c.relkind = 'p' then
           (select pg_catalog.sum(p.reltuples) filter (where p.reltuples >= 0)
              from pg_catalog.pg_partition_tree(c.oid) t join pg_catalog.pg_class p on p.oid = t.relid where t.isleaf)
         when c.reltuples > 0 or (c.reltuples = 0 and c.relpages > 0) then c.reltuples
         else nullif(pg_catalog.pg_stat_get_live_tuples(c.oid), 0)
       end`

const objectsQuery = `
  select pg_catalog.current_schema(), n.nspname, c.relname, c.relkind, (${rowEstimate})::bigint, d.description
    from pg_catalog.pg_namespace n
    left join pg_catalog.pg_class c
      on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition and ${ownObject}
    left join pg_catalog.pg_description d
      on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
   where ${ownSchema}
   order by n.nspname, c.relname`

const kinds: Record<string, ObjectKind> = {
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
}

/** A row of schema, name, pg_class.relkind, rows and comment. */
export function objectOf([schema, name, relkind, rows, comment]: (string | null)[]): SchemaObject {
  return {
    schema: schema ?? null,
    name: name ?? '',
    kind: kinds[relkind ?? ''] ?? 'table',
    rows: rows == null ? null : Number(rows),
    comment: comment ?? null,
  }
}

export async function listObjects(session: Link): Promise<SchemaObjects> {
  const rows = await session.query(objectsQuery)
  return {
    schemas: [...new Set(rows.map((row) => row[1] ?? ''))],
    defaultSchema: rows[0]?.[0] ?? null,
    objects: rows.filter((row) => row[2] !== null).map((row) => objectOf(row.slice(1))),
  }
}
