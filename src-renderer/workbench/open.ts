import type { HistoryEntry, SavedQuery } from '../../shared/contract/queries.ts'
import { fileNameProblem } from '../../shared/file-name.ts'
import { api, asAppError } from '../api/client.ts'
import { useProgram } from '../stores/program.ts'
import { goTo } from '../stores/window.ts'
import { promptText } from '../ui/dialogs.ts'
import { showNotice } from '../ui/notify.ts'
import { runTab } from './actions.ts'
import { caretOf, putCaret } from './caret.ts'
import { connectionOf } from './connections.ts'
import { renamedQuery, savedQuery } from './saved-tabs.ts'
import { activateTab, activeTab, changeTab, openTab, type QueryTab, restoreTabs, tabOf, useTabs } from './tabs.ts'

/** Opens a statement that was run before: in the tab in front when that is empty, else in a new one. */
export function openFromHistory({ sql, connection }: HistoryEntry): void {
  const { tabs, active } = useTabs.getState()
  const tab = tabs.find(({ id }) => id === active)
  const folder = connectionOf(connection, tab?.folder ?? '')?.folder ?? tab?.folder ?? ''
  if (tab && tab.sql.trim() === '') changeTab(tab.id, { sql, connection, folder })
  else openTab({ sql, connection, folder })
}

/** Opens a saved query, or goes to its tab. */
export function openSaved({ name, path, sql, connection }: SavedQuery): void {
  const { tabs, active } = useTabs.getState()
  const open = tabs.find(({ saved }) => saved?.path === path)
  if (open) return activateTab(open.id)
  const tab = tabs.find(({ id }) => id === active)
  const found = connectionOf(connection, tab?.folder ?? '')
  const given = {
    name,
    sql,
    connection: connection ?? tab?.connection ?? null,
    folder: found?.folder ?? tab?.folder ?? '',
    saved: { path, sql, connection },
  }
  if (tab && tab.saved === null && tab.sql.trim() === '') changeTab(tab.id, given)
  else openTab(given)
}

/** Saves a tab's text under its name; one never saved is asked for a name. @returns whether it was saved */
export async function saveTab(id: string): Promise<boolean> {
  const tab = tabOf(id)
  if (!tab) return false
  if (tab.saved) return write(tab, tab.name, true)
  const taken = new Set(await savedNames())
  for (let value = tab.name; ; ) {
    const name = await promptText({
      title: 'Save the query',
      label: 'Name',
      value,
      action: 'Save',
      check: fileNameProblem,
      danger: (text) => (taken.has(text) ? { problem: takenText, action: 'Replace' } : undefined),
    })
    if (name === null) return false
    try {
      return await write(tab, name, taken.has(name))
    } catch (thrown) {
      // Saved by someone else meanwhile, or the same name to this system.
      if (asAppError(thrown).code !== 'FILE_CONFLICT') throw thrown
      taken.add(name)
      value = name
    }
  }
}

const takenText = 'There is a saved query of that name already.'

const savedNames = async () => (await api.queries.saved()).map(({ name }) => name)

async function write({ id, connection, sql }: QueryTab, name: string, replace: boolean): Promise<boolean> {
  const saved = await api.queries.save({ name, connection, sql, replace })
  savedQuery(saved)
  changeTab(id, { name: saved.name, saved: { path: saved.path, sql, connection } })
  showNotice(`Saved as ${saved.name}.sql.`)
  return true
}

/** Renames a saved query, and the tabs that it is open in. */
export async function renameQuery({ path, name }: SavedQuery): Promise<void> {
  const taken = new Set(await savedNames())
  taken.delete(name)
  const to = await promptText({
    title: 'Rename the query',
    label: 'Name',
    value: name,
    action: 'Rename',
    check: (text) => fileNameProblem(text) ?? (taken.has(text) ? takenText : undefined),
  })
  if (to === null || to === name) return
  renamedQuery(path, await api.queries.renameSaved({ path, name: to }))
}

/** Puts a text where the caret of the tab in front is, apart from the words beside it; in a new query when that tab is none. */
export function insertText(text: string): void {
  const tab = activeTab()
  if (!tab) return
  if (tab.diagram) {
    const { connection, folder } = tab
    return putCaret(openTab({ sql: text, connection, folder }), text.length)
  }
  const { from, to } = caretOf(tab.id)
  const [before, after] = [tab.sql.slice(0, from), tab.sql.slice(to)]
  // A whole statement begins on a line of its own.
  const gap = /\s/.test(text.trim()) ? '\n' : ' '
  const first = /[\p{L}\p{N}_$"`;)]$/u.test(before) ? gap + text : text
  const written = /^[\p{L}\p{N}_$"`(]/u.test(after) ? first + gap : first
  changeTab(tab.id, { sql: before + written + after })
  putCaret(tab.id, from + written.length)
}

interface Place {
  connection: string
  folder: string
}

/** Runs a statement that was made for the user in a tab of its own, or goes to the tab where that was done. */
export async function openStatement(name: string, sql: string, { connection, folder }: Place): Promise<void> {
  showTabs()
  const known = useTabs.getState().tabs.find((tab) => tab.connection === connection && tab.sql === sql && isGiven(tab))
  if (known) return activateTab(known.id)
  await runTab(openTab({ name, sql, given: sql, connection, folder }), 'all')
}

/** Opens a text that was made for the user in a tab of its own. */
export function openText(name: string, sql: string, { connection, folder }: Place): void {
  showTabs()
  openTab({ name, sql, given: sql, connection, folder })
}

/** Shows the diagram of a schema in a tab, perhaps for the sake of one table in it. */
export function openDiagram(schema: string | null, table: string | null, { connection, folder }: Place): void {
  showTabs()
  const known = useTabs
    .getState()
    .tabs.find((tab) => tab.connection === connection && tab.folder === folder && tab.diagram?.schema === schema)
  if (known) {
    changeTab(known.id, { diagram: { schema, table } })
    return activateTab(known.id)
  }
  openTab({ name: 'Diagram', diagram: { schema, table }, connection, folder })
}

const isGiven = ({ given, saved }: QueryTab) => given !== '' && saved === null

/** Goes to the workbench, with the tabs of last time. */
function showTabs(): void {
  restoreTabs(useProgram.getState().info?.home ?? '')
  goTo('query')
}
