import type { ObjectKind, SchemaObject, SchemaObjects } from '../../../../shared/data/catalog.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Link } from '../link.ts'

const systemSchemas = `('mysql', 'information_schema', 'performance_schema', 'sys')`
/** A condition on information_schema.tables. */
export const readable = `table_type not in ('SEQUENCE', 'TEMPORARY', 'TEMPORARY SEQUENCE')`

/** MariaDB reads these columns from the tables' definitions; whatever counts rows or bytes makes it open each table. */
const objectsQuery = `
  select database(), schema_name, null, null, null from information_schema.schemata
   where schema_name not in ${systemSchemas}
   union all
  select database(), table_schema, table_name, table_type, table_comment from information_schema.tables
   where table_schema not in ${systemSchemas} and ${readable}
   order by 2, 3`

/** A row of schema, name, type, comment and rows. */
export function objectOf([schema, name, type, comment, rows]: (string | null | undefined)[]): SchemaObject {
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
  const found = rows.filter((row) => row[2] !== null).map((row) => row.slice(1))
  const estimates = await estimatesOf(session, found.length)
  return {
    schemas: [...new Set(rows.map((row) => row[1] ?? ''))],
    defaultSchema: rows[0]?.[0] ?? null,
    objects: found.map((row) => objectOf([...row, estimates.get(place(row[0], row[1]))])),
  }
}

/** Tables that may all be opened for their rows: some 0.25 ms each, the first time. */
const fewTables = 1_000

const openedQuery = `select table_schema, table_name, table_rows from information_schema.tables
  where table_schema not in ${systemSchemas} and table_type not like '%VIEW' and ${readable}`
/** What InnoDB keeps of them for the optimizer; partitions stand apart. */
const keptQuery = `select database_name, substring_index(substring_index(table_name, '#P#', 1), '#p#', 1), sum(n_rows)
  from mysql.innodb_table_stats group by 1, 2`

/** Rows by schema and table; of many tables, only where the user may read what InnoDB keeps. */
async function estimatesOf(session: Link, tables: number): Promise<Map<string, string | null>> {
  try {
    const rows = await session.script(tables <= fewTables ? openedQuery : keptQuery)
    return new Map(rows.map(([schema, name, count]) => [place(schema, name), count ?? null]))
  } catch (error) {
    if (error instanceof AppError && error.code === 'QUERY_DENIED') return new Map()
    throw error
  }
}

const place = (schema: string | null | undefined, name: string | null | undefined) => JSON.stringify([schema, name])
