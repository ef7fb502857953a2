import { AppError } from '../../../shared/errors.ts'
import type { TableColumn, TableInfo, TableRef } from '../dialect.ts'
import { columnsOf } from './describe.ts'
import type { Link } from './link.ts'
import { closePrepared, prepare } from './results.ts'
import { literal, quote } from './sql.ts'

/** A table as a writer must know it. */
export interface MyTable extends TableInfo {
  schema: string
  /** Whether its engine takes part in transactions. */
  transactional: boolean
  engine: string
  columns: MyColumn[]
}

export interface MyColumn extends TableColumn {
  generated: boolean
  /** The bare type, e.g. `varchar`. */
  dataType: string
  /** Null for columns without characters. */
  collation: string | null
}

/** The schema that a table without one is looked for in. @throws AppError QUERY_MISSING when the connection names none */
export async function schemaOf(session: Link, ref: TableRef): Promise<string> {
  if (ref.schema !== undefined) return ref.schema
  const [row] = await session.script('select database()')
  const schema = row?.[0]
  if (schema) return schema
  throw new AppError('QUERY_MISSING', `No database is chosen to look for ${ref.name} in.`, {
    hint: 'Name the database in the connection, or write schema.table.',
  })
}

/** Sees the session's own temporary tables not at all, and new tables of others as soon as they are there. */
export async function findTable(session: Link, ref: TableRef): Promise<MyTable | undefined> {
  const schema = await schemaOf(session, ref)
  const [found] = await session.script(
    `select t.table_schema, t.table_name, t.table_type, t.engine, e.transactions
       from information_schema.tables t left join information_schema.engines e on e.engine = t.engine
      where t.table_schema = ${literal(schema)} and t.table_name = ${literal(ref.name)}`,
  )
  if (!found) return undefined
  const place = { schema: found[0] ?? schema, name: found[1] ?? ref.name }
  return {
    ...place,
    kind: found[2]?.includes('VIEW') ? 'view' : 'table',
    engine: found[3] ?? '',
    transactional: found[4] === 'YES',
    columns: await tableColumns(session, place),
    keys: await tableKeys(session, place),
  }
}

interface Place {
  schema: string
  name: string
}

const inTable = ({ schema, name }: Place) => `table_schema = ${literal(schema)} and table_name = ${literal(name)}`

async function tableColumns(session: Link, place: Place): Promise<MyColumn[]> {
  const rows = await session.script(
    `select column_name, column_type, data_type, is_nullable, column_key, column_default, extra, collation_name,
            coalesce(generation_expression, '')
       from information_schema.columns where ${inTable(place)} order by ordinal_position`,
  )
  const names = rows.map((row) => row[0] ?? '')
  const types = await session.run(async () => {
    const sql = `select ${names.map(quote).join(', ')} from ${quote(place.schema)}.${quote(place.name)}`
    const prepared = await prepare(session.client, sql)
    await closePrepared(session.client, prepared)
    return columnsOf(session.client, prepared.fields)
  })
  return rows.map((row, index) => {
    const [name = '', declared, dataType, nullable, key, standard, extra, collation, expression] = row
    return {
      name: name ?? '',
      type: types[index]?.type ?? { kind: 'text' },
      nullable: nullable === 'YES',
      databaseType: declared ?? '',
      primaryKey: key === 'PRI',
      // MariaDB spells the lack of a default as NULL.
      hasDefault:
        (standard !== null && standard !== 'NULL') || /auto_increment/i.test(extra ?? '') || Boolean(expression),
      generated: Boolean(expression),
      dataType: dataType ?? '',
      collation: collation ?? null,
    }
  })
}

/** Unique keys of whole columns, the primary key first. */
async function tableKeys(session: Link, place: Place): Promise<string[][]> {
  const rows = await session.script(
    `select index_name, column_name, sub_part from information_schema.statistics
      where ${inTable(place)} and non_unique = 0
      order by index_name <> 'PRIMARY', index_name, seq_in_index`,
  )
  const keys = new Map<string, string[]>()
  const partial = new Set<string>()
  for (const [index, column, part] of rows) {
    if (!index) continue
    keys.set(index, [...(keys.get(index) ?? []), column ?? ''])
    if (part !== null || !column) partial.add(index)
  }
  return [...keys].filter(([index]) => !partial.has(index)).map(([, columns]) => columns)
}

export async function listTables(session: Link): Promise<(TableRef & { kind: 'table' | 'view' })[]> {
  const rows = await session.script(
    `select table_schema, table_name, table_type from information_schema.tables
      where table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys') and table_type <> 'SEQUENCE'
      order by 1, 2`,
  )
  return rows.map(([schema, name, type]) => ({
    schema: schema ?? '',
    name: name ?? '',
    kind: type?.includes('VIEW') ? 'view' : 'table',
  }))
}
