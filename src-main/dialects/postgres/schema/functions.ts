import type { SchemaFunction } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'

/**
 * What a query can call by its bare name: the user's functions along the search path and those of the server, without the machinery behind types,
 * operators, indexes, aggregates and triggers. The server's own comments say which functions stand behind operators. Of functions with one name,
 * the oldest is shown, which is the most ordinary one.
 */
const functionsQuery = `
  with path as (
    select n.oid, p.place
      from unnest(pg_catalog.current_schemas(true)) with ordinality p(name, place)
      join pg_catalog.pg_namespace n on n.nspname = p.name and n.nspname !~ '^pg_temp'),
  machinery as (
    select amproc::oid as oid from pg_catalog.pg_amproc
    union select unnest(array[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze]::oid[]) from pg_catalog.pg_type
    union select unnest(array[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn]::oid[])
            from pg_catalog.pg_aggregate
    union select conproc::oid from pg_catalog.pg_conversion),
  callable as (
    select p.oid, p.proname, p.prokind, path.place, d.description, pg_catalog.pg_get_function_arguments(p.oid) as args
      from pg_catalog.pg_proc p join path on path.oid = p.pronamespace
      left join pg_catalog.pg_description d
        on d.objoid = p.oid and d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objsubid = 0
     where p.prokind in ('f', 'a', 'w') and pg_catalog.has_function_privilege(p.oid, 'execute')
       and p.prorettype not in ('trigger'::pg_catalog.regtype, 'event_trigger'::pg_catalog.regtype, 'internal'::pg_catalog.regtype)
       and not 'internal'::pg_catalog.regtype::oid = any(p.proargtypes::oid[])
       and (p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
            or (p.proname !~ '^(RI_|_|binary_upgrade|pg_stat_get_)'
                and coalesce(d.description, '') !~ '^(implementation of .* operator|I/O|\\(internal\\))'
                and p.oid not in (select m.oid from machinery m))))
  select distinct on (proname) proname, args, pg_catalog.pg_get_function_result(oid), prokind, description
    from callable
   order by proname, place, oid`

const kinds: Record<string, SchemaFunction['kind']> = { a: 'aggregate', w: 'window' }

export async function listFunctions(session: Link): Promise<SchemaFunction[]> {
  const rows = await session.query(functionsQuery)
  return rows.map(([name, args, returns, kind, description]) => ({
    name: name ?? '',
    args: args ?? '',
    returns: returns ?? null,
    kind: kinds[kind ?? ''] ?? 'function',
    description: description ?? null,
  }))
}
