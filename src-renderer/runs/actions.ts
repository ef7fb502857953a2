import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import { nodeOf, type Pipeline } from '../../shared/pipeline/schema.ts'
import { isTerminal, runStates } from '../../shared/run.ts'
import { api, asAppError } from '../api/client.ts'
import { troublesOf } from '../canvas/derived.ts'
import { openFile } from '../files/actions.ts'
import { suggested } from '../files/suggest.ts'
import { documentOf, openDocument, useDocuments } from '../stores/documents.ts'
import { lookSoon } from '../stores/looks.ts'
import { paramsOf } from '../stores/params.ts'
import { forgetLog, type LogEntry, type ShownRun, showRun, takeEvent, useRuns } from '../stores/runs.ts'
import { goToField } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import { goTo } from '../stores/window.ts'
import { shownRunOf } from './past.ts'
import { setUpPart } from './rest.ts'
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

/** Starts a run of an open document with the parameters it has, and follows it. What cannot start leads to where it is wrong. @throws AppError */
export async function startRun(id: string, wish: RunWish): Promise<void> {
  // Who adds a node and runs at once means it with what is about to be filled in.
  await suggested(id)
  const document = documentOf(id)
  if (!document) throw new AppError('INTERNAL', 'The pipeline is not open any more.')
  const { path, folder, history } = document
  // Only an inspection keeps rows that a run could begin in the middle of.
  const mode = wish.from === undefined ? useSettings.getState().mode : 'inspect'
  const { setUp, ...asked } = wish
  const pipeline = (setUp && setUpPart(history.present)) || history.present
  const request = { document: pipeline, path, folder, params: paramsOf(id), mode, ...asked }
  const { runId } = await api.runs.start(request).catch((thrown: unknown) => {
    const error = asAppError(thrown)
    const { node, field, position } = error.at ?? {}
    if (node !== undefined) goToField(id, node, field, position)
    throw inWords(error, history.present)
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
    here: true,
    document: history.present,
  })
  void follow(id, runId)
}

/** Settings that do not fit, as the card of the node says it. */
function inWords(error: AppError, pipeline: Pipeline): AppError {
  const id = error.code === 'CONFIG_INVALID' ? error.at.node : undefined
  const trouble = id === undefined ? undefined : troublesOf(pipeline).get(id)
  return trouble ? new AppError(error.code, `${nodeOf(pipeline, id ?? '')?.title ?? id}: ${trouble.message}`) : error
}

/** Tells the run of a document to stop; what it loaded and did not commit is rolled back. */
export async function stopRun(id: string): Promise<void> {
  const run = useRuns.getState().shown[id]
  if (run && !isTerminal(run.state)) await api.runs.stop({ run: run.id })
}

/** Whether a document's run goes on and can be stopped here. */
export function runsHere(id: string): boolean {
  const run = useRuns.getState().shown[id]
  return run?.here === true && !isTerminal(run.state)
}

/** Milliseconds between two looks at a run that another process has. */
const watchAgain = 1_000

/**
 * Takes a run's events until it ends. Where they break off, as when the engine dies or the run is another process's, the history says how it
 * stands, and it is followed again for as long as it goes on.
 */
async function follow(id: string, runId: string): Promise<void> {
  const goesOn = () => {
    const run = useRuns.getState().shown[id]
    return run?.id === runId && !isTerminal(run.state) && documentOf(id) ? run : undefined
  }
  await takeEvents(id, runId)
  for (let run = goesOn(); run; run = goesOn()) {
    const became = await whatBecameOf(run)
    if (goesOn()) showRun(id, became)
    if (isTerminal(became.state)) break
    await new Promise((resolve) => setTimeout(resolve, watchAgain))
    await takeEvents(id, runId)
  }
  lookSoon(id, 0)
}

/** They begin with the run's first each time. Ends as well when the engine process is gone: the next one knows what became of the run. */
async function takeEvents(id: string, runId: string): Promise<void> {
  try {
    let first = true
    for await (const event of await api.runs.watch({ run: runId })) {
      if (first && useRuns.getState().shown[id]?.id === runId) forgetLog(id)
      first = false
      takeEvent(id, event)
    }
  } catch {
    // See above.
  }
}

/** A run whose engine died too soon for the history to know of it has crashed as well. */
async function whatBecameOf(run: ShownRun): Promise<ShownRun> {
  try {
    const details = await api.runs.show({ run: run.id })
    return {
      ...shownRunOf(details, await linesOf(details.id)),
      past: false,
      ...(run.document && { document: run.document }),
    }
  } catch (thrown) {
    if (asAppError(thrown).code !== 'RUN_UNKNOWN') throw thrown
    return { ...run, state: 'crashed', finishedAt: new Date().toISOString() }
  }
}

async function linesOf(run: string): Promise<LogEntry[]> {
  const log = await api.runs.logs({ run })
  return log.map(({ node, ...line }) => ({ ...line, ...(node !== null && { node }) }))
}

/**
 * Shows a tab the run that it showed before the page was loaded anew, and follows it while it goes on. A run that is no longer known leaves the tab
 * as it is.
 */
export async function joinRun(id: string, runId: string): Promise<void> {
  const details = await api.runs.show({ run: runId }).catch(() => undefined)
  if (!details || !documentOf(id) || useRuns.getState().shown[id]) return
  const ran = details.document === null ? undefined : openPipeline(details.document, registry).pipeline
  const log = await linesOf(details.id)
  showRun(id, { ...shownRunOf(details, log), past: isTerminal(details.state), ...(ran && { document: ran }) })
  if (!isTerminal(details.state)) await follow(id, details.id)
}

/** Shows tabs of files that are opened from now on the run of their file that goes on here; called once. */
export function joinOpened(): void {
  useDocuments.subscribe(({ documents }, before) => {
    for (const [id, { path }] of Object.entries(documents)) {
      // A tab that shows no run is left as it is where the history cannot be read.
      if (path !== null && !before.documents[id]) joinGoingOn(id, path).catch(() => undefined)
    }
  })
}

async function joinGoingOn(id: string, path: string): Promise<void> {
  const states = runStates.filter((state) => !isTerminal(state))
  const [run] = await api.runs.list({ path, states, limit: 1 })
  if (run && (await api.runs.show({ run: run.id })).here) await joinRun(id, run.id)
}

/** Opens the pipeline of a run with the run's states and rows: its file where it still is the same, else the document as it ran. */
export async function openRun(runId: string): Promise<void> {
  const details = await api.runs.show({ run: runId })
  const id = await documentOfRun(details)
  const document = documentOf(id)
  const shown: ShownRun = { ...shownRunOf(details, await linesOf(details.id)), past: isTerminal(details.state) }
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
