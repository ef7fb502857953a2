import type { RunDetails, RunSummary } from '../../../shared/contract/runs.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { isTerminal } from '../../../shared/run.ts'
import { defaultLimits } from '../../engine/index.ts'
import type { RunRecord } from '../../store/index.ts'
import { readSettings } from '../settings.ts'
import { type ApiContext, api } from './context.ts'

export const runs = {
  start: api.runs.start.handler(async ({ context, input }) => {
    const { document, path, ...request } = input
    const settings = await readSettings(context.workspace.settings)
    const runId = await context.runs.start({
      ...request,
      pipeline: document,
      text: formatPipeline(document, registry),
      ...(path === null ? {} : { file: path }),
      limits: { ...defaultLimits, memoryMb: settings.memoryMb },
      retention: { keepDays: settings.keepDays, diskBudget: settings.diskBudgetMb * 2 ** 20 },
    })
    return { runId }
  }),
  stop: api.runs.stop.handler(({ context, input }) => context.runs.stop(input.run)),
  watch: api.runs.watch.handler(async function* ({ context, input, signal }) {
    yield* context.runs.watch(input.run, signal)
  }),
  changes: api.runs.changes.handler(async function* ({ context, signal }) {
    for await (const id of context.runs.changes(signal)) {
      const record = await context.workspace.runs.show(id).catch(() => undefined)
      if (record) yield summary(record)
    }
  }),
  list: api.runs.list.handler(async ({ context, input }) => {
    const { path, ...filter } = input
    const wanted = { ...filter, ...(path === undefined ? {} : { file: path }) }
    const records = await context.workspace.runs.list(wanted)
    const current = (await anyLost(context, records)) ? await context.workspace.runs.list(wanted) : records
    return current.map(summary)
  }),
  show: api.runs.show.handler(async ({ context, input }): Promise<RunDetails> => {
    const found = await context.workspace.runs.show(input.run)
    const record = (await anyLost(context, [found])) ? await context.workspace.runs.show(found.id) : found
    const outputs = await context.workspace.runs.outputs(record.id)
    return {
      ...summary(record),
      document: record.document,
      nodes: record.nodes.map(({ node, state, attempt, counts, ms, kept, error, columns }) => ({
        node,
        state,
        attempt,
        counts,
        ms,
        kept,
        error,
        columns,
      })),
      outputs: outputs.map(({ node, port, rows, columns }) => ({ node, port, rows, columns })),
      here: context.runs.isLive(record.id),
    }
  }),
  logs: api.runs.logs.handler(async ({ context, input }) => {
    const { run, node, limit } = input
    const lines = await context.workspace.runs.logs(run, { limit, ...(node === undefined ? {} : { node }) })
    return lines.map(({ at, level, node: of, message }) => ({ at, level, node: of, message }))
  }),
  remove: api.runs.remove.handler(({ context, input }) => context.workspace.runs.remove(input.runs)),
}

/** Whether runs that seemed to go on turned out to have lost their process; they are marked as crashed then. */
async function anyLost({ workspace, runs: live }: ApiContext, records: readonly RunRecord[]): Promise<boolean> {
  const doubtful = records.some(({ id, state }) => !isTerminal(state) && !live.isLive(id))
  return doubtful && (await workspace.runs.markCrashed()).length > 0
}

function summary(record: RunRecord): RunSummary {
  const { id, pipeline, file, mode, dryRun, params, state, createdAt, startedAt, finishedAt, resumedFrom, error } =
    record
  return {
    id,
    pipeline,
    path: file,
    mode,
    dryRun,
    params,
    state,
    createdAt,
    startedAt,
    finishedAt,
    resumedFrom,
    error,
  }
}
