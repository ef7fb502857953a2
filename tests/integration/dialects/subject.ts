import type { Column, ColumnType } from '../../../shared/data/types.ts'
import { encodeRow, type Row } from '../../../shared/data/wire.ts'
import type {
  BoundValue,
  Database,
  Session,
  Statement,
  WritePlan,
  WriteResult,
} from '../../../src-main/dialects/dialect.ts'

/** A dialect under test: a database that nothing else uses, and what only the outside can do to it. */
export interface Subject {
  database: Database
  /** The same database through a connection marked read-only; closed by the caller. */
  readOnly(): Promise<Database>
  /** Ends the connection of a session from outside, as a crash of the server would. */
  lose(session: Session): Promise<void>
  /** Closes everything and removes the database. */
  cleanup(): Promise<void>
}

/** In what a dialect may differ from the others. */
export interface DialectFacts {
  /** A query without placeholders that runs far longer than any test may take, with one output column. */
  slowSql: string
  /** Whether lists are a type of the database. */
  lists: boolean
  /** Whether -0 stays apart from 0. */
  negativeZero: boolean
  /** Whether numbers may be NaN or infinite. */
  nonFinite: boolean
  /** Whether decimals without declared digits keep those they come with; else they have 30 decimals. */
  openDecimals: boolean
  /** Whether timestamps with zone reach from year 1 to 9999; else from 1970 to 2038. */
  allInstants: boolean
  /** How a double is called in a cast. */
  doubleName: string
  /** Gives rows of `executed` with an id from :id the name :name; returns their name and, as `same`, their id. */
  returningSql: string
  /** What makes rows of `bodied` add their id and its double to `doubled`; one statement holds several. */
  bodySql: readonly string[]
  /** The type under which a column of this type is found in a table that the writer created. */
  comesBackAs(type: ColumnType): ColumnType
}

export const int32: ColumnType = { kind: 'int32' }
export const text: ColumnType = { kind: 'text' }

export const column = (name: string, type: ColumnType): Column => ({ name, type })

export function plan(table: string, columns: Column[], more: Partial<WritePlan> = {}): WritePlan {
  return {
    table: { name: table },
    mode: 'append',
    columns,
    keys: [],
    types: {},
    batchSize: 1000,
    maxRejects: 0,
    ...more,
  }
}

/** Rows as one piece of wire bytes in the format that the database takes. */
export function wireBytes(database: Database, columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => encodeRow(row, columns, database.dialect.wire)).join(''))
}

/** Writes rows on a session of their own. */
export async function load(database: Database, todo: WritePlan, rows: readonly Row[]): Promise<WriteResult> {
  await using session = await database.session()
  return await loadOn(session, database, todo, rows)
}

export async function loadOn(
  session: Session,
  database: Database,
  todo: WritePlan,
  rows: readonly Row[],
): Promise<WriteResult> {
  const writer = await session.write(todo)
  try {
    if (rows.length > 0) await writer.write(wireBytes(database, todo.columns, rows))
    return await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/** All rows of a query, through the typed lane. */
export async function fetchRows(session: Session, statement: Statement): Promise<{ columns: Column[]; rows: Row[] }> {
  const reader = session.read(statement)
  const columns = await reader.columns()
  const rows: Row[] = []
  for await (const batch of reader.rows(100)) rows.push(...batch)
  return { columns, rows }
}

export async function query(
  database: Database,
  sql: string,
  params: Record<string, BoundValue> = {},
): Promise<{ columns: Column[]; rows: Row[] }> {
  await using session = await database.session()
  return await fetchRows(session, { sql, params })
}

export async function execute(database: Database, ...statements: string[]): Promise<void> {
  await using session = await database.session()
  for (const sql of statements) await session.execute({ sql })
}

/** What a promise was rejected with. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('It was expected to fail, and did not.')
}
