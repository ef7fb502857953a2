import type { CellText } from '../../shared/contract/results.ts'
import type { GridRow } from './store.ts'

export type RowMark = 'new' | 'changed' | 'deleted'

/**
 * Lets cells be typed into. What is typed is kept by whoever shows the grid, which tells the grid whenever something is to be drawn anew.
 * Places are those of the data's columns.
 */
export interface GridEditing {
  /** Rows that are only here yet; they stand after all others. */
  added(): readonly GridRow[]
  /** What a cell holds now; undefined in a new row where nothing was given. */
  text(row: GridRow, place: number): CellText | undefined
  /** What is shown for undefined. */
  blank(place: number): string
  rowMark(row: GridRow): RowMark | undefined
  isChanged(row: GridRow, place: number): boolean
  /** Why a cell cannot be changed, in words; undefined when it can. */
  refusal(row: GridRow, place: number): string | undefined
  /** Whether a cell has room of its own to be changed in: long texts, JSON. */
  isLarge(row: GridRow, place: number): boolean
  /** Why a cell cannot hold this, in words; undefined when it can. */
  problem(row: GridRow, place: number, text: CellText): string | undefined
  /** Values to choose from, where there are but some. */
  choices(place: number): readonly string[] | undefined
  /** Whether an empty text is a value of its own; elsewhere it means NULL. */
  takesEmpty(place: number): boolean
  put(row: GridRow, place: number, text: CellText): void
  /** Rows with changes that are not applied. */
  readonly count: number
  /** Opens the picked cell in an editor that has room. */
  openLarge(): void
  /** These are about all that is picked. */
  set(text: null | ''): void
  removeRows(): void
  addRow(): void
  paste(text: string): void
  undo(): void
  redo(): void
  /** Takes everything back. */
  discard(): Promise<void>
  /** Shows all changes, to be applied. */
  review(): void
  refuse(reason: string): void
  subscribe(changed: () => void): () => void
}
