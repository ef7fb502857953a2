import type { SchemaFunction } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'
import { builtIn } from './built-in.ts'

/** Functions of the connection's database, with what they take. */
const routinesQuery = `
  select r.routine_name, r.dtd_identifier, r.routine_comment,
         group_concat(concat(p.parameter_name, ' ', p.dtd_identifier) order by p.ordinal_position separator ', ')
    from information_schema.routines r
    left join information_schema.parameters p
      on p.specific_schema = r.routine_schema and p.specific_name = r.specific_name and p.ordinal_position > 0
   where r.routine_schema = database() and r.routine_type = 'FUNCTION'
   group by r.routine_name, r.dtd_identifier, r.routine_comment`

export async function listFunctions(session: Link): Promise<SchemaFunction[]> {
  const own = (await session.script(routinesQuery)).map(
    ([name, returns, comment, args]): SchemaFunction => ({
      name: name ?? '',
      args: args ?? '',
      returns: returns ?? null,
      kind: 'function',
      description: comment || null,
    }),
  )
  const all = new Map([...builtIn(session.server.mariaDb), ...own].map((each) => [each.name.toLowerCase(), each]))
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
