import { randomBytes } from 'node:crypto'
import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
import type { Link } from './link.ts'
import { quote } from './sql.ts'
import { databaseType } from './types.ts'

/** Creates a table for the columns that arrive, with the keys as its primary key; returns its quoted name. */
export async function createTable(session: Link, plan: WritePlan, name: string): Promise<string> {
  const lines: string[] = []
  for (const column of plan.columns) lines.push(`${quote(column.name)} ${await columnType(session, plan, column)}`)
  if (plan.keys.length > 0) lines.push(`primary key (${plan.keys.map(quote).join(', ')})`)
  await session.query(`create table ${name} (${lines.join(', ')})`)
  return name
}

async function columnType(session: Link, plan: WritePlan, column: Column): Promise<string> {
  const given = Object.hasOwn(plan.types, column.name) ? plan.types[column.name] : undefined
  if (given === undefined) return databaseType(column.type)
  if (/^(small|big)?serial$/i.test(given.trim())) return given
  // Only a type may stand here: the text comes from a document.
  const [row] = await session.query('select pg_catalog.to_regtype($1) is not null', [given]).catch(() => [['f']])
  if (row?.[0] === 't') return given
  throw new AppError('CONFIG_INVALID', `"${given}" is no type of this database (column ${column.name}).`, {
    hint: 'Write a Postgres type such as text, bigint or numeric(12,2).',
    at: { field: 'types' },
  })
}

/** A name that no other table has. */
export const freshName = (prefix: string) => `${prefix}_${randomBytes(6).toString('hex')}`
