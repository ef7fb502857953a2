import { renameTree } from '../schema/state.ts'
import { refreshState } from './actions.ts'
import { connectionOf } from './connections.ts'
import { afterEnd, changeRun, renameInRun, runOf, useRuns } from './runs.ts'
import { changeTab, type QueryTab, tabOf, useTabs } from './tabs.ts'

/** Tabs on the workspace's connection of that name; a folder may mean another one by it. */
function tabsOn(connection: string): QueryTab[] {
  const origin = (folder: string) => connectionOf(connection, folder)?.origin ?? 'workspace'
  return useTabs.getState().tabs.filter((tab) => tab.connection === connection && origin(tab.folder) === 'workspace')
}

const holdsTransaction = ({ id }: QueryTab) => ['open', 'broken'].includes(runOf(id).session.transaction)

/** What is to be known before a connection gets another name or goes. @returns undefined when no tab is on it */
export function tabsText(connection: string, transaction: string): string | undefined {
  const tabs = tabsOn(connection)
  if (tabs.length === 0) return undefined
  const held = tabs.filter(holdsTransaction).length
  const use = tabs.length === 1 ? '1 query tab uses it.' : `${tabs.length} query tabs use it.`
  if (held === 0) return use
  return `${use} ${held === 1 ? `A transaction is open there, which ${transaction}.` : `${held} transactions are open there: each ${transaction}.`}`
}

/** The same for a dialog that stays open meanwhile. */
export function useTabsText(connection: string, transaction: string): string | undefined {
  useTabs()
  useRuns()
  return tabsText(connection, transaction)
}

/** Gives the connection its new name wherever the workbench names it. @param rename does it in the workspace */
export async function renameInTabs(name: string, to: string, rename: () => Promise<void>): Promise<void> {
  const tabs = tabsOn(name)
  await rename()
  // Those that have it by now have heard of it from the engine.
  nameAnew(
    tabs.filter(({ id }) => tabOf(id)?.connection === name),
    name,
    to,
  )
}

/** The same for a connection that has its new name in the workspace already. */
export const renamedElsewhere = (name: string, to: string): void => nameAnew(tabsOn(name), name, to)

function nameAnew(tabs: readonly QueryTab[], name: string, to: string): void {
  for (const { id, folder, saved } of tabs) {
    changeTab(id, { connection: to })
    renameInRun(id, name, to)
    if (saved?.connection === name) changeTab(id, { saved: { ...saved, connection: to } })
    renameTree(connectionOf(name, folder)?.folder ?? folder, name, to)
  }
}

/** Takes note of what became of the sessions of a connection that goes. @param remove does it in the workspace */
export async function removeFromTabs(name: string, remove: () => Promise<unknown>): Promise<void> {
  const tabs = tabsOn(name)
  await remove()
  await endSessions(tabs)
}

/** The same for a connection that is gone from the workspace already. */
export const removedElsewhere = (name: string): Promise<void> => endSessions(tabsOn(name))

async function endSessions(tabs: readonly QueryTab[]): Promise<void> {
  for (const { id } of tabs) changeRun(id, { statements: afterEnd(runOf(id).statements, 'rollback') })
  await Promise.all(tabs.map(({ id }) => refreshState(id)))
}
