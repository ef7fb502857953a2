import type { GridApi } from 'ag-grid-community'
import { createStore, type StoreApi } from 'zustand'
import type { CellText } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import { type Bounds, boundsOf, type CellRange } from './range.ts'

export interface GridRow {
  cells: readonly CellText[]
  /** By place of the column: length of the whole text, where it was cut. */
  cut?: Readonly<Record<number, number>>
  /** Its id, where it is in no database yet. */
  added?: string
}

export interface GridState {
  api: GridApi<GridRow> | null
  columns: readonly Column[]
  /** Rows of the view. */
  total: number
  /** New rows after them. */
  added: number
  range: CellRange | undefined
  /** The column whose menu is open, by its id, and the button that opened it. */
  menu: { column: string; button: HTMLElement } | undefined
  /** What is said about the cell that is typed into. */
  hint: { at: HTMLElement; text: string; bad: boolean } | undefined
}

export type GridStore = StoreApi<GridState>

export const createGridStore = (): GridStore =>
  createStore<GridState>()(() => ({
    api: null,
    columns: [],
    total: 0,
    added: 0,
    range: undefined,
    menu: undefined,
    hint: undefined,
  }))

/** Rows that are shown, the new ones among them. */
export const rowCount = ({ total, added }: Pick<GridState, 'total' | 'added'>): number => total + added

/** Whether an element belongs to a cell's editor. */
export const isTypedInto = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('.ag-cell input') !== null

/** Places among the data's columns, in the order in which they are shown. */
export function shownPlaces({ api }: Pick<GridState, 'api'>): number[] {
  return (api?.getAllDisplayedColumns() ?? [])
    .map((column) => column.getColId())
    .filter(isData)
    .map(Number)
}

export const rowNumbers = 'row'
const isData = (id: string) => id !== rowNumbers

/** What is picked: rows, and names of columns in the order in which they are shown. */
export function picked(store: GridStore): { bounds: Bounds; columns: string[] } | undefined {
  const state = store.getState()
  if (!state.range) return undefined
  const bounds = boundsOf(state.range)
  const places = shownPlaces(state).slice(bounds.left, bounds.right + 1)
  return { bounds, columns: places.flatMap((place) => state.columns[place]?.name ?? []) }
}

export function pick(store: GridStore, range: CellRange | undefined): void {
  const { api, range: before } = store.getState()
  store.setState({ range })
  if (before !== range) api?.refreshCells({ force: true, suppressFlash: true })
}

/** Shows a row in the middle, and picks its first cell. */
export function goToRow(store: GridStore, row: number): void {
  const { api } = store.getState()
  const count = rowCount(store.getState())
  const target = Math.max(0, Math.min(count - 1, row))
  const [first] = shownPlaces({ api })
  if (!api || first === undefined || count === 0) return
  api.ensureIndexVisible(target, 'middle')
  api.setFocusedCell(target, String(first))
}
