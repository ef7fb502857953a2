import { create } from 'zustand'
import type { CellText } from '../../../shared/contract/results.ts'
import { asAppError } from '../../api/client.ts'
import { type GridRow, shownPlaces } from '../../grid/store.ts'
import { shownGrid } from '../../results/shown-grid.ts'
import { showError, showNotice } from '../../ui/notify.ts'
import { wholeText } from './range.ts'
import type { EditedTable } from './table.ts'

/** A cell that is changed in an editor with room. */
export interface LargeCell {
  editing: EditedTable
  row: GridRow
  place: number
  text: CellText | undefined
  /** What is shown is only its beginning: the whole of it, as it was read. */
  whole?: CellText
}

export const useLargeCell = create<{ cell: LargeCell | null }>()(() => ({ cell: null }))

export const closeLarge = () => useLargeCell.setState({ cell: null })

/** Opens the picked cell in an editor with room, or says why it cannot be changed. */
export function openLarge(editing: EditedTable): void {
  const grid = shownGrid()
  if (!grid) return
  const { api, range } = grid.store.getState()
  const place = range && shownPlaces(grid.store.getState())[range.end.column]
  const row = range && api?.getDisplayedRowAtIndex(range.end.row)?.data
  if (!row || place === undefined) return showNotice('Pick a cell first.')
  const refusal = editing.refusal(row, place)
  if (refusal !== undefined) return showNotice(refusal)
  const text = editing.text(row, place)
  if (row.cut?.[place] === undefined || text !== row.cells[place]) {
    return useLargeCell.setState({ cell: { editing, row, place, text } })
  }
  wholeText(grid, range.end.row, place).then(
    (whole) => useLargeCell.setState({ cell: { editing, row, place, text: whole, whole } }),
    (thrown: unknown) => showError(asAppError(thrown), 'The cell was not read'),
  )
}
