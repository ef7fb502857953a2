import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { runsHere, stopRun } from '../runs/actions.ts'
import {
  activateDocument,
  closeDocument,
  documentOf,
  isUnsaved,
  type OpenDocument,
  openDocument,
  useDocuments,
} from '../stores/documents.ts'
import { programInfo } from '../stores/program.ts'
import { choose } from '../ui/dialogs.ts'
import { openFile } from './actions.ts'
import { saveDocument } from './save.ts'

/** Tabs closed in this window, the last one last. */
const closed: ({ path: string } | { path: null; present: Pipeline })[] = []
const maxClosed = 30

/** Closes a tab; a run that goes on and unsaved work are asked about first. @returns whether it was closed */
export async function closeTab(id: string): Promise<boolean> {
  const document = documentOf(id)
  const path = document?.path ?? useDocuments.getState().broken[id]?.path ?? null
  if (document && runsHere(id) && !(await askAboutRun(document))) return false
  if (document && isUnsaved(document)) {
    activateDocument(id)
    const { name } = document.history.present
    const wish = await choose({
      title: 'Save the changes?',
      message: `${name} has changes that are not saved. They are lost unless you save them.`,
      choices: [
        { value: 'discard', label: 'Discard', tone: 'danger' },
        { value: 'save', label: 'Save', tone: 'main' },
      ],
    })
    if (wish === null || (wish === 'save' && !(await saveDocument(id)))) return false
  }
  const last = documentOf(id)
  closeDocument(id)
  if (last?.path ?? path) closed.push({ path: last?.path ?? path ?? '' })
  else if (last && Object.keys(last.history.present.nodes).length > 0)
    closed.push({ path: null, present: last.history.present })
  if (closed.length > maxClosed) closed.shift()
  return true
}

/** @returns whether the tab may go: with the run stopped, or left to itself */
async function askAboutRun({ id, history }: OpenDocument): Promise<boolean> {
  activateDocument(id)
  const wish = await choose({
    title: 'Stop the run?',
    message: `${history.present.name} still runs. Left to itself, it stays under Runs, where it can be stopped.`,
    choices: [
      { value: 'stop', label: 'Stop it', tone: 'danger' },
      { value: 'leave', label: 'Let it run', tone: 'main' },
    ],
  })
  // It may have ended while the question was open.
  if (wish === 'stop' && runsHere(id)) await stopRun(id)
  return wish !== null
}

/** Closes several tabs one after the other, until the user cancels. */
export async function closeTabs(ids: readonly string[]): Promise<void> {
  for (const id of ids) if (!(await closeTab(id))) return
}

export const canReopen = (): boolean => closed.length > 0

export async function reopenClosed(): Promise<void> {
  const last = closed.pop()
  if (!last) return
  if (last.path !== null) {
    await openFile(last.path)
    return
  }
  const { home } = await programInfo()
  openDocument({ present: last.present, path: null, folder: home, file: null, saved: null })
}
