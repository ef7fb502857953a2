import type {
  SchemaCheck,
  SchemaColumn,
  SchemaDetail,
  SchemaIndex,
  SchemaObject,
  SchemaTrigger,
} from '../../../../shared/data/catalog.ts'
import type { ColumnType } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { TableRef } from '../../dialect.ts'
import { schemaOf } from '../catalog.ts'
import { columnsOf } from '../describe.ts'
import type { Link } from '../link.ts'
import { closePrepared, prepare } from '../results.ts'
import { literal, quote } from '../sql.ts'
import { foreignKeysOf, referencesTo } from './foreign-keys.ts'
import { objectOf, readable } from './objects.ts'

export interface Place {
  schema: string
  name: string
}

export async function findObject(
  session: Link,
  ref: TableRef,
): Promise<(Place & { object: SchemaObject }) | undefined> {
  const schema = await schemaOf(session, ref)
  const [row] = await session.script(
    `select table_schema, table_name, table_type, table_comment, table_rows from information_schema.tables
      where table_schema = ${literal(schema)} and table_name = ${literal(ref.name)} and ${readable}`,
  )
  if (!row) return undefined
  const object = objectOf(row)
  return { schema: object.schema ?? schema, name: object.name, object }
}

export async function readObject(session: Link, ref: TableRef): Promise<SchemaDetail | undefined> {
  const found = await findObject(session, ref)
  if (!found) return undefined
  return {
    ...found.object,
    columns: await tableColumns(session, found),
    indexes: await indexesOf(session, found),
    foreignKeys: await foreignKeysOf(session, found),
    referencedBy: await referencesTo(session, found),
    checks: await checksOf(session, found),
    triggers: await triggersOf(session, found),
  }
}

const inTable = ({ schema, name }: Place) => `table_schema = ${literal(schema)} and table_name = ${literal(name)}`

async function tableColumns(session: Link, place: Place): Promise<SchemaColumn[]> {
  const rows = await session.script(
    `select column_name, column_type, is_nullable, column_default, extra, coalesce(generation_expression, ''), column_key,
            column_comment, data_type
       from information_schema.columns where ${inTable(place)} order by ordinal_position`,
  )
  const types = await typesOf(
    session,
    place,
    rows.map((row) => row[0] ?? ''),
  )
  return rows.map(([name, databaseType, nullable, standard, extra, made, key, comment, dataType], index) => ({
    name: name ?? '',
    type: types[index] ?? { kind: 'text' },
    databaseType: databaseType ?? '',
    nullable: nullable === 'YES',
    default: made || defaultOf(session, standard ?? null, extra ?? '', dataType ?? ''),
    generated: Boolean(made) || /auto_increment/i.test(extra ?? ''),
    primaryKey: key === 'PRI',
    comment: comment || null,
  }))
}

/** Described by the server; a view that no longer works has none. */
async function typesOf(session: Link, { schema, name }: Place, columns: readonly string[]): Promise<ColumnType[]> {
  try {
    return await session.run(async () => {
      const sql = `select ${columns.map(quote).join(', ')} from ${quote(schema)}.${quote(name)}`
      const prepared = await prepare(session.client, sql)
      await closePrepared(session.client, prepared)
      return (await columnsOf(session.client, prepared.fields)).map(({ type }) => type)
    })
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('QUERY_')) return []
    throw error
  }
}

/** MariaDB tells defaults as SQL, and the lack of one as NULL; MySQL tells values without their quotes. */
function defaultOf(session: Link, standard: string | null, extra: string, dataType: string): string | null {
  if (standard === null) return null
  if (session.server.mariaDb) return standard === 'NULL' ? null : standard
  const isSql = /DEFAULT_GENERATED/i.test(extra) || /^current_timestamp/i.test(standard)
  return isSql || /int$|^(?:decimal|float|double|bit|year)$/.test(dataType) ? standard : literal(standard)
}

async function indexesOf(session: Link, place: Place): Promise<SchemaIndex[]> {
  const { mariaDb, version } = session.server
  const rows = await session.script(
    `select index_name, non_unique, column_name, sub_part, index_type, ${!mariaDb && version >= 800 ? 'expression' : 'null'}
       from information_schema.statistics where ${inTable(place)}
      order by index_name <> 'PRIMARY', index_name, seq_in_index`,
  )
  const indexes = new Map<string, SchemaIndex>()
  for (const [name, repeats, column, part, method, expression] of rows) {
    const key = name ?? ''
    const index = indexes.get(key) ?? {
      name: key,
      columns: [],
      unique: repeats === '0',
      primary: key === 'PRIMARY',
      condition: null,
      method: method?.toLowerCase() ?? null,
    }
    index.columns.push(column ? `${column}${part ? `(${part})` : ''}` : (expression ?? ''))
    indexes.set(key, index)
  }
  return [...indexes.values()]
}

/** A check that stands with a column has no name of its own. */
async function checksOf(session: Link, place: Place): Promise<SchemaCheck[]> {
  const { mariaDb, version } = session.server
  if (!mariaDb && version < 800) return []
  const rows = await session.script(
    mariaDb
      ? `select if(level = 'Column', null, constraint_name), check_clause from information_schema.check_constraints
          where constraint_schema = ${literal(place.schema)} and table_name = ${literal(place.name)} order by level, constraint_name`
      : `select constraint_name, check_clause
           from information_schema.table_constraints join information_schema.check_constraints using (constraint_schema, constraint_name)
          where ${inTable(place)} and constraint_type = 'CHECK' order by constraint_name`,
  )
  return rows.map(([name = null, expression]) => ({ name, expression: withoutParentheses(expression ?? '') }))
}

/** MySQL puts the whole expression into parentheses. */
function withoutParentheses(expression: string): string {
  const inner = /^\((.*)\)$/s.exec(expression)?.[1]
  if (inner === undefined) return expression
  let depth = 0
  for (const sign of inner) {
    if (sign === '(') depth++
    else if (sign === ')' && --depth < 0) return expression
  }
  return inner
}

async function triggersOf(session: Link, { schema, name }: Place): Promise<SchemaTrigger[]> {
  const rows = await session.script(
    `select trigger_name, lower(action_timing), lower(event_manipulation) from information_schema.triggers
      where event_object_schema = ${literal(schema)} and event_object_table = ${literal(name)} order by trigger_name`,
  )
  return rows.map(([trigger, time, event]) => ({ name: trigger ?? '', fires: `${time} ${event}` }))
}
