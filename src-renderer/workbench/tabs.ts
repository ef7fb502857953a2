import { z } from 'zod'
import { create } from 'zustand'
import { queryValue } from '../../shared/contract/queries.ts'
import { recall, remember } from '../stores/settings.ts'

const savedQuery = z.object({ path: z.string(), sql: z.string(), connection: z.string().nullable() })

const queryTab = z.object({
  /** The session's id, too. */
  id: z.string(),
  name: z.string(),
  connection: z.string().nullable(),
  /** Folder that the connection's name is looked up from. */
  folder: z.string(),
  sql: z.string(),
  /** The text it was opened with, which nobody typed: closing loses nothing while it is as it was. */
  given: z.string().default(''),
  /** The schema whose diagram it shows instead of a text; `table` is what it was opened for. */
  diagram: z.object({ schema: z.string().nullable(), table: z.string().nullable() }).nullable().default(null),
  /** The file it was saved to, as it is there. */
  saved: savedQuery.nullable(),
  /** Transactions are ended by hand. */
  manual: z.boolean(),
  /** Values of parameters as they were last typed. */
  params: z.record(z.string(), queryValue),
})
export type QueryTab = z.infer<typeof queryTab>

interface TabsState {
  tabs: readonly QueryTab[]
  active: string | null
}

/** The open queries. What is typed survives the window. */
export const useTabs = create<TabsState>()(() => ({ tabs: [], active: null }))

const remembered = z.object({ tabs: z.array(queryTab), active: z.string().nullable() })
const key = 'query.tabs'

let restored = false

/** Brings back the tabs as they were left, once; at least one is open afterwards. */
export function restoreTabs(folder: string): void {
  if (restored) return
  restored = true
  const { success, data } = remembered.safeParse(recall(key))
  if (success && data.tabs.length > 0) useTabs.setState(data)
  else openTab({ folder })
  useTabs.subscribe(({ tabs, active }) => remember(key, { tabs: [...tabs], active }))
}

/** Opens a query in a tab of its own and shows it. @returns its id */
export function openTab(given: Partial<Omit<QueryTab, 'id'>> & { folder: string }): string {
  const { tabs } = useTabs.getState()
  const id = crypto.randomUUID()
  const tab: QueryTab = {
    name: freeName(tabs),
    connection: null,
    sql: '',
    given: '',
    diagram: null,
    saved: null,
    manual: false,
    params: {},
    ...given,
    id,
  }
  useTabs.setState({ tabs: [...tabs, tab], active: id })
  return id
}

function freeName(tabs: readonly QueryTab[]): string {
  for (let number = 1; ; number++) {
    const name = `Query ${number}`
    if (tabs.every((tab) => tab.name !== name)) return name
  }
}

export const activateTab = (id: string) => useTabs.setState({ active: id })

/** Puts a tab at another place. @param to its place among the others */
export function moveTab(id: string, to: number): void {
  useTabs.setState(({ tabs }) => {
    const moved = tabs.filter((tab) => tab.id === id)
    return { tabs: tabs.filter((tab) => tab.id !== id).toSpliced(to, 0, ...moved) }
  })
}

export function changeTab(id: string, change: Partial<Omit<QueryTab, 'id'>>): void {
  useTabs.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) }))
}

/** Takes a tab away; another one takes its place. */
export function removeTab(id: string): void {
  const { tabs, active } = useTabs.getState()
  const at = tabs.findIndex((tab) => tab.id === id)
  const left = tabs.filter((tab) => tab.id !== id)
  const next = active === id ? (left[Math.min(at, left.length - 1)]?.id ?? null) : active
  useTabs.setState({ tabs: left, active: next })
}

export const tabOf = (id: string | null): QueryTab | undefined => useTabs.getState().tabs.find((tab) => tab.id === id)

export const activeTab = (): QueryTab | undefined => tabOf(useTabs.getState().active)

export const useTab = (id: string): QueryTab | undefined => useTabs(({ tabs }) => tabs.find((tab) => tab.id === id))

/** What a tab is called. */
export const titleOf = ({ name, diagram, connection }: QueryTab): string =>
  diagram ? `Diagram of ${diagram.schema ?? connection ?? ''}` : name

/** Whether there is something that closing would lose. */
export const isUnsaved = ({ saved, sql, given, connection }: QueryTab): boolean =>
  saved ? saved.sql !== sql || saved.connection !== connection : sql.trim() !== '' && sql !== given
