import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Column, ColumnType } from '../data/types.ts'
import type { ErrorReport } from '../errors.ts'
import { parameterTypes } from '../pipeline/schema.ts'
import type { RowsWindow } from './results.ts'

/**
 * Ad-hoc SQL. A tab of the workbench is a session: one server connection, opened at its first statement and held until the tab
 * is closed, or until its page has been gone for a while: one that comes back soon finds it again with `state` and `follow`. Rows of each statement are kept in a file and read with `results.window` by the query's id and the statement's number.
 */

/** A value for `:name` as it was typed; null is NULL. */
export const queryValue = z.object({ type: z.enum(parameterTypes), value: z.string().nullable() })
export type QueryValue = z.infer<typeof queryValue>

/** What a user should think about before a statement runs. */
export interface Caution {
  /** Which statement, 0-based, and where it begins in the text. */
  statement: number
  position: number
  /** The statement, or how it begins. */
  sql: string
  kind: 'no-where' | 'drop' | 'production' | 'commits'
  message: string
}

/**
 * Where a session stands. `idle`: nothing is held by a transaction. `open`: a transaction waits for commit or rollback. `broken`: it
 * can only be rolled back. `lost`: the connection went, and the transaction with it; nothing runs before `reconnect`.
 */
export interface SessionState {
  transaction: 'idle' | 'open' | 'broken' | 'lost'
  /** Since when, ISO 8601; null when idle. */
  since: string | null
  /** Whether a statement runs. */
  running: boolean
  /** Where a statement last made, altered or dropped tables or the like, and since when others see it (ISO 8601). */
  changed: { connection: string; folder: string; at: string } | null
}

export type QueryEvent =
  /** Nothing was run: this must be agreed to first (`sure`). */
  | { type: 'cautions'; cautions: Caution[] }
  /** A statement has begun, on this connection. `position`: where it begins in the text given. */
  | { type: 'statement'; statement: number; position: number; sql: string; connection: string; folder: string }
  /** Statement `of` is done but for one more result, as procedures give them, which goes by a number of its own. */
  | { type: 'further'; statement: number; of: number }
  /**
   * It gives rows: the first can be read from now on, with this source's query and statement. `first`: the first `rowsAtOnce`, where they
   * are all there at once and not too much for an event.
   */
  | { type: 'rows'; statement: number; query: string; columns: Column[]; first?: RowsWindow }
  | { type: 'progress'; statement: number; rows: number }
  /** The database says something beside rows and errors, as `raise notice` does. */
  | { type: 'notice'; statement: number; severity: 'info' | 'warning'; message: string; hint?: string }
  /** It is done. `rows`: how many it gave; `affected`: how many it changed, null where the database does not say. */
  | { type: 'done'; statement: number; rows: number | null; affected: number | null; ms: number; note?: string }
  /** It failed or was stopped, and those after it did not run. `at.position` counts in the text given. */
  | { type: 'failed'; statement: number; error: ErrorReport; ms: number }
  | { type: 'session'; state: SessionState }

export interface HistoryEntry {
  id: string
  connection: string
  /** With `:name` as it was written: values are never kept. */
  sql: string
  /** ISO 8601. */
  at: string
  ms: number
  rows: number | null
  affected: number | null
  state: 'done' | 'failed' | 'stopped'
  error: string | null
}

export interface SavedQuery {
  name: string
  /** Absolute. */
  path: string
  connection: string | null
  sql: string
  /** ISO 8601. */
  modified: string
}

/** A step of a query plan, the outermost first. */
export interface PlanStep {
  title: string
  detail?: string
  /** Of the database's own measure; with what is below it. */
  cost?: number
  /** Rows it was expected to give, by all its runs where it was run. */
  rows?: number
  /** When it was run: rows it really gave, and milliseconds with what is below it. */
  actualRows?: number
  ms?: number
  /** The rest was run, and this was not needed. */
  never?: true
  steps: PlanStep[]
}

/** A query across databases as nodes of a pipeline: one for each table, and one SQL node over them. */
export interface QueryNodes {
  sql: string
  /** Tables as nodes name them (see `parseTableName`), and what the SQL calls their rows. */
  tables: { input: string; connection: string; table: string; name: string }[]
}

/** The one table whose rows a query shows, so that its cells can be changed. */
export interface EditableTable {
  schema: string | null
  table: string
  /** For each column of the result, its column in the table; null for one that is computed. */
  columns: (string | null)[]
  /** Columns of the primary key, else of a unique key without NULL; all of them are among the result's. */
  keys: string[]
  /** What is known of the table's columns, by name. */
  fields: Record<string, EditableField>
}

export interface EditableField {
  type: ColumnType
  nullable: boolean
  /** A new row that leaves it out gets a value of the database's, maybe NULL. */
  optional: boolean
  /** The database computes it, and nobody can write it. */
  generated: boolean
}

/** A row that is not any more as it was shown. */
export interface EditConflict {
  /** Which of the edits. */
  edit: number
  /** What other people's work has left in the columns that differ; null when the row is gone. */
  theirs: Record<string, string | null> | null
}

const cellText = z.string().nullable()
const cells = z.record(z.string(), cellText)
/** Cells as exact text (see data/wire.ts), by column of the table. */
export const rowEdit = z.discriminatedUnion('kind', [
  /** `before`: what is shown of the columns to be changed, or of the row to be deleted; where it differs by now, there is a conflict. */
  z.object({ kind: z.literal('update'), key: cells, before: cells, after: cells }),
  z.object({ kind: z.literal('insert'), after: cells }),
  z.object({ kind: z.literal('delete'), key: cells, before: cells.default({}) }),
])
export type RowEdit = z.infer<typeof rowEdit>

const session = z.object({ session: z.string().min(1).max(100) })
const place = z.object({ connection: z.string().min(1), folder: z.string() })
const params = z.record(z.string(), queryValue).default({})
const sql = z.string().max(4_000_000)
const path = z.object({ path: z.string() })

export const queries = {
  /** Runs statements one after the other; the first failure ends them. Closing the stream stops them. */
  run: oc
    .input(
      session.extend({
        ...place.shape,
        sql,
        params,
        /** Begin a transaction by hand at the first statement, and leave it open. */
        manual: z.boolean().default(false),
        /** The cautions were seen. */
        sure: z.boolean().default(false),
        /** Where the text begins in the tab's; for `follow`. */
        offset: z.int().min(0).default(0),
      }),
    )
    .output(eventIterator(type<QueryEvent>())),
  /**
   * What the last run of the session did, and still does: for a page that was not there. Positions count in the tab's text. Nothing when there
   * was no run.
   */
  follow: oc.input(session).output(eventIterator(type<QueryEvent>())),
  state: oc.input(session).output(type<SessionState>()),
  /** Ends what runs, at the server too; resolves once it has ended. */
  stop: oc.input(session),
  commit: oc.input(session).output(type<SessionState>()),
  rollback: oc.input(session).output(type<SessionState>()),
  /** Takes note that the connection was lost; the next statement opens another. */
  reconnect: oc.input(session).output(type<SessionState>()),
  /** Stops what runs, rolls back what is open, removes its rows and lets the connection go. */
  close: oc.input(session),
  /** How the database would go about one statement; with `analyze`, how it went. */
  explain: oc
    .input(session.extend({ ...place.shape, sql, params, analyze: z.boolean().default(false) }))
    .output(type<{ plan: PlanStep; text: string }>()),
  /** What one statement on the Workspace becomes in a pipeline. @throws QUERY_*, CONNECTION_* with the place in the text */
  nodes: oc.input(z.object({ folder: z.string(), sql })).output(type<QueryNodes>()),
  history: oc
    .input(
      z.object({
        /** Words that the statement or its connection's name contain. */
        search: z.string().max(1_000).default(''),
        connection: z.string().optional(),
        limit: z.int().min(1).max(1_000).default(200),
        offset: z.int().min(0).default(0),
      }),
    )
    .output(type<HistoryEntry[]>()),
  /** All of it, when no ids are given. */
  forget: oc.input(z.object({ ids: z.array(z.string()).optional() })),
  saved: oc.output(type<SavedQuery[]>()),
  /** Writes `<name>.sql`; one of that name is replaced only with `replace`. @throws FILE_CONFLICT */
  save: oc
    .input(
      z.object({
        name: z.string().min(1).max(1_000),
        connection: z.string().nullable(),
        sql,
        replace: z.boolean().default(false),
      }),
    )
    .output(type<SavedQuery>()),
  renameSaved: oc.input(path.extend({ name: z.string().min(1).max(1_000) })).output(type<SavedQuery>()),
  removeSaved: oc.input(path),
  /** The table whose rows the query shows; null when its cells cannot be changed, with the reason. */
  editable: oc
    .input(place.extend({ sql, session: session.shape.session.optional() }))
    .output(type<{ table: EditableTable; reason: null } | { table: null; reason: string }>()),
  /**
   * The statements that changes become, and with `apply` their doing in one transaction: all or none. None when rows were changed or removed
   * meanwhile, which are the conflicts then. What fails in the database is placed at `edits.<index>`.
   */
  edit: oc
    .input(
      session.extend({
        ...place.shape,
        schema: z.string().nullable(),
        table: z.string().min(1),
        edits: z.array(rowEdit).min(1).max(5_000),
        apply: z.boolean().default(false),
        /** Whether a transaction that begins for them stays open, to be ended by hand. */
        manual: z.boolean().default(false),
      }),
    )
    .output(type<{ sql: string[]; applied: boolean; conflicts: EditConflict[] }>()),
}
