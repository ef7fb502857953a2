import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
import { type PgTable, qualified } from './catalog.ts'
import { createTable, freshName } from './create-table.ts'
import type { Link } from './link.ts'
import { quote } from './sql.ts'

export interface Swap {
  /** Quoted name of the table that COPY fills. */
  into: string
  /** Puts the new table in the place of the old one. */
  finish(): Promise<void>
}

/**
 * Replaces a table: its successor is filled under another name, so that readers wait only for the moment of the swap.
 * Owner and grants pass on; indexes, triggers and comments belong to the old definition and go with it.
 */
export async function openSwap(session: Link, plan: WritePlan, old: PgTable): Promise<Swap> {
  await refuseDependents(session, old)
  const name = freshName('sluice_new')
  const into = await createTable(session, plan, qualified({ schema: old.schema, name }))
  return {
    into,
    finish: async () => {
      const inherited = await inheritance(session, old, into)
      await session.query(`drop table ${qualified(old)}`).catch((error: unknown) => {
        throw error instanceof AppError && error.sqlState === '2BP01' ? dependents(old, error.message, error) : error
      })
      for (const sql of inherited) await session.query(sql)
      await session.query(`alter table ${into} rename to ${quote(old.name)}`)
      if (plan.keys.length > 0) await renameKey(session, old, name)
    },
  }
}

/** A text of the server with the table's own name for that of its successor, which is gone with the load. */
export const withOwnName = (text: string, { table }: WritePlan): string =>
  text.replaceAll(/sluice_new_[0-9a-f]{12}/g, () => table.name)

const dependentQuery = `
  select distinct r.ev_class::regclass::text
    from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
   where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
     and d.refobjid = $1::oid and r.ev_class <> $1::oid
   union
  select c.conrelid::regclass::text from pg_catalog.pg_constraint c
   where c.contype = 'f' and c.confrelid = $1::oid and c.conrelid <> $1::oid`

/** Told before the rows are loaded rather than after. */
async function refuseDependents(session: Link, table: PgTable): Promise<void> {
  const rows = await session.query(dependentQuery, [table.oid])
  if (rows.length > 0) throw dependents(table, rows.map((row) => row[0]).join(', '))
}

function dependents(table: PgTable, names: string, cause?: unknown): AppError {
  return new AppError(
    'QUERY_CONFLICT',
    `Table ${table.name} cannot be replaced: ${names} depend${names.includes(',') ? '' : 's'} on it.`,
    {
      hint: 'Use the mode truncate, which keeps the table and changes only its rows.',
      sqlState: '2BP01',
      cause,
    },
  )
}

const grantQuery = `
  select format('grant %s on %s to %s%s', string_agg(distinct a.privilege_type, ', '), $2::text,
                case when a.grantee = 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' else '' end)
    from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
   where c.oid = $1::oid and a.grantee <> c.relowner
   group by a.grantee, a.is_grantable`

const ownerQuery = `
  select format('alter table %s owner to %I', $2::text, pg_catalog.pg_get_userbyid(c.relowner))
    from pg_catalog.pg_class c
   where c.oid = $1::oid and pg_catalog.pg_get_userbyid(c.relowner) <> current_user`

async function inheritance(session: Link, old: PgTable, into: string): Promise<string[]> {
  const grants = await session.query(grantQuery, [old.oid, into])
  const owner = await session.query(ownerQuery, [old.oid, into])
  return [...grants, ...owner].map((row) => row[0] ?? '')
}

async function renameKey(session: Link, old: PgTable, temporary: string): Promise<void> {
  const [row] = await session.query(
    `select conname from pg_catalog.pg_constraint where contype = 'p' and conrelid = pg_catalog.to_regclass($1)`,
    [qualified(old)],
  )
  const name = row?.[0]
  const wanted = `${old.name}_pkey`
  if (!name?.startsWith(temporary) || Buffer.byteLength(wanted) > 63) return
  const taken = await session.query('select pg_catalog.to_regclass($1) is not null', [
    qualified({ schema: old.schema, name: wanted }),
  ])
  if (taken[0]?.[0] === 't') return
  await session.query(`alter table ${qualified(old)} rename constraint ${quote(name)} to ${quote(wanted)}`)
}
