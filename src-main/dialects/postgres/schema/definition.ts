import type { TableRef } from '../../dialect.ts'
import { jsonTexts } from '../arrays.ts'
import type { Link } from '../link.ts'
import { columnClause, readColumns } from './definition-columns.ts'
import { neededFunctions, neededTypes } from './definition-needs.ts'
import { partitionStatements } from './definition-partitions.ts'
import { policyStatements } from './definition-policies.ts'
import { readSequences, sequenceOwners, sequenceStatements } from './definition-sequences.ts'
import { findObject } from './object.ts'

const relationQuery = `
  select c.oid::pg_catalog.regclass, c.relkind, c.relpersistence = 'u', pg_catalog.array_to_string(c.reloptions, ', '),
         pg_catalog.pg_get_partkeydef(c.oid), pg_catalog.pg_get_expr(c.relpartbound, c.oid),
         (select json_agg(h.inhparent::pg_catalog.regclass::text order by h.inhseqno) from pg_catalog.pg_inherits h where h.inhrelid = c.oid),
         case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid, true) end, c.relispopulated,
         pg_catalog.quote_ident(s.srvname),
         (select pg_catalog.string_agg(pg_catalog.quote_ident(o.option_name) || ' ' || pg_catalog.quote_literal(o.option_value), ', ')
            from pg_catalog.pg_options_to_table(f.ftoptions) o),
         pg_catalog.quote_ident(n.nspname)
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_foreign_table f on f.ftrelid = c.oid
    left join pg_catalog.pg_foreign_server s on s.oid = f.ftserver
   where c.oid = $1::oid`

/** What stands at the head of a definition; names are quoted and qualified. */
interface Relation {
  oid: string
  name: string
  schema: string
  relkind: string
  unlogged: boolean
  options: string | null
  partitionBy: string | null
  /** Where a partition belongs in its table. */
  bound: string | null
  parents: string[]
  view: string | null
  populated: boolean
  server: string | null
  serverOptions: string | null
}

/**
 * Statements that make an object anew in an empty database, put together from the catalog: first what it needs (schema, types, functions,
 * sequences), then the object, then what belongs to it. Tables that it points at must be there.
 */
export async function readDefinition(session: Link, ref: TableRef): Promise<string | undefined> {
  const found = await findObject(session, ref)
  if (!found) return undefined
  await session.begin()
  try {
    // The server writes names in full when nothing is looked up.
    await session.script("set local search_path to ''")
    const [row] = await session.query(relationQuery, [found.oid])
    if (!row) return undefined
    const statements = await statementsOf(session, relationOf(found.oid, row))
    return statements.map((sql) => `${sql};`).join('\n\n')
  } finally {
    await session.rollback()
  }
}

function relationOf(oid: string, row: (string | null)[]): Relation {
  const [
    name,
    relkind,
    unlogged,
    options,
    partitionBy,
    bound,
    parents,
    view,
    populated,
    server,
    serverOptions,
    schema,
  ] = row
  return {
    oid,
    name: name ?? '',
    schema: schema ?? '',
    relkind: relkind ?? '',
    unlogged: unlogged === 't',
    options: options ?? null,
    partitionBy: partitionBy ?? null,
    bound: bound ?? null,
    parents: jsonTexts(parents ?? null),
    view: view ?? null,
    populated: populated === 't',
    server: server ?? null,
    serverOptions: serverOptions ?? null,
  }
}

async function statementsOf(session: Link, relation: Relation): Promise<string[]> {
  const { oid, name, schema } = relation
  const head = schema === 'public' ? [] : [`CREATE SCHEMA IF NOT EXISTS ${schema}`]
  const parts = await partsOf(session, oid)
  const triggers = (await session.query(triggersQuery, [oid])).flatMap(([sql, disabled, trigger]) => [
    sql ?? '',
    ...(disabled === 't' ? [`ALTER TABLE ${name} DISABLE TRIGGER ${trigger}`] : []),
  ])
  const functions = await neededFunctions(session, oid)
  const comments = (await session.query(commentsQuery, [oid])).map(
    ([target, text]) => `COMMENT ON ${target} IS ${text}`,
  )
  if (relation.view !== null)
    return [...head, viewStatement(relation), ...parts.indexes, ...functions, ...triggers, ...comments]

  const sequences = await readSequences(session, oid)
  const columns = await readColumns(session, oid)
  const lines = [
    ...columns
      .filter(({ inherited }) => !inherited || relation.bound !== null)
      .map((column) => columnClause(column, sequences)),
    ...parts.constraints.filter(({ inherited }) => !inherited || relation.bound !== null).map(({ sql }) => sql),
  ]
  return [
    ...head,
    ...(await neededTypes(session, oid)),
    ...functions,
    ...sequenceStatements(sequences),
    tableStatement(relation, lines),
    ...sequenceOwners(sequences, name),
    ...parts.indexes,
    ...(relation.bound === null
      ? []
      : [`ALTER TABLE ${relation.parents[0]} ATTACH PARTITION ${name} ${relation.bound}`]),
    ...(relation.partitionBy === null ? [] : await partitionStatements(session, oid)),
    ...parts.foreignKeys.map((sql) => `ALTER TABLE ${name} ADD ${sql}`),
    ...(await policyStatements(session, oid, name)),
    ...triggers,
    ...comments,
  ]
}

function tableStatement(relation: Relation, lines: readonly string[]): string {
  const { name, relkind, unlogged, options, partitionBy, bound, parents, server, serverOptions } = relation
  const body = lines.length === 0 ? '()' : `(\n${lines.map((line) => `    ${line}`).join(',\n')}\n)`
  return [
    `CREATE ${relkind === 'f' ? 'FOREIGN ' : unlogged ? 'UNLOGGED ' : ''}TABLE ${name} ${body}`,
    ...(bound === null && parents.length > 0 ? [`INHERITS (${parents.join(', ')})`] : []),
    ...(partitionBy === null ? [] : [`PARTITION BY ${partitionBy}`]),
    ...(options === null ? [] : [`WITH (${options})`]),
    ...(server === null ? [] : [`SERVER ${server}`]),
    ...(serverOptions === null ? [] : [`OPTIONS (${serverOptions})`]),
  ].join('\n')
}

function viewStatement({ name, relkind, options, view, populated }: Relation): string {
  const query = (view ?? '').trim().replace(/;$/, '')
  const materialized = relkind === 'm'
  return [
    `CREATE ${materialized ? 'MATERIALIZED ' : ''}VIEW ${name}${options === null ? '' : ` WITH (${options})`} AS`,
    ` ${query}`,
    ...(materialized && !populated ? ['WITH NO DATA'] : []),
  ].join('\n')
}

const constraintsQuery = `
  select pg_catalog.quote_ident(conname), contype, pg_catalog.pg_get_constraintdef(oid), not conislocal
    from pg_catalog.pg_constraint
   where conrelid = $1::oid and contype in ('p', 'u', 'x', 'c', 'f') and (contype <> 'f' or conparentid = 0)
   order by pg_catalog.strpos('puxcf', contype::text), conname`

/** Indexes that are not made by a constraint. */
const indexesQuery = `
  select pg_catalog.pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
   where i.indrelid = $1::oid
     and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
   order by x.relname`

async function partsOf(session: Link, oid: string) {
  const rows = await session.query(constraintsQuery, [oid])
  const constraints = rows.map(([name, kind, text, inherited]) => ({
    kind,
    sql: `CONSTRAINT ${name} ${text}`,
    inherited: inherited === 't',
  }))
  const indexes = await session.query(indexesQuery, [oid])
  return {
    constraints: constraints.filter(({ kind }) => kind !== 'f'),
    foreignKeys: constraints.filter(({ kind }) => kind === 'f').map(({ sql }) => sql),
    indexes: indexes.map(([sql]) => sql ?? ''),
  }
}

/** Not those that a partition has from its table. */
const triggersQuery = `
  select pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled = 'D', pg_catalog.quote_ident(t.tgname)
    from pg_catalog.pg_trigger t
   where t.tgrelid = $1::oid and not t.tgisinternal
     and not exists (select from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_trigger'::regclass and d.objid = t.oid
                        and d.refclassid = 'pg_catalog.pg_trigger'::regclass)
   order by t.tgname`

/** What is commented, as COMMENT ON names it, and the comment as a literal. */
const commentsQuery = `
  with own(rank, name, classid, objid, subid) as (
    select 1, case c.relkind when 'v' then 'VIEW ' when 'm' then 'MATERIALIZED VIEW ' when 'f' then 'FOREIGN TABLE ' else 'TABLE ' end
              || c.oid::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid, 0
      from pg_catalog.pg_class c where c.oid = $1::oid
    union all
    select 2, 'COLUMN ' || attrelid::pg_catalog.regclass || '.' || pg_catalog.quote_ident(attname),
           'pg_catalog.pg_class'::pg_catalog.regclass, attrelid, attnum
      from pg_catalog.pg_attribute where attrelid = $1::oid and attnum > 0 and not attisdropped
    union all
    select 3, 'INDEX ' || indexrelid::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass, indexrelid, 0
      from pg_catalog.pg_index where indrelid = $1::oid
    union all
    select 4, 'CONSTRAINT ' || pg_catalog.quote_ident(conname) || ' ON ' || conrelid::pg_catalog.regclass,
           'pg_catalog.pg_constraint'::pg_catalog.regclass, oid, 0
      from pg_catalog.pg_constraint where conrelid = $1::oid
    union all
    select 5, 'TRIGGER ' || pg_catalog.quote_ident(tgname) || ' ON ' || tgrelid::pg_catalog.regclass,
           'pg_catalog.pg_trigger'::pg_catalog.regclass, oid, 0
      from pg_catalog.pg_trigger where tgrelid = $1::oid and not tgisinternal)
  select own.name, pg_catalog.quote_literal(d.description)
    from own join pg_catalog.pg_description d on d.classoid = own.classid and d.objoid = own.objid and d.objsubid = own.subid
   order by own.rank, own.subid, own.name`
