import type { SchemaDetail, SchemaDiagram, SchemaFunction, SchemaObjects } from '../../../shared/data/catalog.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import type { ErrorReport } from '../../../shared/errors.ts'
import type { TableInfo, TableRef, WriteMode, WriteResult } from '../dialect.ts'

/** A value as SQLite holds it. */
export type SqlValue = null | number | bigint | string | Uint8Array
export type SqlParams = Record<string, SqlValue>

/** What the values of each output have in common; null where there were none. */
export type SeenTypes = (Column['type'] | null)[]

export interface SampleTable {
  schema: string
  name: string
  columns: { name: string; declared: string }[]
  rows: SqlValue[][]
}

/** A copy, in small, of what a query reads. */
export interface Sample {
  sql: string
  params: SqlParams
  /** The outputs whose type is asked for. */
  unknown: boolean[]
  tables: SampleTable[]
  views: { schema: string; sql: string }[]
}

export interface Prepared {
  columns: Column[]
  /** Every output is a column of a table, see wireSql. */
  direct: boolean
  /** Whether SQLite can write the rows as wire lines; statements that are not queries (PRAGMA, RETURNING) cannot be wrapped. */
  wrappable: boolean
  /** Present when the types of some columns are not declared anywhere. */
  sample?: Sample
}

export interface LaneWritePlan {
  table: TableRef
  mode: WriteMode
  columns: Column[]
  keys: string[]
  types: Record<string, string>
  maxRejects: number
}

/** What the parent asks of a lane, one call at a time (`stop` may come while `read` runs). */
export interface Calls {
  open: { args: { file: string; readOnly: boolean; busyMs: number }; result: null }
  transact: { args: { step: 'begin' | 'commit' | 'rollback' }; result: null }
  prepare: { args: { sql: string; params: SqlParams }; result: Prepared }
  probe: { args: Sample; result: SeenTypes }
  /** Rows come on the lane's standard output; the result follows when the last byte is written. */
  read: { args: { sql: string; params: SqlParams; columns: Column[]; direct: boolean }; result: ReadEnd }
  execute: { args: { sql: string; params: SqlParams }; result: Executed }
  /** `before`: how many rows of values were sent earlier, for messages. */
  many: { args: { sql: string; rows: SqlParams[]; before: number }; result: number }
  /** Rows follow on the lane's standard input; `finish` and `abort` say how many bytes that were. */
  write: { args: LaneWritePlan; result: null }
  finish: { args: { bytes: number }; result: WriteResult }
  abort: { args: { bytes: number }; result: null }
  tables: { args: null; result: (TableRef & { kind: 'table' | 'view' })[] }
  table: { args: TableRef; result: TableInfo | null }
  objects: { args: null; result: SchemaObjects }
  object: { args: string; result: SchemaDetail | null }
  definition: { args: string; result: string | null }
  /** Of the tables with these names, or of all. */
  diagram: { args: readonly string[] | null; result: SchemaDiagram }
  functions: { args: null; result: SchemaFunction[] }
}
export type Op = keyof Calls

export interface Executed {
  affected: number | null
  columns: Column[]
  rows: Row[]
  /** Whether a transaction is open afterwards; the statement may have been BEGIN or COMMIT. */
  inTransaction: boolean
}

export interface ReadEnd {
  rows: number
  bytes: number
  /** Why the query ended before its time; the bytes before it were sent. */
  error?: ErrorReport
}

export type Request = { [K in Op]: { id: number; op: K; args: Calls[K]['args'] } }[Op] | { op: 'stop' }

export type Reply =
  | { id: number; result: unknown }
  | { id: number; error: ErrorReport }
  | { event: 'rows'; rows: number }
  | { event: 'reject'; row: string; reason: string }
  | { event: 'failed'; error: ErrorReport }
