import type { SavedQuery } from '../../shared/contract/queries.ts'
import { changeTab, type QueryTab, useTabs } from './tabs.ts'

type SavedTab = QueryTab & { saved: NonNullable<QueryTab['saved']> }

/** Tabs that were saved to a file, or opened from it. */
const tabsOf = (path: string): SavedTab[] =>
  useTabs.getState().tabs.filter((tab): tab is SavedTab => tab.saved?.path === path)

/** A file holds another query now: tabs with another text are not saved any more. */
export function savedQuery({ path, sql, connection }: SavedQuery): void {
  for (const { id } of tabsOf(path)) changeTab(id, { saved: { path, sql, connection } })
}

/** A file has another name now, and so have its tabs. */
export function renamedQuery(from: string, { name, path }: SavedQuery): void {
  for (const { id, saved } of tabsOf(from)) changeTab(id, { name, saved: { ...saved, path } })
}

/** A file is gone: nothing keeps the text but its tabs. */
export function removedQuery(path: string): void {
  for (const { id } of tabsOf(path)) changeTab(id, { saved: null })
}
