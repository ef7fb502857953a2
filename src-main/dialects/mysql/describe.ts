import { type Column, type ColumnType, type ScalarKind, uniqueNames } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { BoundValue, Statement } from '../dialect.ts'
import { boundValues } from '../server/params.ts'
import { serverError } from './errors.ts'
import type { Link } from './link.ts'
import type { FieldDef } from './packets.ts'
import { typedNull } from './params.ts'
import type { MyClient } from './protocol.ts'
import { closePrepared, prepare } from './results.ts'
import { describesLate, literal, prepareSql } from './sql.ts'
import { readTexts } from './texts.ts'
import { isEnumField, plainType } from './types.ts'

export interface Description {
  columns: Column[]
  fields: FieldDef[]
}

/**
 * Parses and describes a statement; it is never run.
 * @param plain see ReadOptions
 * @throws AppError CONFIG_INVALID for one whose rows the server describes only when it runs
 */
export async function describe(
  session: Link,
  statement: Statement,
  plain: readonly ScalarKind[] = [],
): Promise<Description> {
  const sql = prepareSql(statement.sql)
  const values = new Map(boundValues(sql.names, statement.params).map((value, index) => [sql.names[index], value]))
  return session.run(
    async () => {
      const fields = await fieldsOf(session.client, typed(statement.sql, values), sql.text)
      if (fields.length === 0 && describesLate(sql.text)) throw untold()
      return { fields, columns: await columnsOf(session.client, fields, plain) }
    },
    { origin: sql.origin },
  )
}

/** Procedures, and INSERT, DELETE and REPLACE with RETURNING. */
function untold(): AppError {
  return new AppError('CONFIG_INVALID', 'The server does not tell the columns of this statement before it has run.', {
    hint: 'Run it with an execute node, and read the rows with a query after it.',
    at: { field: 'sql' },
  })
}

/** The server types a bare placeholder only when it is bound: for describing, a NULL of its type stands in its place. */
function typed(sql: string, values: Map<string | undefined, BoundValue>): string {
  return prepareSql(sql, (name) => {
    const value = values.get(name)
    return value ? typedNull(value) : '?'
  }).text
}

/** Where no expression may stand (LIMIT), the bare placeholder does. Its errors count: their positions are the user's. */
async function fieldsOf(client: MyClient, typedText: string, plainText: string): Promise<FieldDef[]> {
  const ask = async (text: string) => {
    const prepared = await prepare(client, text)
    await closePrepared(client, prepared)
    return prepared.fields
  }
  if (typedText === plainText) return ask(plainText)
  try {
    return await ask(typedText)
  } catch (error) {
    if (!serverError(error)) throw error
    return ask(plainText)
  }
}

/** Columns under unique names; enums with their values. */
export async function columnsOf(
  client: MyClient,
  fields: readonly FieldDef[],
  plain: readonly ScalarKind[] = [],
): Promise<Column[]> {
  const enums = await enumTypes(client, fields.filter(isEnumField))
  return uniqueNames(fields.map((field) => ({ name: field.name, type: enums.get(field) ?? plainType(field, plain) })))
}

async function enumTypes(client: MyClient, fields: readonly FieldDef[]): Promise<Map<FieldDef, ColumnType>> {
  const known = fields.filter((field) => field.schema !== '' && field.table !== '' && field.column !== '')
  const found = new Map<FieldDef, ColumnType>()
  if (known.length === 0) return found
  const places = known.map((field) => `(${[field.schema, field.table, field.column].map(literal).join(', ')})`)
  const rows = await readTexts(
    client,
    `select table_schema, table_name, column_name, column_type from information_schema.columns
      where data_type = 'enum' and (table_schema, table_name, column_name) in (${places.join(', ')})`,
  )
  for (const field of known) {
    const row = rows.find(
      ([schema, table, column]) => schema === field.schema && table === field.table && column === field.column,
    )
    if (row?.[3]) found.set(field, { kind: 'enum', values: enumValues(row[3]) })
  }
  return found
}

/** Reads `enum('a','it''s')`. */
function enumValues(declared: string): string[] {
  return [...declared.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"))
}
