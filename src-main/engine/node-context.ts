import type { Column } from '../../shared/data/types.ts'
import type { WireFormat } from '../../shared/data/wire.ts'
import type { AppError } from '../../shared/errors.ts'
import type { LogLevel, NodeCounts } from '../../shared/run.ts'
import type { BoundValue, Database, Session } from '../dialects/dialect.ts'

/** What a node that touches the outside is given. */
export interface NodeContext<C = unknown> {
  node: string
  config: C
  /** Pipeline parameters, typed and checked. */
  params: Record<string, BoundValue>
  /** Aborts on Stop, on the node's timeout, and when a sibling of the same attempt failed. */
  signal: AbortSignal
  /** Opens a saved connection by name; the run closes it. @throws AppError CONNECTION_* */
  connect(name: string): Promise<Database>
  /** Connections that are read while this node takes its rows. */
  beside?: readonly string[]
  /** Where the node reads in the transaction that others write in: their session, until it is given back. */
  session?(connection: string): Promise<ReadSession>
  /** A secret by reference, e.g. for an HTTP header. @throws AppError VAULT_* */
  secret(name: string): Promise<string>
  /** The folder of the pipeline file, against which relative paths are read. */
  folder: string
  /** A folder of this run, removed when the run ends. */
  scratch: string
  log(level: LogLevel, message: string): void
  /** Tells how far the node is; cheap, throttled by the engine. */
  progress(counts: NodeCounts): void
  /** The embedded engine, for nodes that let it look at a file (`file`). Absent where nothing may be read yet. */
  duck?: DuckRunner
}

/** What reads by a connection. */
export interface ReadSession {
  session: Session
  /** @param failed what was done is undone first, so that the transaction can go on */
  giveBack(failed: boolean): Promise<void>
}

/** What a node may ask of the embedded engine. Errors are DuckDB's own, unmapped, so that the node can place them. */
export interface DuckRunner {
  run(sql: string): Promise<{ rowsChanged: number }>
  /** Output columns of a SELECT, bound and not run. */
  columns(select: string): Promise<Column[]>
  /** All rows of a small SELECT, each value as DuckDB's text. */
  text(select: string): Promise<(string | null)[][]>
}

/** Rows on the wire, with their columns; pulled once. */
export interface RowStream {
  columns: Column[]
  bytes(format: WireFormat): AsyncIterable<Uint8Array>
  /** Rows handed over so far. */
  readonly rowsRead: number
  /** Leaves out all columns but these, by position, where the source can; to be called before `bytes`. */
  narrow?(keep: readonly number[]): void
}

/** Rows that DuckDB can select from by itself (a file): a SELECT, without parameters. */
export interface RowQuery {
  select: string
  /**
   * The same rows as bytes that nobody has to write anew: CSV as the wire format has it, but numbers and dates spelled as the file
   * spells them. Undefined when the columns do not allow it. Fails with a DATA_ code where the file is not that plain; the rows must
   * then be read by `select`, from the first.
   */
  verbatim?(columns: readonly Column[]): AsyncIterable<Uint8Array> | undefined
  /** What DuckDB's message means when it is about this SELECT (a malformed line of a file); undefined when it is not. */
  explain?(thrown: unknown): AppError | undefined
  /** Called once the rows have been read, on the DuckDB connection that read them (rows left out are counted in its temporary tables). */
  finished?(duck: DuckRunner): Promise<void>
}

/** A source outside: `query`, `table`, `rows`, `http`, `file`. */
export interface SourceExecutor<C> {
  /** Output columns without running; null when they cannot be known before a run. */
  columns(context: NodeContext<C>): Promise<Column[] | null>
  /** Starts reading. Called again for each attempt. */
  open(context: NodeContext<C>): Promise<RowStream | RowQuery>
  /** Files, absolute, globs resolved, that DuckDB must be allowed to read. */
  paths?(config: C, folder: string, params?: Record<string, BoundValue>): string[]
}

/** What arrives at a port of a node that consumes rows. */
export interface NodeInput {
  port: string
  columns: Column[]
  /** The rows, once. Streams from the source where nothing lies between, else from DuckDB. */
  bytes(format: WireFormat): AsyncIterable<Uint8Array>
  /** The rows as their file spells them, where they come from one that is plain; see RowQuery. Tried before `bytes`, not after. */
  verbatim?(): AsyncIterable<Uint8Array> | undefined
  /**
   * A relation for DuckDB SQL over the same rows, for executors that work there (write-file, assert). Where all columns will be read
   * the source can start at once; else it is first looked for those that are.
   */
  relation(reads: 'all columns' | 'some columns'): Promise<string>
  /** Bytes that a row takes on the wire, by the first ones, after `relation('all columns')`; undefined where rows come from DuckDB. */
  rowBytes?(): Promise<number | undefined>
}
