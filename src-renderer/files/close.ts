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
import { ClosedTabs, closeEach } from '../ui/closed-tabs.ts'
import { choose } from '../ui/dialogs.ts'
import { openFile } from './actions.ts'
import { saveDocument } from './save.ts'

const closed = new ClosedTabs<{ path: string } | { path: null; present: Pipeline }>()

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
  if (last?.path ?? path) closed.keep({ path: last?.path ?? path ?? '' })
  else if (last && Object.keys(last.history.present.nodes).length > 0)
    closed.keep({ path: null, present: last.history.present })
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

/** Closes several tabs, until the user cancels. */
export const closeTabs = (ids: readonly string[]): Promise<void> => closeEach(ids, closeTab)

export const canReopen = (): boolean => closed.any

export async function reopenClosed(): Promise<void> {
  const last = closed.takeLast()
  if (!last) return
  if (last.path !== null) {
    await openFile(last.path)
    return
  }
  const { home } = await programInfo()
  openDocument({ present: last.present, path: null, folder: home, file: null, saved: null })
}
