import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
import { cancelled } from '../server/errors.ts'
import type { Link } from './link.ts'
import { freshId, helperPattern, lockName, type Place, placeSql } from './pending.ts'
import type { MyClient } from './protocol.ts'
import { settings } from './settings.ts'
import { literal, quote } from './sql.ts'
import { readTexts } from './texts.ts'
import { type Abilities, databaseType } from './types.ts'

/** Bytes that an index of InnoDB holds at most, in characters of up to four bytes, with some left for columns of other types. */
const KEY_ROOM = 3072 / 4 - 8
const KEY_LENGTH = 255

/**
 * Makes a table for the columns that arrive, with the keys as its primary key, under a name of its own; it takes its place when the
 * transaction commits. Made on another connection, because DDL would commit what the transaction has done.
 */
export async function createPending(session: Link, plan: WritePlan, target: Place, exists: boolean): Promise<Place> {
  const columns = plan.columns.map((column) => `${quote(column.name)} ${columnType(session.server, plan, column)}`)
  if (plan.keys.length > 0) columns.push(`primary key (${plan.keys.map(quote).join(', ')})`)
  const id = freshId()
  // Held as long as this connection lives: tells others that the table is in use. Where locks are not supported, so be it.
  await session.script(`do get_lock(${literal(lockName(id))}, 0)`).catch(() => undefined)
  session.touch()
  const stage = session.pending.add(target, id, exists)
  try {
    await session.aside(async (client) => {
      await readTexts(client, settings)
      await sweep(client, target.schema)
      const options = `engine=InnoDB ${await charset(client, target.schema)}`
      await readTexts(client, `create table ${placeSql(stage)} (${columns.join(', ')}) ${options}`)
      // Stop dropped what there was, which may have been too early for this one.
      if (session.aborted) await readTexts(client, `drop table ${placeSql(stage)}`)
    })
  } catch (error) {
    session.pending.remove(target)
    throw session.explain(error)
  }
  if (session.aborted) throw cancelled()
  return stage
}

/** All of Unicode, sorted and compared as the schema does it where it can. */
async function charset(client: MyClient, schema: string): Promise<string> {
  const [row] = await readTexts(
    client,
    `select default_collation_name from information_schema.schemata where schema_name = ${literal(schema)}`,
  )
  const collation = row?.[0] ?? ''
  return /^utf8mb4_\w+$/.test(collation) ? `character set utf8mb4 collate ${collation}` : 'character set utf8mb4'
}

/** Drops what processes that were killed left behind: helping tables whose lock nobody holds. */
async function sweep(client: MyClient, schema: string): Promise<void> {
  const rows = await readTexts(
    client,
    `select table_name from information_schema.tables
      where table_schema = ${literal(schema)} and table_name like 'sluice\\_%' and is_used_lock(concat('sluice_', right(table_name, 12))) is null`,
  ).catch(() => [])
  const left = rows.flatMap(([name]) => (name && helperPattern.test(name) ? [placeSql({ schema, name })] : []))
  if (left.length === 0) return
  await readTexts(client, 'set lock_wait_timeout = 2')
  await readTexts(client, `drop table if exists ${left.join(', ')}`).catch(() => undefined)
}

function columnType(server: Abilities, plan: WritePlan, column: Column): string {
  const given = Object.hasOwn(plan.types, column.name) ? plan.types[column.name] : undefined
  if (given !== undefined) return checkedType(given, column)
  const short = plan.keys.filter((key) => isText(plan, key)).length
  const isKey = plan.keys.some((key) => key.toLowerCase() === column.name.toLowerCase())
  const length = Math.min(KEY_LENGTH, Math.floor(KEY_ROOM / Math.max(1, short)))
  const type = databaseType(column.type, server, isKey ? length : undefined)
  if (type) return type
  throw new AppError('CONFIG_COLUMN', `Column ${column.name} is a decimal of more digits than MySQL holds.`, {
    hint: 'Decimals have at most 65 digits, 30 of them behind the point. Give the column another type with "types" of the load, e.g. "text".',
    at: { field: 'types' },
  })
}

const isText = (plan: WritePlan, name: string) => {
  const kind = plan.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type.kind
  return (
    kind === 'text' || kind === 'enum' || kind === 'interval' || kind === 'json' || kind === 'list' || kind === 'blob'
  )
}

/** Only a type may stand here: the text comes from a document. */
function checkedType(given: string, column: Column): string {
  if (/^[a-z]\w*( \w+)*\s*(\(\s*(\d+|'[^'\\]*')(\s*,\s*(\d+|'[^'\\]*'))*\s*\))?( \w+)*$/i.test(given.trim()))
    return given
  throw new AppError('CONFIG_INVALID', `"${given}" is no type of this database (column ${column.name}).`, {
    hint: 'Write a MySQL type such as varchar(40), bigint unsigned or decimal(12,2).',
    at: { field: 'types' },
  })
}
