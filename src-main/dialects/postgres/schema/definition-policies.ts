import { jsonTexts } from '../arrays.ts'
import type { Link } from '../link.ts'

const guardQuery = `select relrowsecurity, relforcerowsecurity from pg_catalog.pg_class where oid = $1::oid`

const policiesQuery = `
  select pg_catalog.quote_ident(p.polname), p.polpermissive, p.polcmd,
         (select json_agg(case when r = 0 then 'PUBLIC' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r)) end)
            from unnest(p.polroles) r),
         pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
    from pg_catalog.pg_policy p where p.polrelid = $1::oid order by p.polname`

const commands: Record<string, string> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE' }

/** What says which rows a role sees. */
export async function policyStatements(session: Link, oid: string, table: string): Promise<string[]> {
  const [[enabled, forced] = []] = await session.query(guardQuery, [oid])
  const policies = await session.query(policiesQuery, [oid])
  return [
    ...policies.map(([name, permissive, command, roles, using, check]) =>
      [
        `CREATE POLICY ${name} ON ${table}`,
        ...(permissive === 't' ? [] : ['AS RESTRICTIVE']),
        `FOR ${commands[command ?? ''] ?? 'ALL'} TO ${jsonTexts(roles ?? null).join(', ')}`,
        ...(using == null ? [] : [`USING (${using})`]),
        ...(check == null ? [] : [`WITH CHECK (${check})`]),
      ].join(' '),
    ),
    ...(enabled === 't' ? [`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`] : []),
    ...(forced === 't' ? [`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`] : []),
  ]
}
