import { AppError } from '../../shared/errors.ts'
import { isTerminal } from '../../shared/run.ts'
import { api } from '../api/client.ts'
import { documentOf } from '../stores/documents.ts'
import { lookSoon } from '../stores/looks.ts'
import { paramsOf } from '../stores/params.ts'
import { showRun, takeEvent, useRuns } from '../stores/runs.ts'
import { useSettings } from '../stores/settings.ts'

export interface RunWish {
  to?: string
  from?: string
  resume?: string
  refresh?: boolean
  dryRun?: boolean
}

/** Starts a run of an open document and follows it. @throws AppError when it cannot start */
export async function startRun(id: string, wish: RunWish = {}): Promise<void> {
  const document = documentOf(id)
  if (!document) throw new AppError('INTERNAL', 'The pipeline is not open any more.')
  const { path, folder, history } = document
  const { mode } = useSettings.getState()
  const { runId } = await api.runs.start({
    document: history.present,
    path,
    folder,
    params: paramsOf(id),
    mode,
    ...wish,
  })
  showRun(id, {
    id: runId,
    state: 'pending',
    mode,
    dryRun: wish.dryRun ?? false,
    startedAt: new Date().toISOString(),
    nodes: {},
    log: [],
    past: false,
  })
  void follow(id, runId)
}

export async function stopRun(id: string): Promise<void> {
  const run = useRuns.getState().shown[id]
  if (run && !isTerminal(run.state)) await api.runs.stop({ run: run.id })
}

/** Takes a run's events until it ends; should the engine die meanwhile, takes what the history says of it. */
async function follow(id: string, runId: string): Promise<void> {
  try {
    for await (const event of await api.runs.watch({ run: runId })) takeEvent(id, event)
  } catch {
    // The engine process is gone; the next one knows what became of the run.
  }
  await settle(id, runId)
  lookSoon(id, 0)
}

async function settle(id: string, runId: string): Promise<void> {
  const run = useRuns.getState().shown[id]
  if (run?.id !== runId || isTerminal(run.state)) return
  const { state, error, finishedAt, nodes } = await api.runs.show({ run: runId })
  showRun(id, {
    ...run,
    state,
    ...(error && { error }),
    ...(finishedAt && { finishedAt }),
    nodes: Object.fromEntries(
      nodes.map(({ node, ms, error: failure, columns, ...rest }) => [
        node,
        { ...rest, ...(ms !== null && { ms }), ...(failure && { error: failure }), ...(columns && { columns }) },
      ]),
    ),
  })
}
