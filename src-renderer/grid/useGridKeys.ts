import { type KeyboardEvent, useCallback } from 'react'
import type { StoreApi } from 'zustand'
import { matches } from '../commands/keys.ts'
import type { GridActions } from './actions.ts'
import { grown, type Move } from './range.ts'
import { type GridStore, pick, shownPlaces } from './store.ts'

const moves: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/** Keys that the grid itself does not know: growing the picked range, copying it, opening a cell, sorting from a header. */
export function useGridKeys(store: GridStore, actions: StoreApi<GridActions>) {
  return useCallback(
    (event: KeyboardEvent) => {
      const { target } = event
      if (!(target instanceof HTMLElement)) return
      const took = target.closest('.ag-header-cell')
        ? onHeader(event, target, store, actions.getState())
        : target.closest('.ag-cell') !== null && onCell(event, store, actions.getState())
      if (!took) return
      event.preventDefault()
      event.stopPropagation()
    },
    [store, actions],
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

function onCell(event: KeyboardEvent, store: GridStore, { onOpen, onCopy }: GridActions): boolean {
  const { nativeEvent } = event
  if (matches('Enter', nativeEvent) || matches('F4', nativeEvent)) {
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

function pickAll(store: GridStore): boolean {
  const { total } = store.getState()
  const columns = shownPlaces(store.getState()).length
  if (total > 0) pick(store, { anchor: { row: 0, column: 0 }, end: { row: total - 1, column: columns - 1 } })
  return true
}

function grow(store: GridStore, move: Move, whole: boolean): boolean {
  const { api, range, total } = store.getState()
  if (!api || !range) return false
  const places = shownPlaces({ api })
  const next = grown(range, move, { rows: total, columns: places.length }, whole)
  pick(store, next)
  api.ensureIndexVisible(next.end.row)
  const place = places[next.end.column]
  if (place !== undefined) api.ensureColumnVisible(String(place))
  return true
}
