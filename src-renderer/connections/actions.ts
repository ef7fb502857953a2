import type { ConnectionInfo, ConnectionTest, GivenConnection } from '../../shared/contract/connections.ts'
import { AppError } from '../../shared/errors.ts'
import { api, asAppError } from '../api/client.ts'
import { pickFile } from '../files/pick.ts'
import { promptText } from '../ui/dialogs.ts'
import { formatDuration } from '../ui/format.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { renameInTabs, tabsText } from '../workbench/connection-tabs.ts'
import { nameProblem } from './problems.ts'
import { showRenamed, showSaved } from './state.ts'

type Refresh = () => Promise<void>

/** Does something with connections; what goes wrong is shown. */
async function attempt(title: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    showError(asAppError(thrown), title)
  }
}

export const duplicateConnection = (name: string, all: readonly ConnectionInfo[], refresh: Refresh) =>
  attempt('The connection was not duplicated', async () => {
    const names = new Set(all.map((one) => one.name))
    let to = `${name} copy`
    for (let number = 2; names.has(to); number++) to = `${name} copy ${number}`
    await api.connections.duplicate({ name, to })
    await refresh()
    await showSaved(to)
  })

export async function renameConnection(name: string, refresh: Refresh): Promise<void> {
  const all = await api.connections.list()
  const taken = all.map((one) => one.name).filter((other) => other !== name)
  const to = await promptText({
    title: `Rename ${name}`,
    message: [
      'Query tabs, saved queries and the history follow. Pipelines that use the old name must be changed.',
      tabsText(name, 'stays open'),
    ]
      .filter((text) => text !== undefined)
      .join(' '),
    label: 'New name',
    value: name,
    action: 'Rename',
    check: (text) => nameProblem(text, taken),
  })
  if (to === null || to === name) return
  await attempt('The connection was not renamed', async () => {
    await renameSaved(name, to)
    await refresh()
  })
}

/** Gives a connection another name, wherever it is named on the screen too. */
export const renameSaved = (name: string, to: string): Promise<void> =>
  renameInTabs(name, to, async () => {
    const { left } = await api.connections.rename({ name, to })
    showRenamed(name, to)
    if (left.length > 0)
      showNotice(`Saved queries that still name ${name}, as they cannot be written: ${left.join(', ')}.`)
  })

export const testSaved = (name: string) =>
  attempt(`${name} was not tested`, async () => tellTest(name, await api.connections.test({ name })))

export const testGiven = ({ name, folder }: GivenConnection) =>
  attempt(`${name} was not tested`, async () =>
    tellTest(name, await api.connections.test({ name, ...(folder !== null && { folder }) })),
  )

function tellTest(name: string, { ok, ms, version, error, diagnosis }: ConnectionTest): void {
  if (ok) return showNotice(`Connected in ${formatDuration(ms)}. Version ${version}.`, name)
  const [first] = diagnosis?.steps ?? []
  const said = error?.message ?? 'It could not be reached.'
  const told = new AppError(error?.code ?? 'INTERNAL', said, first === undefined ? {} : { hint: first })
  showError(told, `${name}: ${diagnosis?.title ?? 'The connection failed'}`)
}

export async function importConnections(refresh: Refresh): Promise<void> {
  const path = await pickFile({ purpose: 'open', title: 'Import connections', extensions: ['json'] })
  if (path === null) return
  await attempt('Nothing was imported', async () => {
    const { added, kept, refused } = await api.connections.importFrom({ path })
    await refresh()
    const parts = [
      `${added.length} added`,
      ...(kept.length > 0 ? [`${kept.length} were there already (${kept.join(', ')})`] : []),
      ...refused.map(({ name, problem }) => `${name}: ${problem}`),
    ]
    const told = `${parts.join('; ').replace(/\.$/, '')}.`
    if (refused.length === 0) showNotice(told, 'Connections imported')
    // There is more to read, and something to mend.
    else showError(new AppError('CONNECTION_INVALID', told), 'Not all connections were imported')
  })
}

export async function exportConnections(): Promise<void> {
  const path = await pickFile({
    purpose: 'save',
    title: 'Export connections without secrets',
    extensions: ['json'],
    name: 'connections.json',
  })
  if (path === null) return
  await attempt('The connections were not exported', async () => {
    await api.connections.exportTo({ path })
    showNotice(`Written to ${path}, without passwords and keys.`, 'Connections exported')
  })
}
