import { type FocusEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react'
import type { StoreApi } from 'zustand'
import type { GridActions } from './actions.ts'
import type { GridEditing } from './editing.ts'
import { type Cell, single } from './range.ts'
import { type GridStore, isTypedInto, pick, rowNumbers, shownPlaces } from './store.ts'
import { beginElsewhere } from './useGridKeys.ts'

/**
 * Picking cells: a click, a drag, Shift and a click; a number picks its row. Moving the focus by keys picks the cell it comes to.
 * The page's own events are taken, since the grid tells of its own only later, when the next key may have been pressed.
 */
export function useGridMouse(store: GridStore, actions: StoreApi<GridActions>, editing: GridEditing | undefined) {
  const pressed = useRef(false)
  useEffect(() => {
    const release = () => {
      pressed.current = false
    }
    window.addEventListener('mouseup', release)
    return () => window.removeEventListener('mouseup', release)
  }, [])
  return useMemo(
    () => ({
      onMouseDownCapture(event: MouseEvent) {
        const at = isTypedInto(event.target) ? undefined : placeOf(event.target, store)
        const { range } = store.getState()
        // A menu is for what is picked.
        if (!at || (event.button !== 0 && range)) return
        pressed.current = true
        const anchor = event.shiftKey ? range?.anchor : undefined
        if (at.column >= 0) pick(store, anchor ? { anchor, end: at } : single(at))
        else pickRow(store, anchor?.row ?? at.row, at.row)
      },
      onMouseOver(event: MouseEvent) {
        const { range } = store.getState()
        if (event.buttons !== 1 || !pressed.current || !range) return
        const at = placeOf(event.target, store)
        if (!at) return
        if (at.column >= 0) pick(store, { anchor: range.anchor, end: at })
        else pickRow(store, range.anchor.row, at.row)
      },
      onFocus(event: FocusEvent) {
        const at = isTypedInto(event.target) ? undefined : placeOf(event.target, store)
        if (!pressed.current && at && at.column >= 0) pick(store, single(at))
      },
      onDoubleClick(event: MouseEvent) {
        const at = placeOf(event.target, store)
        if (!at || at.column < 0 || isTypedInto(event.target) || !(event.target instanceof Element)) return
        if (editing) beginElsewhere(event.target, store, editing)
        else actions.getState().onOpen()
      },
    }),
    [store, actions, editing],
  )
}

function pickRow(store: GridStore, from: number, to: number): void {
  const last = shownPlaces(store.getState()).length - 1
  pick(store, { anchor: { row: from, column: 0 }, end: { row: to, column: last } })
}

/** The cell that an element belongs to; its column is -1 for the number of a row. */
function placeOf(target: EventTarget, store: GridStore): Cell | undefined {
  if (!(target instanceof Element)) return undefined
  const cell = target.closest('[role="gridcell"]')
  const id = cell?.getAttribute('col-id')
  const row = Number(cell?.closest('[row-index]')?.getAttribute('row-index') ?? Number.NaN)
  if (id === null || id === undefined || !Number.isInteger(row)) return undefined
  return { row, column: id === rowNumbers ? -1 : shownPlaces(store.getState()).indexOf(Number(id)) }
}
