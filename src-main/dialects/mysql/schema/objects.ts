import type { ObjectKind, SchemaObject, SchemaObjects } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'

export const systemSchemas = `('mysql', 'information_schema', 'performance_schema', 'sys')`

const objectsQuery = `
  select database(), schema_name, null, null, null, null from information_schema.schemata
   where schema_name not in ${systemSchemas}
   union all
  select database(), table_schema, table_name, table_type, table_rows, table_comment from information_schema.tables
   where table_schema not in ${systemSchemas} and table_type not in ('SEQUENCE', 'TEMPORARY')
   order by 2, 3`

/** A row of schema, name, type, rows and comment. */
export function objectOf([schema, name, type, rows, comment]: (string | null)[]): SchemaObject {
  const kind: ObjectKind = type?.includes('VIEW') ? 'view' : 'table'
  return {
    schema: schema ?? null,
    name: name ?? '',
    kind,
    rows: kind === 'view' || rows == null ? null : Number(rows),
    // The comment of a view says what is wrong with it.
    comment: kind === 'view' || !comment ? null : comment,
  }
}

export async function listObjects(session: Link): Promise<SchemaObjects> {
  const rows = await session.script(objectsQuery)
  return {
    schemas: [...new Set(rows.map((row) => row[1] ?? ''))],
    defaultSchema: rows[0]?.[0] ?? null,
    objects: rows.filter((row) => row[2] !== null).map((row) => objectOf(row.slice(1))),
  }
}
