import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { formatType } from '../../shared/data/types.ts'
import { type Cell, cellText } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import { parsePipeline } from '../../shared/pipeline/parse.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { RunMode } from '../../shared/run.ts'
import type { Database } from '../../src-main/dialects/dialect.ts'
import { loadDialect } from '../../src-main/dialects/index.ts'
import { defaultLimits, type RunOutcome, runPipeline } from '../../src-main/engine/index.ts'

const goldenFolder = import.meta.dirname

export interface GoldenCase {
  kind: string
  name: string
  folder: string
}

/** Every case of every kind: a folder with `pipeline.pipeline.json` and `expected.json`. */
export function goldenCases(): GoldenCase[] {
  const folders = (parent: string) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
  return folders(goldenFolder).flatMap((kind) =>
    folders(join(goldenFolder, kind))
      .map((name) => ({ kind, name, folder: join(goldenFolder, kind, name) }))
      .filter(({ folder }) => existsSync(join(folder, 'expected.json'))),
  )
}

const output = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.json())),
  /** The rows may come in any order. */
  unordered: z.boolean().default(false),
})
export type ExpectedOutput = z.infer<typeof output>

const expectedError = z.strictObject({
  code: z.string(),
  at: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** Part of the message. */
  message: z.string().optional(),
})

const expectedOutputs = z.record(z.string(), output)

/** What must come out: rows by `node` or `node.port`, or the error of the document or of the run. */
export type Expectation =
  | { error: z.infer<typeof expectedError> }
  | { error?: undefined; outputs: Record<string, ExpectedOutput> }

export function readExpectation({ folder }: GoldenCase): Expectation {
  const expected: unknown = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  const refused = z.strictObject({ error: expectedError }).safeParse(expected)
  return refused.success ? refused.data : { outputs: expectedOutputs.parse(expected) }
}

/**
 * Runs a case's pipeline in a copy of its folder. With `setup.sql` there is a connection `db`, a SQLite database that the
 * script made; with `server.json` a web server, whose address the parameter `base_url` holds.
 * @throws AppError for a document or plan that is refused
 */
export async function runCase(test: GoldenCase, mode: RunMode): Promise<RunOutcome & { pipeline: Pipeline }> {
  const { pipeline } = parsePipeline(readFileSync(join(test.folder, 'pipeline.pipeline.json'), 'utf8'), registry)
  const scratch = await mkdtemp(join(tmpdir(), 'golden-'))
  const folder = join(scratch, 'case')
  await cp(test.folder, folder, { recursive: true })
  if (existsSync(join(folder, 'setup.sql'))) setUpDatabase(folder)
  const server = existsSync(join(folder, 'server.json')) ? await serve(join(folder, 'server.json')) : undefined
  try {
    const outcome = await runPipeline({
      runId: randomUUID(),
      pipeline,
      registry,
      mode,
      dryRun: false,
      earlier: { kept: [], completed: [], resume: false },
      runsFolder: join(scratch, 'runs'),
      folder,
      params: resolveParameters(pipeline.parameters, server ? { base_url: server.url } : {}),
      connect: (name) => connect(name, folder),
      secret: (name) => Promise.reject(new AppError('VAULT_MISSING', `There is no secret ${name}.`)),
      limits: defaultLimits,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    })
    return { ...outcome, pipeline }
  } finally {
    await server?.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

const databaseFile = 'db.sqlite'

function setUpDatabase(folder: string): void {
  const database = new DatabaseSync(join(folder, databaseFile))
  database.exec(readFileSync(join(folder, 'setup.sql'), 'utf8'))
  database.close()
}

async function connect(name: string, folder: string): Promise<Database> {
  if (name !== 'db') throw new AppError('CONNECTION_UNKNOWN', `There is no connection ${name}.`)
  const dialect = await loadDialect('sqlite')
  return dialect.open({ dialect: 'sqlite', file: databaseFile }, folder)
}

/** Answers by method and address, e.g. `"GET /orders?page=2": { "status": 200, "body": [] }`; all else is 404. */
const answers = z.record(z.string(), z.strictObject({ status: z.int().default(200), body: z.json() }))

async function serve(file: string): Promise<{ url: string; close(): Promise<void> }> {
  const known = answers.parse(JSON.parse(readFileSync(file, 'utf8')))
  const server = createServer((request, response) => {
    const answer = known[`${request.method} ${request.url}`]
    response.writeHead(answer?.status ?? 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer?.body ?? null))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = z.object({ port: z.int() }).parse(server.address())
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Columns and first rows of `node` or `node.port` after a run, written as `expected.json` writes them. */
export function outputOf(outcome: RunOutcome, key: string): Omit<ExpectedOutput, 'unordered'> {
  const [node = '', port = 'out'] = key.split('.')
  const sample = outcome.nodes[node]?.samples[port]
  if (sample === undefined) throw new Error(`The run left no rows of ${key}.`)
  return {
    columns: sample.columns.map(({ name, type }) => ({ name, type: formatType(type) })),
    rows: sample.rows.map((row) => row.map(written)),
  }
}

/** Exact whatever the type: a number only where JSON holds it exactly. */
function written(cell: Cell): z.core.util.JSONType {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell.toString()
  if (cell instanceof Uint8Array) return cellText(cell, { kind: 'blob' })
  if (Array.isArray(cell)) return cell.map(written)
  return typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell
}

/** Rows in an order that does not depend on how they came. */
export function sortedRows(rows: ExpectedOutput['rows']): ExpectedOutput['rows'] {
  return rows
    .map((row) => ({ row, text: JSON.stringify(row) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ row }) => row)
}
