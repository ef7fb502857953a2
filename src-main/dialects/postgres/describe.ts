import { type Column, uniqueNames } from '../../../shared/data/types.ts'
import type { Statement } from '../dialect.ts'
import { boundValues } from '../server/params.ts'
import { jsonTexts } from './arrays.ts'
import { serverError } from './errors.ts'
import type { Link } from './link.ts'
import { valueOids } from './params.ts'
import { bound, exchange, type Field } from './protocol.ts'
import { prepareSql } from './sql.ts'
import type { CatalogType, PgType } from './types.ts'

/** A statement as the server understands it. */
export interface Description {
  columns: Column[]
  /** The database's own names and types, in column order. */
  fields: (Field & { pg: PgType })[]
  /** Types the server settled on for the placeholders. */
  parameters: number[]
}

/** Parses and describes a statement; it is never run. */
export async function describe(session: Link, statement: Statement): Promise<Description> {
  const prepared = prepareSql(statement.sql)
  const declared = valueOids(boundValues(prepared.names, statement.params))
  return session.run(() => describeText(session, prepared.text, declared), { origin: prepared.origin })
}

async function describeText(session: Link, text: string, declared: number[]): Promise<Description> {
  let fields: Field[] = []
  let parameters: number[] = []
  const ask = (types: number[]) =>
    exchange(
      session.client,
      (connection) => {
        connection.parse({ text, types })
        connection.describe({ type: 'S' })
        connection.sync()
      },
      {
        fields: (given) => {
          fields = given
        },
        parameters: (given) => {
          parameters = given
        },
      },
    )
  try {
    await ask(declared)
  } catch (error) {
    // A placeholder that nothing gives a type to: it is text.
    if (serverError(error)?.code !== '42P18' || !declared.includes(0) || session.transactionOpen) throw error
    await ask(declared.map((oid) => oid || 25))
  }
  const typed = await resolveFields(session, fields)
  return { columns: columnsOf(typed), fields: typed, parameters }
}

export async function resolveFields(session: Link, fields: Field[]): Promise<(Field & { pg: PgType })[]> {
  await session.types.learn(
    fields.map((field) => field.dataTypeID),
    (oids) => lookupTypes(session, oids),
  )
  return fields.map((field) => ({ ...field, pg: session.types.resolve(field.dataTypeID, field.dataTypeModifier) }))
}

export function columnsOf(fields: readonly (Field & { pg: PgType })[]): Column[] {
  return uniqueNames(fields.map((field) => ({ name: field.name, type: field.pg.type })))
}

const typeQuery = `
  select t.oid, t.typtype, t.typbasetype, t.typtypmod,
         case when t.typcategory = 'A' and t.typlen = -1 and t.typdelim = ',' then t.typelem else 0 end,
         (select json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid)
    from pg_catalog.pg_type t where t.oid = any($1::oid[])`

async function lookupTypes(session: Link, oids: number[]): Promise<CatalogType[]> {
  const rows = await bound(session.client, typeQuery, [`{${oids.join(',')}}`])
  return rows.map((row) => ({
    oid: Number(row[0]),
    kind: row[1] ?? 'b',
    base: Number(row[2]),
    baseTypmod: Number(row[3]),
    element: Number(row[4]),
    labels: jsonTexts(row[5] ?? null),
  }))
}
