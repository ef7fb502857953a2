import { api } from '../api/client.ts'
import { ClosedTabs, closeEach } from '../ui/closed-tabs.ts'
import { type Choice, choose } from '../ui/dialogs.ts'
import { endTransaction } from './actions.ts'
import { editsOf, forgetEdits } from './edits/losing.ts'
import { forgetRun, runOf } from './runs.ts'
import { activateTab, isUnsaved, openTab, type QueryTab, removeTab, tabOf } from './tabs.ts'

type Answer = 'commit' | 'rollback' | 'close'

/** Those that held something. */
const closed = new ClosedTabs<QueryTab>()

/** Closes a tab; whatever that would lose is asked about first, in one question. @returns whether it was closed */
export async function closeTab(id: string): Promise<boolean> {
  const tab = tabOf(id)
  if (!tab) return false
  const answer = await askToClose(tab)
  if (!answer) return false
  if (answer !== 'close') await endTransaction(id, answer)
  const last = tabOf(id) ?? tab
  if (last.diagram || last.sql.trim() !== '') closed.keep(last)
  forgetEdits(id)
  removeTab(id)
  forgetRun(id)
  await api.queries.close({ session: id })
  return true
}

/** Closes several tabs, until the user cancels. */
export const closeTabs = (ids: readonly string[]): Promise<void> => closeEach(ids, closeTab)

export const canReopen = (): boolean => closed.any

/** Opens the tab that was closed last, in a session of its own. */
export async function reopenClosed(): Promise<void> {
  const last = closed.takeLast()
  if (!last) return
  // Its file may be another by now, or gone; while that cannot be known, the text counts as unsaved.
  const file = last.saved && (await api.queries.saved().catch(() => [])).find(({ path }) => path === last.saved?.path)
  openTab({ ...last, saved: file ? { path: file.path, sql: file.sql, connection: file.connection } : null })
}

async function askToClose(tab: QueryTab): Promise<Answer | null> {
  const { running, session } = runOf(tab.id)
  const open = session.transaction === 'open'
  const edits = editsOf(tab.id)
  const unsaved = isUnsaved(tab)
  if (!running && !open && edits === 0 && !unsaved) return 'close'
  activateTab(tab.id)
  const lost = [
    running && (open ? 'What it runs is stopped, and its transaction is rolled back.' : 'What it runs is stopped.'),
    !running && open && 'What its transaction has done is seen by nobody else until it is committed.',
    edits === 1 && 'A change of its rows was not applied, and is lost.',
    edits > 1 && `${edits} changes of its rows were not applied, and are lost.`,
    unsaved && 'Its text is not saved. What was run of it stays in the history.',
  ].filter((text) => text !== false)
  return choose({
    title: open ? `${tab.name} has an open transaction` : `Close ${tab.name}?`,
    message: lost.join(' '),
    choices: open && !running ? endings : [{ value: 'close', label: closeLabel(running, edits > 0), tone: 'danger' }],
  })
}

function closeLabel(running: boolean, edited: boolean): string {
  if (running) return 'Stop and close'
  return edited ? 'Close and lose it' : 'Close without saving'
}

const endings: readonly Choice<Answer>[] = [
  { value: 'commit', label: 'Commit', tone: 'main' },
  { value: 'rollback', label: 'Roll back', tone: 'danger' },
]
