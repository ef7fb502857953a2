import type { SchemaForeignKey, SchemaReference } from '../../../../shared/data/catalog.ts'
import { jsonTexts } from '../arrays.ts'
import type { Link } from '../link.ts'
import { ownObject } from './objects.ts'

const columnNames = (relation: string, numbers: string) => `
         (select json_agg(a.attname order by u.n)
            from unnest(${numbers}) with ordinality u(attnum, n)
            join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = u.attnum)`

/** Foreign keys that satisfy a condition: where they start (oid, schema, table, columns), where they point, and what they do. */
export const foreignKeysQuery = (condition: string) => `
  select k.conname, k.conrelid, n.nspname, c.relname, ${columnNames('k.conrelid', 'k.conkey')},
         k.confrelid, tn.nspname, tc.relname, ${columnNames('k.confrelid', 'k.confkey')}, k.confdeltype, k.confupdtype
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_class tc on tc.oid = k.confrelid join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
   where k.contype = 'f' and ${condition}
   order by n.nspname, c.relname, k.conname`

/** A foreign key as `foreignKeysQuery` gives it. */
export function foreignKeyOf(row: (string | null)[]) {
  const [name, fromOid, fromSchema, fromTable, columns, toOid, schema, table, references, onDelete, onUpdate] = row
  return {
    name: name ?? null,
    from: { oid: fromOid ?? '', schema: fromSchema ?? '', table: fromTable ?? '', columns: jsonTexts(columns ?? null) },
    to: { oid: toOid ?? '', schema: schema ?? '', table: table ?? '', columns: jsonTexts(references ?? null) },
    onDelete: actions[onDelete ?? ''] ?? null,
    onUpdate: actions[onUpdate ?? ''] ?? null,
  }
}

const actions: Record<string, string> = { r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' }

/**
 * Those that start or end at a table. Those that the server derives for the partitions of the other side are left out; those that a partition
 * has from its table count as its own.
 */
const objectQuery = foreignKeysQuery(`
     (k.conrelid = $1::oid or (k.confrelid = $1::oid and pg_catalog.has_schema_privilege(n.oid, 'usage') and ${ownObject}))
     and (k.conparentid = 0 or (k.conrelid = $1::oid and not exists (
            select from pg_catalog.pg_constraint p where p.oid = k.conparentid and p.conrelid = k.conrelid)))`)

export async function objectForeignKeys(
  session: Link,
  oid: string,
): Promise<{ foreignKeys: SchemaForeignKey[]; referencedBy: SchemaReference[] }> {
  const keys = (await session.query(objectQuery, [oid])).map(foreignKeyOf)
  const foreignKeys = keys
    .filter(({ from }) => from.oid === oid)
    .map(({ name, from, to, onDelete, onUpdate }) => ({
      name,
      columns: from.columns,
      references: { schema: to.schema, table: to.table, columns: to.columns },
      onDelete,
      onUpdate,
    }))
  const referencedBy = keys
    .filter(({ to }) => to.oid === oid)
    .map(({ name, from, to }) => ({
      name,
      schema: from.schema,
      table: from.table,
      columns: from.columns,
      references: to.columns,
    }))
  return { foreignKeys, referencedBy }
}
