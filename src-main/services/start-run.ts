import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { descendants, topologicalOrder } from '../../shared/pipeline/graph.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { isTerminal, type RunEvent, type RunMode } from '../../shared/run.ts'
import type { BoundValue, Database } from '../dialects/dialect.ts'
import { fingerprints } from '../engine/fingerprint.ts'
import type { Earlier, KeptOutput, Limits, RunOptions, RunOutcome, Surroundings } from '../engine/index.ts'
import type { JsonValue, OutputRecord } from '../store/index.ts'
import { type Outside, outsideOf } from './outside.ts'
import type { Retention } from './retention.ts'
import type { RunDetails } from './runs.ts'
import type { Where, Workspace } from './workspace.ts'

/** A pipeline and where it stands. */
export interface RunSubject {
  pipeline: Pipeline
  /** Folder that relative paths and connections.json are looked up from. */
  folder: string
  file?: string
  text?: string
  hash?: string
}

export interface RunRequest extends RunSubject {
  mode: RunMode
  /** Values of parameters as given: texts or JSON. A resumed run takes those it is not given from the earlier run. */
  params: Record<string, JsonValue>
  /** `--connection NAME=URL`. */
  overrides: Record<string, string>
  cwd: string
  /** Only this node and what it needs. */
  to?: string | undefined
  dryRun: boolean
  /** Id of the run to go on from, or the start of it, or `last`. */
  resume?: string | undefined
  /** Inspect: run every node, also those whose rows of an earlier run would do. */
  refresh: boolean
  /** Inspect: this node and what comes after it run, whatever is kept of them. */
  from?: string | undefined
  limits: Limits
  retention?: Retention
  /** Aborting it is Stop. */
  signal: AbortSignal
  onEvent(event: RunEvent): void
  /** Told the run's id once it is certain that it starts, before any event. */
  onStart?(runId: string): void
  /** Told of the first rows of a node while it still runs. */
  onRows?: RunOptions['onRows']
  /** Given what reads the rows of nodes that have completed, while the run goes on. */
  onResults?: RunOptions['onResults']
}

export interface FinishedRun {
  runId: string
  outcome: RunOutcome
  /** Set when the history of the run could not be kept whole. */
  warning?: string
}

/** Rows kept of runs are removed after so many days, or the oldest first beyond so many bytes. */
const retention: Retention = { keepDays: 90, diskBudget: 20 * 2 ** 30 }

/**
 * Runs a pipeline with everything around it: parameters, connections, secrets, history, resuming, reuse of kept rows.
 * @throws AppError when it cannot start (CONFIG_*, GRAPH_*, RUN_UNKNOWN, RUN_STATE); nothing is recorded then.
 *   What fails in the run itself is in the outcome.
 */
export async function startRun(workspace: Workspace, request: RunRequest): Promise<FinishedRun> {
  const { pipeline } = request
  const before = request.resume === undefined ? undefined : await resumable(workspace, request.resume, pipeline)
  const given = { ...declared(pipeline, before?.params ?? {}), ...request.params }
  const params = resolveParameters(pipeline.parameters, given)
  const outside = await outsideOf(workspace, pipeline, params, request)
  const prints = fingerprints(pipeline, topologicalOrder(pipeline), params, outside, registry)
  const earlier = before
    ? await leftBy(workspace, before, outside)
    : await reusable(workspace, request, prints, outside)
  const { planPipeline, runPipeline } = await import('../engine/index.ts')
  // What cannot be planned does not start; after this only the run itself can fail.
  planPipeline({ ...request, registry, kept: new Set() })
  const runId = newRunId()
  const recorder = workspace.recorder({
    id: runId,
    pipeline: pipeline.name,
    file: request.file,
    document: request.text,
    documentHash: request.hash,
    mode: request.mode,
    dryRun: request.dryRun,
    params: given,
    resumedFrom: before?.id,
  })
  // Recorded first: should the process die, a resumed run still knows what had been done.
  for (const [node, print] of prints) recorder.fingerprint(node, print)
  request.onStart?.(runId)
  const outcome = await runPipeline({
    ...surroundings(workspace, request, params),
    runId,
    pipeline,
    registry,
    mode: request.mode,
    ...(request.to === undefined ? {} : { to: request.to }),
    dryRun: request.dryRun,
    earlier,
    outside,
    runsFolder: join(workspace.home, 'runs'),
    signal: request.signal,
    ...(request.onRows && { onRows: request.onRows }),
    ...(request.onResults && { onResults: request.onResults }),
    onEvent: (event) => {
      recorder.record(event)
      request.onEvent(workspace.redactor.redact(event))
    },
  })
  for (const output of outcome.outputs) recorder.output(output)
  const warning = await recorder.flush()
  await tidy(workspace, outcome, request.retention ?? retention).catch(() => undefined)
  return { runId, outcome, ...(warning === undefined ? {} : { warning }) }
}

/** What a run or an analysis reaches the outside through. */
export function surroundings(
  workspace: Workspace,
  { folder, overrides, cwd, limits }: Pick<RunRequest, 'folder' | 'overrides' | 'cwd' | 'limits'>,
  params: Record<string, BoundValue>,
): Surroundings {
  return {
    folder,
    params,
    limits,
    connect: (name) => connect(workspace, name, { folder, overrides, cwd }),
    secret: (name) => workspace.secrets.resolve(name),
  }
}

/** Opens a connection by name. @throws AppError CONNECTION_*, VAULT_LOCKED */
export async function connect(workspace: Workspace, name: string, where: Where): Promise<Database> {
  return workspace.open(await workspace.resolve(name, where))
}

/** Sorts by time, reads aloud, and is long enough never to meet another: `20260131-142501-9f3ac2d1`. */
function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${stamp}-${randomBytes(4).toString('hex')}`
}

async function resumable(workspace: Workspace, run: string, pipeline: Pipeline): Promise<RunDetails> {
  await workspace.runs.markCrashed()
  const before = await workspace.runs.show(run)
  if (before.nodes.length > 0 && before.nodes.every(({ node }) => pipeline.nodes[node] === undefined)) {
    throw new AppError(
      'RUN_STATE',
      `The run ${before.id} was of another pipeline, ${before.pipeline}: no node of it is in this one.`,
      {
        hint: 'Name a run of this pipeline; see sluice runs list.',
      },
    )
  }
  if (before.state === 'completed') {
    throw new AppError('RUN_STATE', `The run ${before.id} completed: there is nothing to resume.`, {
      hint: 'Run the pipeline without --resume.',
    })
  }
  if (!isTerminal(before.state)) {
    throw new AppError('RUN_STATE', `The run ${before.id} is ${before.state}.`, {
      hint: 'Wait for its end, or stop it.',
    })
  }
  if (before.dryRun) {
    throw new AppError('RUN_STATE', `The run ${before.id} was a dry run: it left nothing to go on from.`, {
      hint: 'Run the pipeline without --resume.',
    })
  }
  return before
}

/** What was written stays written, whatever has changed since; rows of files that changed are read again. */
async function leftBy(
  workspace: Workspace,
  before: RunDetails,
  outside: ReadonlyMap<string, Outside>,
): Promise<Earlier> {
  const began = Date.parse(before.startedAt ?? before.createdAt)
  const outputs = (await workspace.runs.outputs(before.id)).filter(
    ({ node }) => (outside.get(node)?.changed ?? 0) < began,
  )
  const completed = before.nodes.flatMap(({ node, state, fingerprint }) =>
    state === 'completed' && fingerprint !== null ? [{ node, fingerprint }] : [],
  )
  return { kept: outputs.flatMap(keptOutput), completed, resume: true }
}

/** Rows of unchanged nodes, kept by whichever inspection came before. */
async function reusable(
  workspace: Workspace,
  { pipeline, mode, refresh, dryRun, from }: RunRequest,
  prints: ReadonlyMap<string, string>,
  outside: ReadonlyMap<string, Outside>,
): Promise<Earlier> {
  const none: Earlier = { kept: [], completed: [], resume: false }
  if (mode !== 'inspect' || refresh || dryRun) return none
  const again = from === undefined ? new Set<string>() : new Set([from, ...descendants(pipeline, from)])
  const kept: KeptOutput[] = []
  for (const [node, print] of prints) {
    if (again.has(node)) continue
    // Nodes made alike have equal fingerprints, so the rows may have been kept under another node's name.
    const { changed } = outside.get(node) ?? { changed: 0 }
    for (const output of await workspace.runs.kept(print, changed)) kept.push(...keptOutput({ ...output, node }))
  }
  return { ...none, kept }
}

function keptOutput({ node, port, file, table, columns, rows, fingerprint }: OutputRecord): KeptOutput[] {
  return fingerprint === null ? [] : [{ node, port, file, table, columns, rows, fingerprint }]
}

/** Of the values of an earlier run, those that the pipeline still asks for. */
function declared(pipeline: Pipeline, params: Record<string, JsonValue>): Record<string, JsonValue> {
  const names = new Set(pipeline.parameters.map(({ name }) => name))
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.has(name)))
}

/** Makes room once a day, and whenever a run kept rows. */
async function tidy(workspace: Workspace, outcome: RunOutcome, policy: Retention): Promise<void> {
  const today = new Date().toISOString().slice(0, 10)
  if (outcome.outputs.length === 0 && (await workspace.settings.get('lastTidied')) === today) return
  await workspace.settings.set('lastTidied', today)
  await workspace.runs.prune(policy)
}
