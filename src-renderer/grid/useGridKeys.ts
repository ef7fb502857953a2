import { type KeyboardEvent, useCallback } from 'react'
import type { StoreApi } from 'zustand'
import { matches } from '../commands/keys.ts'
import type { GridActions } from './actions.ts'
import type { GridEditing } from './editing.ts'
import { grown, type Move } from './range.ts'
import { type GridStore, isTypedInto, pick, rowCount, shownPlaces } from './store.ts'

const moves: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/** Keys that the grid itself does not know: growing the picked range, copying it, opening a cell, sorting from a header. */
export function useGridKeys(store: GridStore, actions: StoreApi<GridActions>, editing: GridEditing | undefined) {
  return useCallback(
    (event: KeyboardEvent) => {
      const { target } = event
      if (!(target instanceof HTMLElement) || isTypedInto(target)) return
      const took = target.closest('.ag-header-cell')
        ? onHeader(event, target, store, actions.getState())
        : target.closest('.ag-cell') !== null &&
          ((editing && onEditable(event, target, store, editing)) || onCell(event, store, actions.getState(), editing))
      if (!took) return
      event.preventDefault()
      event.stopPropagation()
    },
    [store, actions, editing],
  )
}

function onHeader(event: KeyboardEvent, target: HTMLElement, store: GridStore, { onSort }: GridActions): boolean {
  if (event.key !== 'Enter' && !(event.altKey && event.key === 'ArrowDown')) return false
  const header = target.closest('.ag-header-cell')
  const column = store.getState().columns[Number(header?.getAttribute('col-id'))]
  if (!header || !column) return false
  if (event.key === 'Enter') onSort(column.name, event.shiftKey)
  else header.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.click()
  return true
}

function onCell(
  event: KeyboardEvent,
  store: GridStore,
  { onOpen, onCopy }: GridActions,
  editing: GridEditing | undefined,
): boolean {
  const { nativeEvent } = event
  if ((matches('Enter', nativeEvent) && !editing) || matches('F4', nativeEvent)) {
    onOpen()
    return true
  }
  if (matches('mod+C', nativeEvent) || matches('mod+shift+C', nativeEvent)) {
    onCopy(event.shiftKey)
    return true
  }
  if (matches('mod+A', nativeEvent)) return pickAll(store)
  const move = moves[event.key]
  return move !== undefined && event.shiftKey && !event.altKey && grow(store, move, event.ctrlKey || event.metaKey)
}

/** Keys that change what is picked. Those that begin to type are left to the grid where the cell takes them. */
function onEditable(event: KeyboardEvent, target: HTMLElement, store: GridStore, editing: GridEditing): boolean {
  const { nativeEvent, key } = event
  const pressed = (...shortcuts: string[]) => shortcuts.some((shortcut) => matches(shortcut, nativeEvent))
  if (pressed('Delete')) editing.set(null)
  else if (pressed('mod+Delete')) editing.removeRows()
  else if (pressed('mod+Z')) editing.undo()
  else if (pressed('mod+shift+Z', 'mod+Y')) editing.redo()
  else if (pressed('shift+F2')) editing.openLarge()
  else {
    const types = key.length === 1 && key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
    return (types || pressed('F2', 'Enter', 'Backspace')) && beginElsewhere(target, store, editing)
  }
  return true
}

/** Whether the cell is changed elsewhere, or says why not. */
export function beginElsewhere(target: Element, store: GridStore, editing: GridEditing): boolean {
  const cell = target.closest('.ag-cell')
  const index = Number(cell?.closest('[row-index]')?.getAttribute('row-index') ?? Number.NaN)
  const place = Number(cell?.getAttribute('col-id') ?? Number.NaN)
  const row = store.getState().api?.getDisplayedRowAtIndex(index)?.data
  if (!row || Number.isNaN(place)) return false
  const refusal = editing.refusal(row, place)
  if (refusal !== undefined) editing.refuse(refusal)
  else if (editing.isLarge(row, place)) editing.openLarge()
  else return false
  return true
}

function pickAll(store: GridStore): boolean {
  const total = rowCount(store.getState())
  const columns = shownPlaces(store.getState()).length
  if (total > 0) pick(store, { anchor: { row: 0, column: 0 }, end: { row: total - 1, column: columns - 1 } })
  return true
}

function grow(store: GridStore, move: Move, whole: boolean): boolean {
  const { api, range } = store.getState()
  if (!api || !range) return false
  const places = shownPlaces({ api })
  const next = grown(range, move, { rows: rowCount(store.getState()), columns: places.length }, whole)
  pick(store, next)
  api.ensureIndexVisible(next.end.row)
  const place = places[next.end.column]
  if (place !== undefined) api.ensureColumnVisible(String(place))
  return true
}
