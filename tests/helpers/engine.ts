import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ConnectionConfig } from '../../shared/connections.ts'
import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { type Pipeline, pipelineSchema } from '../../shared/pipeline/schema.ts'
import type { RunEvent } from '../../shared/run.ts'
import { loadDialect } from '../../src-main/dialects/index.ts'
import { defaultLimits, type RunOptions, type RunOutcome, runPipeline } from '../../src-main/engine/index.ts'

/** A document in short: everything but nodes and edges may be left out. */
export type Doc = Partial<Pick<Pipeline, 'atomic'>> & {
  nodes: Record<string, { kind: string; config: object; [key: string]: unknown }>
  edges?: { from: string; to: string; fromPort?: string; toPort?: string; after?: true }[]
}

export const pipelineOf = (doc: Doc): Pipeline => pipelineSchema.parse({ sluice: 1, name: 'test', ...doc })

/** A folder with databases, in which pipelines run through the real engine. */
export interface World extends AsyncDisposable {
  folder: string
  /** Path of the SQLite connection of that name. */
  path(name: string): string
  /** All rows of a query on a SQLite file, as plain objects. */
  sqlite(name: string, sql: string): Record<string, unknown>[]
  events: RunEvent[]
  run(doc: Doc, options?: Partial<RunOptions>): Promise<RunOutcome>
}

/** Connections `a`, `b`, `c` are SQLite files; others are as given. */
export async function world(connections: Record<string, ConnectionConfig> = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-engine-'))
  const path = (name: string) => join(folder, `${name}.db`)
  const configs: Record<string, ConnectionConfig> = {
    a: { dialect: 'sqlite', file: path('a') },
    b: { dialect: 'sqlite', file: path('b') },
    c: { dialect: 'sqlite', file: path('c') },
    ...connections,
  }
  const events: RunEvent[] = []
  return {
    folder,
    path,
    events,
    sqlite(name, sql) {
      // A lane whose process was killed may hold its lock for a moment more.
      const database = new DatabaseSync(path(name), { timeout: 30_000 })
      try {
        return database.prepare(sql).all()
      } finally {
        database.close()
      }
    },
    run: (doc, options = {}) =>
      runPipeline({
        runId: randomUUID(),
        pipeline: pipelineOf(doc),
        registry,
        mode: 'deliver',
        dryRun: false,
        earlier: { kept: [], completed: [], resume: false },
        runsFolder: join(folder, 'runs'),
        folder,
        params: {},
        signal: new AbortController().signal,
        limits: defaultLimits,
        async connect(name) {
          const config = configs[name]
          if (!config) throw new AppError('CONNECTION_UNKNOWN', `There is no connection ${name}.`)
          return (await loadDialect(config.dialect)).open(config, folder)
        },
        secret: async (name) => {
          throw new AppError('VAULT_MISSING', `There is no secret ${name}.`)
        },
        onEvent: (event) => events.push(event),
        ...options,
      }),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Inline rows as a node. */
export const rowsNode = (columns: Record<string, string>, rows: unknown[][]) => ({
  kind: 'rows',
  config: { columns: Object.entries(columns).map(([name, type]) => ({ name, type })), rows },
})
