import type { CellFocusedEvent, CellMouseDownEvent, CellMouseOverEvent } from 'ag-grid-community'
import { useEffect, useMemo, useRef } from 'react'
import type { StoreApi } from 'zustand'
import type { GridActions } from './actions.ts'
import { single } from './range.ts'
import { type GridRow, type GridStore, pick, rowNumbers, shownPlaces } from './store.ts'

/** Picking cells: a click, a drag, Shift and a click; a number picks its row. Moving the focus by keys picks the cell it comes to. */
export function useGridMouse(store: GridStore, actions: StoreApi<GridActions>) {
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
      onCellMouseDown({ event, rowIndex, column }: CellMouseDownEvent<GridRow>) {
        if (!(event instanceof MouseEvent) || rowIndex === null) return
        const { range } = store.getState()
        const extend = event.shiftKey ? range : undefined
        // A menu is for what is picked.
        if (event.button !== 0 && range) return
        pressed.current = true
        const places = shownPlaces(store.getState())
        const last = places.length - 1
        const id = column.getColId()
        if (id === rowNumbers) {
          const start = extend ? extend.anchor.row : rowIndex
          pick(store, { anchor: { row: start, column: 0 }, end: { row: rowIndex, column: last } })
          return
        }
        const cell = { row: rowIndex, column: places.indexOf(Number(id)) }
        pick(store, extend ? { anchor: extend.anchor, end: cell } : single(cell))
      },
      onCellMouseOver({ event, rowIndex, column }: CellMouseOverEvent<GridRow>) {
        const { range } = store.getState()
        if (!(event instanceof MouseEvent) || event.buttons !== 1 || !pressed.current || !range || rowIndex === null)
          return
        const places = shownPlaces(store.getState())
        const place = places.indexOf(Number(column.getColId()))
        pick(store, { anchor: range.anchor, end: { row: rowIndex, column: place < 0 ? places.length - 1 : place } })
      },
      onCellFocused({ rowIndex, column }: CellFocusedEvent<GridRow>) {
        if (pressed.current || rowIndex === null || column === null || typeof column === 'string') return
        const place = shownPlaces(store.getState()).indexOf(Number(column.getColId()))
        if (place >= 0) pick(store, single({ row: rowIndex, column: place }))
      },
      onCellDoubleClicked: () => actions.getState().onOpen(),
    }),
    [store, actions],
  )
}
