import type { ConnectionConfig, DialectId } from '../../shared/connections.ts'
import type { SchemaDetail, SchemaDiagram, SchemaFunction, SchemaObjects } from '../../shared/data/catalog.ts'
import type { Column, ColumnType, ScalarKind } from '../../shared/data/types.ts'
import type { Cell, Row, WireFormat } from '../../shared/data/wire.ts'

/** A value for a `:name` placeholder, with the type it is bound as. */
export interface BoundValue {
  type: ColumnType
  value: Cell
}

/** One statement with `:name` placeholders and their values. Values are bound by the driver, never pasted. */
export interface Statement {
  sql: string
  params?: Record<string, BoundValue>
}

export interface ReadOptions {
  /**
   * Kinds whose columns hold values that are none of the kind, e.g. a boolean of 5 or a time of 30 hours: all of them are read as numbers
   * or as texts. See OddValue.
   */
  plain?: readonly ScalarKind[]
}

export interface TableRef {
  schema?: string
  name: string
}

export interface TableColumn extends Column {
  /** The type as the database spells it. */
  databaseType: string
  primaryKey: boolean
  hasDefault: boolean
  /** The database computes it from other columns. */
  generated?: boolean
  /** The database numbers it, and takes no other value unless it is told to (GENERATED ALWAYS AS IDENTITY). */
  identityAlways?: boolean
}

export interface TableInfo extends TableRef {
  kind: 'table' | 'view'
  columns: TableColumn[]
  /** Column sets that are unique, the primary key first. */
  keys: string[][]
}

/** Where to dial instead of the host and port of a config, which still name the server in messages and certificates. */
export interface Route {
  host: string
  port: number
}

/** A kind of database. Never imports another dialect, the engine or the store. */
export interface Dialect {
  id: DialectId
  title: string
  /**
   * Whether the statement commits what was done before it, as DDL does where it takes no part in transactions. A dry run, and a
   * transaction that nodes share, refuse it.
   */
  commitsItself(sql: string): boolean
  /** Whether a query gives the same rows in the same order when it stands inside another. */
  canNest(sql: string): boolean
  /** The wire format its writers take. */
  wire: WireFormat
  /** Its writers take fields as files spell them (WritePlan.verbatim), since its tables hold values and not their texts. */
  verbatim?: true
  /**
   * Parses a URL such as `postgres://user@host/db` or `sqlite:path`.
   * @param leave told of each option that is not known, which is left out then; without it such an option is refused
   * @throws AppError CONNECTION_INVALID
   */
  parseUrl(url: string, leave?: (option: string) => void): ConnectionConfig
  /** Opens the pool; connects lazily. `folder` anchors relative paths. */
  open(config: ConnectionConfig, folder: string, route?: Route): Promise<Database>
  /** Quotes an identifier. */
  quote(name: string): string
}

/** One saved connection, opened: a Sequelize pool and what can be asked of the database. */
export interface Database extends AsyncDisposable {
  readonly dialect: Dialect
  readonly config: ConnectionConfig
  readonly catalog: Catalog
  /**
   * Takes one server connection out of the pool for exclusive use. When `signal` aborts, whatever runs on it is
   * cancelled at the server, its transaction is rolled back, and every call rejects with RUN_CANCELLED.
   * @throws AppError CONNECTION_*
   */
  session(signal?: AbortSignal): Promise<Session>
  /** Output columns of a query, prepared and described by the database, never run. Placeholders need a type, not a value. */
  describe(statement: Statement, signal?: AbortSignal): Promise<Column[]>
  /** Tables and views, without their columns. */
  tables(): Promise<(TableRef & { kind: 'table' | 'view' })[]>
  /** Columns and keys; undefined when there is no such table. Postgres looks along the search path when no schema is given. */
  table(ref: TableRef): Promise<TableInfo | undefined>
  close(): Promise<void>
}

/**
 * What the database holds, as a schema tree and a diagram show it. A fixed number of queries each, however many tables there are. Names are looked
 * for as `Database.table` does; a user without rights on something does not see it.
 */
export interface Catalog {
  objects(signal?: AbortSignal): Promise<SchemaObjects>
  object(ref: TableRef, signal?: AbortSignal): Promise<SchemaDetail | undefined>
  /** Statements that make the object anew, with its indexes, and with its comments and triggers as far as the database tells them as plain SQL. */
  definition(ref: TableRef, signal?: AbortSignal): Promise<string | undefined>
  /** One schema, the default one when none is named; only `tables` of it where they are given. */
  diagram(part: { schema?: string; tables?: readonly string[] }, signal?: AbortSignal): Promise<SchemaDiagram>
  /** What a query can call by its bare name, each name once. */
  functions(signal?: AbortSignal): Promise<SchemaFunction[]>
}

export interface ExecuteResult {
  /** Rows the statement changed; null where the database does not say. */
  affected: number | null
  /** Rows it returned (SELECT, RETURNING), with their columns. */
  columns: Column[]
  rows: Row[]
}

/** One of several results of a statement. */
export interface ResultTable {
  columns: Column[]
  /** Its rows as wire bytes. What is not pulled is dropped when the next result is asked for. */
  bytes: AsyncIterable<Uint8Array>
  /** Rows given so far. */
  readonly rowsRead: number
}

/** What a database says beside the rows and errors of a statement, as `raise notice` does. */
export interface Notice {
  severity: 'info' | 'warning'
  message: string
  hint?: string
}

export interface Session extends AsyncDisposable {
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  readonly inTransaction: boolean
  /** Checks what the database would check only at the commit, and goes on as before. Absent where it cannot be asked to. */
  checkDeferred?(): Promise<void>
  /**
   * What the database says of the transaction, also one that a user's statement began or ended. `broken`: it can only be rolled
   * back. `lost`: the connection is gone.
   */
  readonly standing: 'idle' | 'open' | 'broken' | 'lost'
  /**
   * Asks the server to end what runs, and keeps the session; resolves when the next statement can be sent. Absent where only ending
   * the session ends it.
   */
  interrupt?(): Promise<void>
  /** Tells from now on what the database says beside rows and errors. Absent where it says nothing. */
  hear?(listener: (notice: Notice) => void): Promise<void>
  /**
   * Runs a statement that may give several results, as a procedure does, and gives each as it comes. Absent where no statement gives
   * more than one. Leaving it early ends the statement at the server.
   */
  results?(statement: Statement): AsyncIterable<ResultTable>
  /** Runs one statement and returns its rows whole, the first result's where it gives several; for queries known to be small. */
  execute(statement: Statement, options?: ReadOptions): Promise<ExecuteResult>
  /** Runs one statement once per row of values, prepared once. Returns the rows changed in all. */
  executeMany(statement: Statement, rows: AsyncIterable<Record<string, BoundValue>>): Promise<number>
  /** Starts a query. Nothing is sent before `bytes` or `rows` is first pulled; one of them may be pulled, once. */
  read(statement: Statement, options?: ReadOptions): Reader
  /** Prepares a table for rows: creates or empties it as the plan says, on this session's transaction (begun if none is). */
  write(plan: WritePlan): Promise<Writer>
  /** Returns the connection to the pool; rolls back an open transaction first. */
  release(): Promise<void>
}

/** Rows of a running query, pulled. Stopping the iteration early closes the cursor on the server. */
export interface Reader {
  /** Known once the query is prepared; names made unique (see uniqueNames). */
  columns(): Promise<Column[]>
  /** Wire bytes (see wire.ts) in pieces of some 64 KiB, by the database's fastest lane. Rows may span pieces. */
  bytes(format: WireFormat): AsyncIterable<Uint8Array>
  /** Typed rows in batches. */
  rows(batchSize: number): AsyncIterable<Row[]>
  /** Rows handed over so far; exact once the iteration has ended. */
  readonly rowsRead: number
}

export type WriteMode = 'fail' | 'append' | 'replace' | 'truncate' | 'upsert' | 'update' | 'delete'

/**
 * How rows enter a table. The whole write is one transaction, or a staged swap inside one: until `finish` (and the
 * session's commit, when the caller began the transaction) other sessions see the old rows.
 *
 *   fail      the table must not exist; it is created
 *   append    rows are added; the table is created when missing
 *   replace   the table is made anew with the columns that arrive
 *   truncate  the table keeps its definition and loses its rows; created when missing
 *   upsert    rows are matched by `keys`: updated where they exist, else inserted; created (with the keys) when missing
 *   update    rows are matched by `keys` and updated; rows without a match change nothing
 *   delete    rows matched by `keys` are deleted
 */
export interface WritePlan {
  table: TableRef
  mode: WriteMode
  /** Columns that arrive, in wire order, under their names in the table. */
  columns: Column[]
  keys: string[]
  /** Database types for columns of a table that is created, by column name. */
  types: Record<string, string>
  /** Rows per savepoint when rejects are allowed. */
  batchSize: number
  /**
   * Fields come as a file spells them: `1.50`, `007`, `2024-01-01T10:00:00`. The write fails with DATA_TYPE, before it changes anything,
   * where a column of the table has another type than the column that arrives and would read them otherwise.
   */
  verbatim?: true
  /** The same database is read while the rows arrive, so the write may not wait for its readers. */
  beside?: boolean
  /** How many rows may be refused by the database before the write fails; 0: the first one fails it. */
  maxRejects: number
  /** Told of each refused row: the row as wire text, and the database's reason. */
  onReject?(row: string, reason: string): void
}

export interface WriteResult {
  /** Rows that arrived, whatever they changed. */
  received: number
  inserted: number
  updated: number
  deleted: number
  rejected: number
}

/** Takes wire bytes; any failure leaves the transaction to be rolled back by the session's owner. */
export interface Writer {
  /** Resolves when the database is ready for more. Pieces need not end at rows. */
  write(piece: Uint8Array): Promise<void>
  /** Ends the rows, applies what was staged, and says what changed. Does not commit a transaction that the caller began; commits its own. */
  finish(): Promise<WriteResult>
  /** Gives up; safe to call at any time, also after a failure. */
  abort(): Promise<void>
}
