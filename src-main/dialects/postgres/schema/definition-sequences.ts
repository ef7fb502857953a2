import type { Link } from '../link.ts'

/** A sequence that a table's columns take their numbers from. Names are quoted. */
export interface Sequence {
  /** Qualified. */
  name: string
  type: string
  start: string
  increment: string
  min: string
  max: string
  cache: string
  cycles: boolean
  /** The column that it goes away with. */
  ownedBy: string | null
  /** The identity column that it stands behind; it needs no statement of its own. */
  identityOf: string | null
  /** Of an identity column: the server would have given the same name. */
  usualName: boolean
}

/** Owned by a column, behind an identity, or called by a default. */
const sequencesQuery = `
  with used(seq, col, deptype) as (
    select d.objid, d.refobjsubid, d.deptype from pg_catalog.pg_depend d
     where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refobjid = $1::oid and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    union all
    select d.refobjid, null, 'n' from pg_catalog.pg_depend d
      join pg_catalog.pg_attrdef f on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = f.oid
     where f.adrelid = $1::oid and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass)
  select distinct on (s.seqrelid) s.seqrelid::pg_catalog.regclass, pg_catalog.format_type(s.seqtypid, null),
         s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
         case when u.deptype = 'a' then pg_catalog.quote_ident(a.attname) end,
         case when u.deptype = 'i' then pg_catalog.quote_ident(a.attname) end,
         q.relname = c.relname || '_' || a.attname || '_seq' and q.relnamespace = c.relnamespace
    from used u
    join pg_catalog.pg_sequence s on s.seqrelid = u.seq
    join pg_catalog.pg_class q on q.oid = s.seqrelid
    join pg_catalog.pg_class c on c.oid = $1::oid
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = u.col
   order by s.seqrelid, u.deptype = 'n'`

export async function readSequences(session: Link, oid: string): Promise<Sequence[]> {
  const rows = await session.query(sequencesQuery, [oid])
  return rows.map(([name, type, start, increment, min, max, cache, cycles, ownedBy, identityOf, usualName]) => ({
    name: name ?? '',
    type: type ?? '',
    start: start ?? '',
    increment: increment ?? '',
    min: min ?? '',
    max: max ?? '',
    cache: cache ?? '',
    cycles: cycles === 't',
    ownedBy: ownedBy ?? null,
    identityOf: identityOf ?? null,
    usualName: usualName === 't',
  }))
}

const limits: Record<string, [min: string, max: string]> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
}

/** What of a sequence is not as usual; for an identity column with its name, for others with its type. */
export function sequenceOptions(sequence: Sequence): string {
  const { name, type, start, increment, min, max, cache, cycles, identityOf, usualName } = sequence
  const up = !increment.startsWith('-')
  const [lowest, highest] = limits[type] ?? []
  const usual = { min: up ? '1' : lowest, max: up ? highest : '-1', start: up ? min : max }
  return [
    ...(identityOf !== null && !usualName ? [`SEQUENCE NAME ${name}`] : []),
    ...(identityOf === null && type !== 'bigint' ? [`AS ${type}`] : []),
    ...(start === usual.start ? [] : [`START WITH ${start}`]),
    ...(increment === '1' ? [] : [`INCREMENT BY ${increment}`]),
    ...(min === usual.min ? [] : [`MINVALUE ${min}`]),
    ...(max === usual.max ? [] : [`MAXVALUE ${max}`]),
    ...(cache === '1' ? [] : [`CACHE ${cache}`]),
    ...(cycles ? ['CYCLE'] : []),
  ].join(' ')
}

export const sequenceStatements = (sequences: readonly Sequence[]): string[] =>
  sequences
    .filter(({ identityOf }) => identityOf === null)
    .map((sequence) => `CREATE SEQUENCE ${sequence.name} ${sequenceOptions(sequence)}`.trimEnd())

export const sequenceOwners = (sequences: readonly Sequence[], table: string): string[] =>
  sequences.flatMap(({ name, ownedBy }) =>
    ownedBy === null ? [] : [`ALTER SEQUENCE ${name} OWNED BY ${table}.${ownedBy}`],
  )
