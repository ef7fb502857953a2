import { createContext, useContext } from 'react'
import { createStore, type StoreApi } from 'zustand'
import type { RowView } from '../../shared/contract/results.ts'

export type Sort = NonNullable<RowView['sort']>

/** What a column's menu offers where it means something. */
export interface ColumnActions {
  onProfile?(column: string): void
  onLineage?(column: string): void
}

/** What the grid asks of whoever shows it. */
export interface GridActions extends ColumnActions {
  sort: Sort
  onSort(column: string, add: boolean): void
  setSort(sort: Sort): void
  onFilter(column: string): void
  /** Shows the picked cell by itself. */
  onOpen(): void
  onCopy(header: boolean): void
}

const nowhere: StoreApi<GridActions> = createStore<GridActions>()(() => ({
  sort: [],
  onSort: () => undefined,
  setSort: () => undefined,
  onFilter: () => undefined,
  onOpen: () => undefined,
  onCopy: () => undefined,
}))

export const GridActionsContext = createContext(nowhere)

export const useGridActions = (): StoreApi<GridActions> => useContext(GridActionsContext)
