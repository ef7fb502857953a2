import type { Link } from '../link.ts'

/** Each after the one that it belongs to. */
const partitionsQuery = `
  select t.relid, t.parentrelid, pg_catalog.pg_get_expr(c.relpartbound, c.oid), pg_catalog.pg_get_partkeydef(c.oid)
    from pg_catalog.pg_partition_tree($1::oid::pg_catalog.regclass) t join pg_catalog.pg_class c on c.oid = t.relid
   where t.level > 0
   order by t.level, c.oid`

/** The partitions of a table, with those of these. */
export async function partitionStatements(session: Link, oid: string): Promise<string[]> {
  const rows = await session.query(partitionsQuery, [oid])
  return rows.map(([name, parent, bound, partitionBy]) => {
    const further = partitionBy == null ? '' : ` PARTITION BY ${partitionBy}`
    return `CREATE TABLE ${name} PARTITION OF ${parent} ${bound}${further}`
  })
}
