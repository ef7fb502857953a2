import { choose, confirm } from '../../ui/dialogs.ts'
import { runOf } from '../runs.ts'
import { countOf, forgetSheet, sheetKey, sheetOf, stage } from './staged.ts'

/** Results of a tab that have changes. */
const changedResults = (tab: string): string[] =>
  runOf(tab).statements.flatMap(({ query, number }) => {
    const key = query === undefined ? undefined : sheetKey(query, number)
    return key !== undefined && countOf(sheetOf(key).edits) > 0 ? [key] : []
  })

/** How many changes of a tab's rows are not applied. */
export const editsOf = (tab: string): number =>
  changedResults(tab).reduce((sum, key) => sum + countOf(sheetOf(key).edits), 0)

/** Asks before changes are lost that were not applied. @returns whether to go on */
export async function mayLoseEdits(tab: string, doing: string): Promise<boolean> {
  const count = editsOf(tab)
  if (count === 0) return true
  const answer = await choose({
    title: count === 1 ? 'A change was not applied' : `${count} changes were not applied`,
    message: `They are lost when you ${doing}. Apply them first to keep them.`,
    choices: [{ value: 'lose', label: 'Discard the changes', tone: 'danger' }],
  })
  return answer === 'lose'
}

/** Forgets the changes of a tab's results. */
export function forgetEdits(tab: string): void {
  for (const key of changedResults(tab)) forgetSheet(key)
}

/** Takes all changes back, after a question when there are several. */
export async function discardAll(result: string): Promise<void> {
  const count = countOf(sheetOf(result).edits)
  const sure =
    count === 1 ||
    (await confirm({
      title: `Discard the changes of ${count} rows?`,
      message: 'Nothing of them has reached the database. Undo brings them back.',
      action: 'Discard',
      danger: true,
    }))
  if (sure) stage(result, () => ({}))
}
