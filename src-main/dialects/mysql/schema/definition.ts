import type { TableRef } from '../../dialect.ts'
import type { Link } from '../link.ts'
import { quote } from '../sql.ts'
import { findObject } from './object.ts'

/** The server's own statement for a table with its keys, or for a view. */
export async function readDefinition(session: Link, ref: TableRef): Promise<string | undefined> {
  const found = await findObject(session, ref)
  if (!found) return undefined
  const what = found.object.kind === 'view' ? 'view' : 'table'
  const [row] = await session.script(`show create ${what} ${quote(found.schema)}.${quote(found.name)}`)
  return row?.[1] ? `${row[1]};` : undefined
}
