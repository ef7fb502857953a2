import type { TableRef } from '../../dialect.ts'
import type { Link } from '../link.ts'
import { literal, quote } from '../sql.ts'
import { findObject } from './object.ts'

/** The server's own statement for a table with its keys, or for a view; then the table's triggers, in the order they fire. */
export async function readDefinition(session: Link, ref: TableRef): Promise<string | undefined> {
  const found = await findObject(session, ref)
  if (!found) return undefined
  const { schema, name } = found
  const what = found.object.kind === 'view' ? 'view' : 'table'
  const [row] = await session.script(`show create ${what} ${quote(schema)}.${quote(name)}`)
  if (!row?.[1]) return undefined
  const triggers = await session.script(
    `select trigger_name, definer, action_timing, event_manipulation, action_statement from information_schema.triggers
      where event_object_schema = ${literal(schema)} and event_object_table = ${literal(name)}
      order by event_manipulation, action_timing, action_order`,
  )
  const made = triggers.map(
    ([trigger, definer, time, event, body]) =>
      `CREATE DEFINER=${account(definer ?? '')} TRIGGER ${quote(trigger ?? '')} ${time} ${event} ON ${quote(name)} FOR EACH ROW\n${body}`,
  )
  return [row[1], ...made].map((sql) => `${sql};`).join('\n\n')
}

/** `user@host`, where the user may hold an `@`; a role has no host. */
function account(text: string): string {
  const at = text.lastIndexOf('@')
  return at === -1 ? quote(text) : `${quote(text.slice(0, at))}@${quote(text.slice(at + 1))}`
}
