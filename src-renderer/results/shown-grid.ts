import type { StoreApi } from 'zustand'
import type { ResultSource } from '../../shared/contract/results.ts'
import type { GridActions } from '../grid/actions.ts'
import type { GridEditing } from '../grid/editing.ts'
import type { GridStore } from '../grid/store.ts'

export interface ShownGrid {
  store: GridStore
  /** See viewKey. */
  key: string
  source: ResultSource
  /** What the rows are called. */
  name: string
  actions: StoreApi<GridActions>
  /** Where cells can be changed. */
  editing: GridEditing | undefined
}

let shown: ShownGrid | null = null

/** The grid in the panel, for commands. */
export const shownGrid = (): ShownGrid | null => shown

export function setShownGrid(grid: ShownGrid | null): void {
  shown = grid
}
