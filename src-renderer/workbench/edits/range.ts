import type { CellText } from '../../../shared/contract/results.ts'
import { api, asAppError } from '../../api/client.ts'
import { type GridRow, goToRow, picked, rowCount, shownPlaces } from '../../grid/store.ts'
import { gridRows } from '../../grid/window.ts'
import { type ShownGrid, shownGrid } from '../../results/shown-grid.ts'
import { asRowView, viewOf } from '../../results/views.ts'
import { readCells } from '../../ui/cells-text.ts'
import { formatCount } from '../../ui/format.ts'
import { showError, showNotice } from '../../ui/notify.ts'
import { addRow, type Edits, removeRow, stage, without } from './staged.ts'
import type { EditedTable } from './table.ts'

/** Rows that are changed at once; a statement does more. */
const maxRows = 5_000

/** Gives all picked cells one value. */
export async function setPicked(editing: EditedTable, text: CellText): Promise<void> {
  await onPicked(async (grid, { top, bottom, left, right }) => {
    const rows = await rowsOf(grid, top, bottom)
    const places = shownPlaces(grid.store.getState()).slice(left, right + 1)
    const wishes = rows.flatMap((row, index) => places.map((place) => ({ row, index: top + index, place, text })))
    await put(editing, grid, wishes)
  })
}

/** Marks the picked rows for deletion; new ones are gone at once. */
export async function removePicked(editing: EditedTable): Promise<void> {
  await onPicked(async (grid, { top, bottom }) => {
    const rows = await rowsOf(grid, top, bottom)
    const refusal = rows.map((row) => editing.lost(row)).find((reason) => reason !== undefined)
    if (refusal !== undefined) showNotice(refusal)
    stage(editing.result, (edits) => {
      let next = edits
      for (const row of rows) {
        if (row.added !== undefined) next = without(next, row.added)
        else if (editing.lost(row) === undefined) next = removeRow(next, editing.shownRow(row))
      }
      return next
    })
  })
}

/** Puts copied cells where the picked ones begin; one cell fills all that are picked. What goes beyond the last row makes new rows. */
export async function pastePicked(editing: EditedTable, copied: string): Promise<void> {
  const cells = readCells(copied)
  await onPicked(async (grid, { top, bottom, left, right }) => {
    const single = cells.length === 1 && cells[0]?.length === 1
    const height = single ? bottom - top + 1 : cells.length
    const end = rowCount(grid.store.getState()) - 1
    const rows = await rowsOf(grid, top, Math.min(top + height - 1, end))
    const fresh = Array.from({ length: height - rows.length }, (): GridRow => ({ cells: [], added: newId() }))
    const places = shownPlaces(grid.store.getState()).slice(left)
    const wishes = [...rows, ...fresh].flatMap((row, index) => {
      const given = single ? Array.from({ length: right - left + 1 }, () => cells[0]?.[0] ?? '') : (cells[index] ?? [])
      return places.slice(0, given.length).map((place, column) => {
        const text = given[column] ?? ''
        const empty = text === '' && editing.problem(row, place, null) === undefined
        return { row, index: top + index, place, text: empty ? null : text }
      })
    })
    await put(editing, grid, wishes, fresh)
  })
}

/** Adds a row after all others, and goes there. */
export function addNewRow(editing: EditedTable): void {
  stage(editing.result, (edits) => addRow(edits, newId()))
  const grid = shownGrid()
  if (grid) goToRow(grid.store, rowCount(grid.store.getState()) - 1)
}

const newId = () => `new ${crypto.randomUUID()}`

interface Wish {
  row: GridRow
  /** Its place in the view. */
  index: number
  place: number
  text: CellText
}

/** Makes all changes that can be made as one, and says how many cannot and why. */
async function put(
  editing: EditedTable,
  grid: ShownGrid,
  wishes: Wish[],
  fresh: readonly GridRow[] = [],
): Promise<void> {
  const refused = wishes.flatMap(
    ({ row, place, text }) => editing.refusal(row, place) ?? editing.problem(row, place, text) ?? [],
  )
  const good = wishes.filter(
    ({ row, place, text }) => !editing.refusal(row, place) && editing.problem(row, place, text) === undefined,
  )
  const whole = new Map<Wish, CellText>()
  for (const wish of good) {
    if (wish.row.cut?.[wish.place] !== undefined) whole.set(wish, await wholeText(grid, wish.index, wish.place))
  }
  stage(editing.result, (edits) => {
    const rows = fresh.reduce((next, { added = '' }) => addRow(next, added), edits)
    return good.reduce(
      (next: Edits, wish) => editing.changed(next, wish.row, wish.place, wish.text, whole.get(wish)),
      rows,
    )
  })
  const [reason] = refused
  if (reason === undefined) return
  showNotice(refused.length === 1 ? reason : `${formatCount(refused.length)} cells were left as they are. ${reason}`)
}

/** The whole text of a cell of which only the beginning is shown. */
export async function wholeText({ source, key, store }: ShownGrid, row: number, place: number): Promise<CellText> {
  const column = store.getState().columns[place]?.name ?? ''
  const { text } = await api.results.cell({ source, view: asRowView(viewOf(key)), row, column })
  return text
}

/** Rows of the view, from memory or the engine. */
async function rowsOf({ store, source, key }: ShownGrid, top: number, bottom: number): Promise<GridRow[]> {
  const { api: grid, total } = store.getState()
  const known = Array.from({ length: bottom - top + 1 }, (_, index) => grid?.getDisplayedRowAtIndex(top + index)?.data)
  if (known.every((row) => row !== undefined)) return known
  const limit = Math.min(bottom, total - 1) - top + 1
  const read =
    limit > 0 ? await api.results.window({ source, view: asRowView(viewOf(key)), offset: top, limit }) : undefined
  const added = shownGrid()?.editing?.added() ?? []
  return [...(read ? gridRows(read) : []), ...added.slice(Math.max(0, top - total), Math.max(0, bottom + 1 - total))]
}

type Work = (grid: ShownGrid, bounds: { top: number; bottom: number; left: number; right: number }) => Promise<void>

async function onPicked(work: Work): Promise<void> {
  const grid = shownGrid()
  const range = grid && picked(grid.store)
  if (!grid || !range) return showNotice('Pick a cell first.')
  const { bounds } = range
  if (bounds.bottom - bounds.top >= maxRows) {
    return showNotice(`At most ${formatCount(maxRows)} rows are changed at once here. A statement changes more.`)
  }
  try {
    await work(grid, bounds)
  } catch (thrown) {
    showError(asAppError(thrown), 'The cells were not changed')
  }
}
