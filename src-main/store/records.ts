import { z } from 'zod'
import { connectionConfig } from '../../shared/connections.ts'
import { type Column, type ColumnType, scalarKinds } from '../../shared/data/types.ts'
import { type ErrorReport, errorCodes } from '../../shared/errors.ts'
import { type NodeCounts, runModes, runStates } from '../../shared/run.ts'

/** What the workspace keeps, as the rest of the program sees it. Instants are ISO 8601 texts in UTC. */

const columnType: z.ZodType<ColumnType> = z.lazy(() =>
  z.union([
    z.object({ kind: z.enum(scalarKinds) }),
    z.object({ kind: z.literal('decimal'), precision: z.int().optional(), scale: z.int().optional() }),
    z.object({ kind: z.literal('enum'), values: z.array(z.string()) }),
    z.object({ kind: z.literal('list'), of: columnType }),
  ]),
)
const columns: z.ZodType<Column[]> = z.array(
  z.object({ name: z.string(), type: columnType, nullable: z.boolean().optional() }),
)

const errorReport: z.ZodType<ErrorReport> = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string().optional(),
  at: z
    .object({
      node: z.string().optional(),
      field: z.string().optional(),
      connection: z.string().optional(),
      position: z.number().optional(),
      path: z.string().optional(),
      line: z.number().optional(),
      column: z.number().optional(),
    })
    .optional(),
  sqlState: z.string().optional(),
  retryable: z.boolean(),
})

const count = z.number().optional()
const counts: z.ZodType<NodeCounts> = z.object({
  rowsIn: count,
  rowsOut: count,
  ports: z.record(z.string(), z.number()).optional(),
  inserted: count,
  updated: count,
  deleted: count,
  rejected: count,
  bytes: count,
})

/** A column that holds JSON text; what comes out has the given shape. */
function stored<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

const flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean)
const state = z.enum(runStates)

export const connectionRecord = z.object({
  name: z.string(),
  /** Without the secret fields. */
  config: stored(connectionConfig),
  /** The secret fields, sealed by the vault; null when there are none. */
  secrets: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type ConnectionRecord = z.infer<typeof connectionRecord>

export const secretRecord = z.object({ name: z.string(), sealed: z.string(), updatedAt: z.string() })
export type SecretRecord = z.infer<typeof secretRecord>

export const settingRecord = z.object({ key: z.string(), value: stored(z.json()) })
export type JsonValue = z.infer<ReturnType<typeof z.json>>

export const runRecord = z.object({
  id: z.string(),
  pipeline: z.string(),
  /** Absolute path of the pipeline file, where it came from a file. */
  file: z.string().nullable(),
  /** The document as it ran; filled in only where one run is asked for, because it is long. */
  document: z.string().nullable().default(null),
  documentHash: z.string().nullable(),
  mode: z.enum(runModes),
  dryRun: flag,
  params: stored(z.record(z.string(), z.json())),
  state,
  /** The process that runs it: its id, its host, and when it started as far as the system tells (see process.ts). */
  pid: z.int(),
  host: z.string(),
  processStart: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: stored(errorReport).nullable(),
  resumedFrom: z.string().nullable(),
})
export type RunRecord = z.infer<typeof runRecord>

/** The text of a document, kept once however many runs it had. */
export const documentRecord = z.object({ hash: z.string(), text: z.string() })
export type DocumentRecord = z.infer<typeof documentRecord>

/** What retention needs to know of a run. */
export const runMark = z.object({ id: z.string(), state, createdAt: z.string() })
export type RunMark = z.infer<typeof runMark>

/** Which file a run's kept rows are in. */
export const outputPlace = z.object({ runId: z.string(), file: z.string() })
export type OutputPlace = z.infer<typeof outputPlace>

export const nodeRunRecord = z.object({
  runId: z.string(),
  node: z.string(),
  state,
  attempt: z.int(),
  counts: stored(counts),
  ms: z.number().nullable(),
  kept: flag,
  error: stored(errorReport).nullable(),
  /** Output columns by port. */
  columns: stored(z.record(z.string(), columns)).nullable(),
  /** Of the node's config and everything upstream; equal fingerprints mean equal outputs. */
  fingerprint: z.string().nullable(),
})
export type NodeRunRecord = z.infer<typeof nodeRunRecord>

export const outputRecord = z.object({
  runId: z.string(),
  node: z.string(),
  port: z.string(),
  /** Absolute path of the DuckDB file that holds the rows. */
  file: z.string(),
  table: z.string(),
  rows: z.number(),
  columns: stored(columns),
  fingerprint: z.string().nullable(),
  createdAt: z.string(),
})
export type OutputRecord = z.infer<typeof outputRecord>

export const logRecord = z.object({
  id: z.coerce.number(),
  runId: z.string(),
  at: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  node: z.string().nullable(),
  message: z.string(),
})
export type LogRecord = z.infer<typeof logRecord>

/** A statement that was run in the query workbench. */
export const queryRecord = z.object({
  id: z.string(),
  connection: z.string(),
  sql: z.string(),
  at: z.string(),
  ms: z.number(),
  rows: z.number().nullable(),
  affected: z.number().nullable(),
  state: z.enum(['done', 'failed', 'stopped']),
  error: z.string().nullable(),
})
export type QueryRecord = z.infer<typeof queryRecord>
