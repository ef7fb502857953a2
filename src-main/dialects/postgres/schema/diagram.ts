import type { DiagramTable, SchemaDiagram } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'
import { foreignKeyOf, foreignKeysQuery } from './foreign-keys.ts'
import { objectOf, ownObject } from './objects.ts'

/** $1: the schema, null for the default one; $2: names as a JSON array, null for all. */
const inDiagram = `n.nspname = coalesce($1, pg_catalog.current_schema())
     and ($2::json is null or c.relname in (select pg_catalog.json_array_elements_text($2::json)))
     and not c.relispartition and pg_catalog.has_schema_privilege(n.oid, 'usage') and ${ownObject}`

const columnsQuery = `
  with t as materialized (
    select c.oid, n.nspname, c.relname, c.relkind
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${inDiagram})
  select t.oid, t.nspname, t.relname, t.relkind, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
         coalesce(a.attnum = any(i.indkey), false), a.attnotnull
    from t
    left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_index i on i.indrelid = t.oid and i.indisprimary
   order by t.relname, a.attnum`

const relationsQuery = foreignKeysQuery(`k.conparentid = 0 and ${inDiagram}`)

export async function readDiagram(
  session: Link,
  { schema, tables }: { schema?: string; tables?: readonly string[] },
): Promise<SchemaDiagram> {
  const values = [schema ?? null, tables ? JSON.stringify(tables) : null]
  const keys = (await session.query(relationsQuery, values)).map(foreignKeyOf)
  const foreign = new Set(keys.flatMap(({ from }) => from.columns.map((column) => place(from.oid, column))))
  const found = new Map<string, DiagramTable>()
  for (const [oid, nspname, relname, relkind, column, databaseType, primary, required] of await session.query(
    columnsQuery,
    values,
  )) {
    if (!oid) continue
    const { kind, name, schema: own } = objectOf([nspname ?? null, relname ?? null, relkind ?? null, null, null])
    const table = found.get(oid) ?? { schema: own, name, kind, columns: [] }
    found.set(oid, table)
    if (column == null) continue
    table.columns.push({
      name: column,
      databaseType: databaseType ?? '',
      primaryKey: primary === 't',
      foreignKey: foreign.has(place(oid, column)),
      nullable: required !== 't',
    })
  }
  const relations = keys.map(({ name, from, to }) => ({
    name,
    from: { table: from.table, columns: from.columns },
    to: { schema: to.schema, table: to.table, columns: to.columns },
  }))
  return { tables: [...found.values()], relations }
}

const place = (oid: string, column: string) => `${oid} ${column}`
