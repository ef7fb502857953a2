import { api } from '../api/client.ts'
import { type Choice, choose } from '../ui/dialogs.ts'
import { endTransaction } from './actions.ts'
import { editsOf, forgetEdits } from './edits/losing.ts'
import { forgetRun, runOf } from './runs.ts'
import { isUnsaved, type QueryTab, removeTab, tabOf } from './tabs.ts'

type Answer = 'commit' | 'rollback' | 'close'

/** Closes a tab; whatever that would lose is asked about first, in one question. */
export async function closeTab(id: string): Promise<void> {
  const tab = tabOf(id)
  const answer = tab && (await askToClose(tab))
  if (!answer) return
  if (answer !== 'close') await endTransaction(id, answer)
  forgetEdits(id)
  removeTab(id)
  forgetRun(id)
  await api.queries.close({ session: id })
}

async function askToClose(tab: QueryTab): Promise<Answer | null> {
  const { running, session } = runOf(tab.id)
  const open = session.transaction === 'open'
  const edits = editsOf(tab.id)
  const unsaved = isUnsaved(tab)
  if (!running && !open && edits === 0 && !unsaved) return 'close'
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
