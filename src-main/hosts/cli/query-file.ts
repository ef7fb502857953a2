import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline as pipe } from 'node:stream/promises'
import { AppError } from '../../../shared/errors.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { pipelineSchema } from '../../../shared/pipeline/schema.ts'
import type { BoundValue } from '../../dialects/dialect.ts'
import { runPipeline } from '../../engine/index.ts'
import { surroundings } from '../../services/start-run.ts'
import type { Where } from '../../services/workspace.ts'
import type { CliContext } from './context.ts'
import type { QueryFormat } from './options.ts'
import { limitsOf } from './options.ts'
import { formatRows } from './output/words.ts'

export interface QueryToFile {
  name: string
  sql: string
  params: Record<string, BoundValue>
  where: Where
  format: QueryFormat | undefined
  /** Without it the file goes to stdout. */
  output: string | undefined
  signal: AbortSignal
}

/** Path given as a parameter, so that braces in it mean nothing; the name is one that no query uses. */
const pathParameter = '__sluice_output'

/** Writes the rows of a query to a file: a pipeline of two nodes, without a trace in the history. */
export function writeQuery(context: CliContext, request: QueryToFile): Promise<number> {
  return toFile(context, request, (path) => write(context, request, path))
}

/**
 * Lets `make` write the file that was asked for, or one whose bytes go to stdout.
 * @throws AppError CONFIG_INVALID for what cannot be a file
 */
export async function toFile(
  context: CliContext,
  request: Pick<QueryToFile, 'format' | 'output'>,
  make: (path: string) => Promise<number>,
): Promise<number> {
  if (request.format === 'table') {
    throw new AppError('CONFIG_INVALID', 'A table is for the screen; a file needs csv, json, ndjson or parquet.', {
      hint: 'Leave --format out, and the name of the file decides.',
    })
  }
  if (request.output !== undefined) {
    const rows = await make(resolve(context.cwd, request.output))
    context.err.line(`${formatRows(rows)} written to ${request.output}.`)
    return 0
  }
  if (process.stdout.isTTY) {
    throw new AppError('CONFIG_INVALID', 'Parquet is not for the screen.', { hint: 'Add --output FILE.' })
  }
  const folder = await mkdtemp(join(tmpdir(), 'sluice-query-'))
  try {
    const file = join(folder, 'rows')
    await make(file)
    await pipe(createReadStream(file), process.stdout, { end: false })
    return 0
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function write(context: CliContext, request: QueryToFile, path: string): Promise<number> {
  const { name, sql, where, signal } = request
  const format = request.format ?? 'auto'
  const document = pipelineSchema.parse({
    sluice: 1,
    name: 'query',
    nodes: {
      query: { kind: 'query', config: { connection: name, sql } },
      file: { kind: 'write-file', config: { path: `{{${pathParameter}}}`, format } },
    },
    edges: [{ from: 'query', to: 'file' }],
  })
  const workspace = context.workspace()
  const params: Record<string, BoundValue> = {
    ...request.params,
    [pathParameter]: { type: { kind: 'text' }, value: path },
  }
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-query-'))
  try {
    const outcome = await runPipeline({
      ...surroundings(workspace, { ...where, overrides: where.overrides ?? {}, limits: limitsOf({}) }, params),
      runId: randomUUID(),
      pipeline: document,
      registry,
      mode: 'deliver',
      dryRun: false,
      earlier: { kept: [], completed: [], resume: false },
      runsFolder: scratch,
      signal,
      onEvent: () => undefined,
    })
    if (outcome.state === 'cancelled') throw new AppError('RUN_CANCELLED', 'The query was stopped.')
    if (outcome.error) throw placedOnQuery(outcome.error)
    const { file, query } = outcome.nodes
    return file?.counts.rowsIn ?? file?.counts.rowsOut ?? query?.counts.rowsOut ?? 0
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** What to do about a file, in the options of this command. */
const hints: Record<string, string> = {
  path: 'Name a file in a folder that is there.',
  format: 'Add --format csv, json, ndjson or parquet, or give the file such a name.',
}

/** The nodes and their settings are of no concern to someone who wrote a query. */
function placedOnQuery(error: AppError): AppError {
  const { node, field = '', ...at } = error.at
  const hint = (node === 'file' ? hints[field] : undefined) ?? error.hint
  return new AppError(error.code, error.message, {
    ...error.toJSON(),
    at,
    cause: error.cause,
    ...(hint !== undefined && { hint }),
  })
}
