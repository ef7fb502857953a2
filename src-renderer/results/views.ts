import { create } from 'zustand'
import type { RowFilter, RowView } from '../../shared/contract/results.ts'

export interface ShownView {
  sort: NonNullable<RowView['sort']>
  filters: readonly RowFilter[]
  search: string
}

const plain: ShownView = { sort: [], filters: [], search: '' }

interface ViewsState {
  /** By output: which of its rows are shown, in which order. Stays when the output is made anew. */
  views: Readonly<Record<string, ShownView>>
}

export const useViews = create<ViewsState>()(() => ({ views: {} }))

export const viewKey = (document: string, node: string, port: string): string => JSON.stringify([document, node, port])

export const useView = (key: string): ShownView => useViews(({ views }) => views[key] ?? plain)

export const viewOf = (key: string): ShownView => useViews.getState().views[key] ?? plain

export function changeView(key: string, change: Partial<ShownView>): void {
  useViews.setState(({ views }) => ({ views: { ...views, [key]: { ...(views[key] ?? plain), ...change } } }))
}

/** Shows the rows that meet these filters: they take the place of others on the same columns. */
export function narrowView(key: string, filters: readonly RowFilter[]): void {
  const others = viewOf(key).filters.filter(({ column }) => filters.every((filter) => filter.column !== column))
  changeView(key, { filters: [...others, ...filters] })
}

/** Sorts by a column, the other way round when it is sorted by, then not at all. `add`: after the columns that are sorted by already. */
export function nextSort(sort: ShownView['sort'], column: string, add: boolean): ShownView['sort'] {
  const before = sort.find((key) => key.column === column)
  const others = add ? sort.filter((key) => key.column !== column) : []
  if (!before) return [...others, { column, direction: 'asc' }]
  if (before.direction === 'desc') return others
  const turned = { column, direction: 'desc' as const }
  return add ? sort.map((key) => (key.column === column ? turned : key)) : [turned]
}

/** Whether all rows are shown, in the order they came. */
export const isPlain = ({ sort, filters, search }: ShownView): boolean =>
  sort.length === 0 && filters.length === 0 && search === ''

/** A view as calls take it. */
export function asRowView({ sort, filters, search }: ShownView): RowView {
  return { sort, filters: [...filters], ...(search !== '' && { search }) }
}
