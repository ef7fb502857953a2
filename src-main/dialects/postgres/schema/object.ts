import type { SchemaColumn, SchemaDetail, SchemaIndex, SchemaTrigger } from '../../../../shared/data/catalog.ts'
import type { TableRef } from '../../dialect.ts'
import { jsonTexts } from '../arrays.ts'
import { resolveFields } from '../describe.ts'
import type { Link } from '../link.ts'
import { quote } from '../sql.ts'
import { objectForeignKeys } from './foreign-keys.ts'
import { objectOf, ownObject, rowEstimate } from './objects.ts'

const objectQuery = (place: string) => `
  select c.oid, n.nspname, c.relname, c.relkind, (${rowEstimate})::bigint, pg_catalog.obj_description(c.oid, 'pg_class')
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where ${place} and c.relkind in ('r', 'p', 'f', 'v', 'm')
     and pg_catalog.has_schema_privilege(n.oid, 'usage') and ${ownObject}`

/** The object's oid and its row of schema, name, relkind, rows and comment. Looks along the search path when no schema is given. */
export async function findObject(
  session: Link,
  ref: TableRef,
): Promise<{ oid: string; row: (string | null)[] } | undefined> {
  const [found] =
    ref.schema === undefined
      ? await session.query(objectQuery('c.oid = pg_catalog.to_regclass($1)'), [quote(ref.name)])
      : await session.query(objectQuery('n.nspname = $1 and c.relname = $2'), [ref.schema, ref.name])
  const oid = found?.[0]
  return oid && found ? { oid, row: found.slice(1) } : undefined
}

export async function readObject(session: Link, ref: TableRef): Promise<SchemaDetail | undefined> {
  const found = await findObject(session, ref)
  if (!found) return undefined
  const { oid, row } = found
  return {
    ...objectOf(row),
    columns: await columnsOf(session, oid),
    indexes: await indexesOf(session, oid),
    ...(await objectForeignKeys(session, oid)),
    checks: (await session.query(checksQuery, [oid])).map(([name = null, expression]) => ({
      name,
      expression: expression ?? '',
    })),
    triggers: (await session.query(triggersQuery, [oid])).map(triggerOf),
  }
}

const columnsQuery = `
  select a.attname, a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
         pg_catalog.pg_get_expr(d.adbin, d.adrelid, true), a.attgenerated <> '' or a.attidentity <> '',
         exists (select from pg_catalog.pg_index i
                  where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)),
         pg_catalog.col_description(a.attrelid, a.attnum)
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
   order by a.attnum`

async function columnsOf(session: Link, oid: string): Promise<SchemaColumn[]> {
  const rows = await session.query(columnsQuery, [oid])
  const fields = await session.run(() =>
    resolveFields(
      session,
      rows.map((row) => ({ name: row[0] ?? '', dataTypeID: Number(row[1]), dataTypeModifier: Number(row[2]) })),
    ),
  )
  return fields.map(({ name, pg }, index) => {
    const [databaseType, required, standard, generated, primary, comment] = rows[index]?.slice(3) ?? []
    return {
      name,
      type: pg.type,
      databaseType: databaseType ?? '',
      nullable: required !== 't',
      default: standard ?? null,
      generated: generated === 't',
      primaryKey: primary === 't',
      comment: comment ?? null,
    }
  })
}

const indexesQuery = `
  select x.relname, i.indisunique, i.indisprimary, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true), m.amname,
         (select json_agg(coalesce(a.attname, pg_catalog.pg_get_indexdef(i.indexrelid, k.n::int, true)) order by k.n)
            from unnest(i.indkey::int2[]) with ordinality k(attnum, n)
            left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
           where k.n <= i.indnkeyatts)
    from pg_catalog.pg_index i
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    join pg_catalog.pg_am m on m.oid = x.relam
   where i.indrelid = $1::oid
   order by i.indisprimary desc, x.relname`

async function indexesOf(session: Link, oid: string): Promise<SchemaIndex[]> {
  const rows = await session.query(indexesQuery, [oid])
  return rows.map(([name, unique, primary, condition, method, columns]) => ({
    name: name ?? '',
    columns: jsonTexts(columns ?? null),
    unique: unique === 't',
    primary: primary === 't',
    condition: condition ?? null,
    method: method ?? null,
  }))
}

const checksQuery = `
  select conname, pg_catalog.pg_get_expr(conbin, conrelid, true) from pg_catalog.pg_constraint
   where conrelid = $1::oid and contype = 'c' order by conname`

const triggersQuery = `
  select tgname, tgtype from pg_catalog.pg_trigger where tgrelid = $1::oid and not tgisinternal order by tgname`

/** Bits of pg_trigger.tgtype. */
const before = 2
const instead = 64
const events: [number, string][] = [
  [4, 'insert'],
  [16, 'update'],
  [8, 'delete'],
  [32, 'truncate'],
]

function triggerOf([name, type]: (string | null)[]): SchemaTrigger {
  const bits = Number(type)
  const time = bits & before ? 'before' : bits & instead ? 'instead of' : 'after'
  const on = events.flatMap(([bit, event]) => (bits & bit ? [event] : []))
  return { name: name ?? '', fires: `${time} ${on.join(' or ')}` }
}
