import { registry } from '../../shared/nodes/registry.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { api, asAppError } from '../api/client.ts'
import { openFile } from '../files/actions.ts'
import { followDrafts } from '../files/drafts.ts'
import { followFiles } from '../files/follow-files.ts'
import { followTabs, restoreSession } from '../files/session.ts'
import { followWindow } from '../files/window-id.ts'
import { joinOpened } from '../runs/actions.ts'
import { activateDocument, documentOf, useDocuments } from '../stores/documents.ts'
import { programInfo } from '../stores/program.ts'
import { select } from '../stores/selection.ts'
import { loadSettings, rememberBeforeLeaving } from '../stores/settings.ts'
import { restoreWindow } from '../stores/window.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { takeUpTabs } from '../workbench/take-up.ts'
import { followShell } from './shell-link.ts'

/** What happens when the window opens: settings, then what was open; the first sample in a workspace that is new. */
export async function start(): Promise<void> {
  followWindow()
  try {
    const [info] = await Promise.all([programInfo(), loadSettings()])
    restoreWindow()
    rememberBeforeLeaving()
    takeUpTabs(info.home)
    joinOpened()
    followDrafts()
    if (!(await restoreSession())) await openFirstSample()
    followTabs()
    followFiles()
    followShell()
    if (info.notice !== undefined) showNotice(info.notice)
  } catch (thrown) {
    showError(asAppError(thrown), 'Sluice could not start')
  }
}

/** With the node picked whose rows are the pipeline's outcome, so that they show once it has run. */
async function openFirstSample(): Promise<void> {
  const [first] = await api.files.samples()
  if (!first) return
  const id = await openFile(first.path, { show: false })
  // Whoever was quicker to open something keeps it in front.
  const quicker = useDocuments.getState().order.find((other) => other !== id)
  if (quicker !== undefined) activateDocument(quicker)
  const pipeline = documentOf(id)?.history.present
  const outcome = pipeline && finalNode(pipeline)
  if (outcome !== undefined) select(id, { nodes: [outcome] })
}

/** The last node that gives rows which no other node takes. */
function finalNode({ nodes, edges }: Pipeline): string | undefined {
  const giving = (kind: string) => registry.get(kind)?.outputs.some(({ name }) => name === 'out')
  return Object.entries(nodes).findLast(([id, { kind }]) => giving(kind) && edges.every(({ from }) => from !== id))?.[0]
}
