import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { formatType } from '../../shared/data/types.ts'
import { type Cell, cellText } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import { parsePipeline } from '../../shared/pipeline/parse.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { RunMode } from '../../shared/run.ts'
import { defaultLimits, type RunOutcome, runPipeline } from '../../src-main/engine/index.ts'

export const goldenFolder = import.meta.dirname

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

/** Runs a case's pipeline. @throws AppError for a document or plan that is refused */
export async function runCase({ folder }: GoldenCase, mode: RunMode): Promise<RunOutcome & { pipeline: Pipeline }> {
  const { pipeline } = parsePipeline(readFileSync(join(folder, 'pipeline.pipeline.json'), 'utf8'), registry)
  const runsFolder = await mkdtemp(join(tmpdir(), 'golden-'))
  try {
    const outcome = await runPipeline({
      runId: randomUUID(),
      pipeline,
      registry,
      mode,
      dryRun: false,
      earlier: { kept: [], completed: [], resume: false },
      runsFolder,
      folder,
      params: resolveParameters(pipeline.parameters, {}),
      connect: (name) => Promise.reject(new AppError('CONNECTION_UNKNOWN', `There is no connection ${name}.`)),
      secret: (name) => Promise.reject(new AppError('VAULT_MISSING', `There is no secret ${name}.`)),
      limits: defaultLimits,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    })
    return { ...outcome, pipeline }
  } finally {
    await rm(runsFolder, { recursive: true, force: true })
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
