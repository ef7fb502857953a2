import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import { isTerminal } from '../../shared/run.ts'
import { api, asAppError } from '../api/client.ts'
import { openFile } from '../files/actions.ts'
import { documentOf, openDocument } from '../stores/documents.ts'
import { lookSoon } from '../stores/looks.ts'
import { paramsOf } from '../stores/params.ts'
import { type ShownRun, showRun, takeEvent, useRuns } from '../stores/runs.ts'
import { useSettings } from '../stores/settings.ts'
import { goTo } from '../stores/window.ts'
import { shownRunOf } from './past.ts'
import { type RunWish, useRunDialog } from './run-dialog.ts'

/** Starts a run, after asking for parameters that have no value. @throws AppError when it cannot start */
export async function wishRun(id: string, wish: RunWish = {}): Promise<void> {
  const document = documentOf(id)
  if (!document) return
  try {
    resolveParameters(document.history.present.parameters, paramsOf(id))
  } catch (thrown) {
    if (asAppError(thrown).code !== 'CONFIG_PARAMETER') throw thrown
    useRunDialog.setState({ asking: { document: id, wish } })
    return
  }
  await startRun(id, wish)
}

/** Starts a run of an open document with the parameters it has, and follows it. @throws AppError when it cannot start */
export async function startRun(id: string, wish: RunWish): Promise<void> {
  const document = documentOf(id)
  if (!document) throw new AppError('INTERNAL', 'The pipeline is not open any more.')
  const { path, folder, history } = document
  // Only an inspection keeps rows that a run could begin in the middle of.
  const mode = wish.from === undefined ? useSettings.getState().mode : 'inspect'
  const request = { document: history.present, path, folder, params: paramsOf(id), mode, ...wish }
  const { runId } = await api.runs.start(request)
  showRun(id, {
    id: runId,
    state: 'pending',
    mode,
    dryRun: wish.dryRun ?? false,
    startedAt: new Date().toISOString(),
    nodes: {},
    log: [],
    past: false,
    document: history.present,
  })
  void follow(id, runId)
}

/** Tells the run of a document to stop; what it loaded and did not commit is rolled back. */
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
  const run = useRuns.getState().shown[id]
  if (run?.id === runId && !isTerminal(run.state)) showRun(id, await whatBecameOf(run))
  lookSoon(id, 0)
}

/** A run whose engine died too soon for the history to know of it has crashed as well. */
async function whatBecameOf(run: ShownRun): Promise<ShownRun> {
  try {
    const details = await api.runs.show({ run: run.id })
    return { ...shownRunOf(details, run.log), past: false, ...(run.document && { document: run.document }) }
  } catch (thrown) {
    if (asAppError(thrown).code !== 'RUN_UNKNOWN') throw thrown
    return { ...run, state: 'crashed', finishedAt: new Date().toISOString() }
  }
}

/** Opens the pipeline of a run with the run's states and rows: its file where it still is the same, else the document as it ran. */
export async function openRun(runId: string): Promise<void> {
  const details = await api.runs.show({ run: runId })
  const id = await documentOfRun(details)
  const document = documentOf(id)
  const log = await api.runs.logs({ run: details.id })
  const lines = log.map(({ node, ...line }) => ({ ...line, ...(node !== null && { node }) }))
  const shown: ShownRun = { ...shownRunOf(details, lines), past: isTerminal(details.state) }
  showRun(id, { ...shown, ...(document && { document: document.history.present }) })
  goTo('pipelines')
  if (!isTerminal(details.state)) void follow(id, details.id)
}

async function documentOfRun({
  path,
  pipeline,
  document,
}: {
  path: string | null
  pipeline: string
  document: string | null
}) {
  const file = path === null ? undefined : await api.files.readPipeline({ path }).catch(() => undefined)
  if (file && (document === null || file.text === document)) return openFile(file.path)
  if (document === null) {
    throw new AppError('RUN_UNKNOWN', `The document that the run of ${pipeline} had is no longer known.`)
  }
  const { pipeline: present } = openPipeline(document, registry)
  const folder = file?.folder ?? (await api.app.info()).home
  return openDocument({ present, path: null, folder, file: null, saved: present })
}
