import type { RunDetails, RunSummary } from '../../../shared/contract/runs.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { defaultLimits } from '../../engine/index.ts'
import type { RunRecord } from '../../store/index.ts'
import { readSettings } from '../settings.ts'
import { api } from './context.ts'

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
    const records = await context.workspace.runs.list({ ...filter, ...(path === undefined ? {} : { file: path }) })
    return records.map(summary)
  }),
  show: api.runs.show.handler(async ({ context, input }): Promise<RunDetails> => {
    const record = await context.workspace.runs.show(input.run)
    const outputs = await context.workspace.runs.outputs(record.id)
    return {
      ...summary(record),
      document: record.document,
      nodes: record.nodes,
      outputs: outputs.map(({ node, port, rows, columns }) => ({ node, port, rows, columns })),
    }
  }),
  logs: api.runs.logs.handler(async ({ context, input }) => {
    const { run, node, limit } = input
    return context.workspace.runs.logs(run, { limit, ...(node === undefined ? {} : { node }) })
  }),
  remove: api.runs.remove.handler(({ context, input }) => context.workspace.runs.remove(input.runs)),
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
