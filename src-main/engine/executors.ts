import type { Column } from '../../shared/data/types.ts'
import type { NodeCounts } from '../../shared/run.ts'
import type { DuckRunner, NodeContext, NodeInput, RowStream, SourceExecutor } from './node-context.ts'
import type { WriteSession } from './writers.ts'

/** A transform that runs outside DuckDB: rows in, rows out. */
export interface RowsExecutor<C> {
  /** Output columns without running; null when they cannot be known. */
  columns(context: NodeContext<C>, input: Column[]): Promise<Column[] | null>
  open(context: NodeContext<C>, input: NodeInput): Promise<RowStream>
}

/** What a node that ends a stage may use besides its context. */
export interface SinkTools {
  /** The stage's connection to the embedded engine; a query on it also waits for the sources that feed it. */
  duck: DuckRunner
  /** Everything up to and including the effect, then undone. */
  dryRun: boolean
  /**
   * A session for writing. Where all work of a connection commits together (`atomic: pipeline`, dry run) it is shared, in a
   * transaction, and `shared` tells not to begin; the node has it alone until `done`. `settle` ends well what the node did: it commits,
   * unless that is for the end of the run. `undo` takes back what the node did, and never fails.
   */
  writeSession(connection: string): Promise<WriteSession>
}

export interface SinkResult {
  counts: NodeCounts
  /** Rows that leave by ports (rejects). */
  outputs?: Record<string, RowStream>
}

/** A node with an effect, or one that needs all its rows. */
export interface SinkExecutor<C> {
  /** `once`: takes its rows front to back, so they may stream; `many`: needs them kept. */
  reads: 'once' | 'many'
  run(context: NodeContext<C>, input: NodeInput | undefined, tools: SinkTools): Promise<SinkResult>
  /** Folders or files, absolute, that DuckDB must be allowed to write. */
  paths?(config: C, folder: string): string[]
  /** Checks that need no rows, during analysis. @throws AppError placed on a field */
  check?(context: NodeContext<C>, input: Column[] | undefined): Promise<void>
}

/** `reads` is known without loading the executor, so that planning stays cheap. */
export type Executor =
  | { role: 'source'; piped: boolean; load(): Promise<SourceExecutor<unknown>> }
  | { role: 'rows'; load(): Promise<RowsExecutor<unknown>> }
  | { role: 'sink'; reads: 'once' | 'many'; load(): Promise<SinkExecutor<unknown>> }
  /** Its output is its input, judged (assert). */
  | { role: 'gate'; load(): Promise<SinkExecutor<unknown>> }
