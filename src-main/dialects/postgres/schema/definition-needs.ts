import type { Link } from '../link.ts'

/** Not of the server and not of an extension. */
const own = (catalog: string, oid: string, namespace: string) => `
     ${namespace} not in (select n.oid from pg_catalog.pg_namespace n where n.nspname in ('pg_catalog', 'information_schema'))
     and not exists (select from pg_catalog.pg_depend e
                      where e.classid = '${catalog}'::pg_catalog.regclass and e.objid = ${oid} and e.deptype = 'e')`

/** Types of the columns and what these are made of, the innermost first. */
const typesQuery = `
  with recursive needed(oid, depth) as (
    select atttypid, 0 from pg_catalog.pg_attribute where attrelid = $1::oid and attnum > 0 and not attisdropped
    union
    select part.oid, needed.depth + 1
      from needed join pg_catalog.pg_type t on t.oid = needed.oid
     cross join lateral (
       select t.typelem union all select t.typbasetype
       union all select a.atttypid from pg_catalog.pg_attribute a
        where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) part(oid)
     where part.oid <> 0)
  select t.oid::pg_catalog.regtype, t.typtype,
         (select pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
            from pg_catalog.pg_enum e where e.enumtypid = t.oid),
         pg_catalog.format_type(t.typbasetype, t.typtypmod)
           || case when t.typcollation <> b.typcollation
                   then ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) else '' end
           || coalesce(' DEFAULT ' || t.typdefault, '') || case when t.typnotnull then ' NOT NULL' else '' end
           || coalesce((select pg_catalog.string_agg(' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid), '' order by k.conname)
                          from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c'), ''),
         (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
            from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)
    from (select oid, max(depth) as depth from needed group by oid) n
    join pg_catalog.pg_type t on t.oid = n.oid
    left join pg_catalog.pg_type b on b.oid = t.typbasetype
    left join pg_catalog.pg_collation co on co.oid = t.typcollation
    left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
    left join pg_catalog.pg_class r on r.oid = t.typrelid
   where (t.typtype in ('e', 'd') or r.relkind = 'c') and ${own('pg_catalog.pg_type', 't.oid', 't.typnamespace')}
   order by n.depth desc, t.oid::pg_catalog.regtype::text`

export async function neededTypes(session: Link, oid: string): Promise<string[]> {
  const rows = await session.query(typesQuery, [oid])
  return rows.map(([name, kind, labels, domain, attributes]) => {
    if (kind === 'e') return `CREATE TYPE ${name} AS ENUM (${labels ?? ''})`
    return kind === 'd' ? `CREATE DOMAIN ${name} AS ${domain}` : `CREATE TYPE ${name} AS (${attributes ?? ''})`
  })
}

/** Functions that defaults, generated columns, constraints, indexes, policies and triggers call. */
const functionsQuery = `
  with parts(classid, objid) as (
    select 'pg_catalog.pg_attrdef'::pg_catalog.regclass::oid, oid from pg_catalog.pg_attrdef where adrelid = $1::oid
    union all select 'pg_catalog.pg_constraint'::pg_catalog.regclass, oid from pg_catalog.pg_constraint where conrelid = $1::oid
    union all select 'pg_catalog.pg_class'::pg_catalog.regclass, indexrelid from pg_catalog.pg_index where indrelid = $1::oid
    union all select 'pg_catalog.pg_policy'::pg_catalog.regclass, oid from pg_catalog.pg_policy where polrelid = $1::oid
    union all select 'pg_catalog.pg_trigger'::pg_catalog.regclass, oid from pg_catalog.pg_trigger where tgrelid = $1::oid and not tgisinternal)
  select distinct p.oid, pg_catalog.pg_get_functiondef(p.oid)
    from parts
    join pg_catalog.pg_depend d on d.classid = parts.classid and d.objid = parts.objid
     and d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    join pg_catalog.pg_proc p on p.oid = d.refobjid and p.prokind = 'f'
   where ${own('pg_catalog.pg_proc', 'p.oid', 'p.pronamespace')}
   order by p.oid`

export async function neededFunctions(session: Link, oid: string): Promise<string[]> {
  return (await session.query(functionsQuery, [oid])).map(([, sql]) => (sql ?? '').trim())
}
