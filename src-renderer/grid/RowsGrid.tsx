import { Tooltip } from '@mantine/core'
import { type ClipboardEvent, useEffect, useMemo, useRef } from 'react'
import { type StoreApi, useStore } from 'zustand'
import type { CellText, ResultSource, RowsWindow, RowView } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import type { GridActions } from './actions.ts'
import { ColumnMenu } from './ColumnMenu.tsx'
import { columnDefinitions } from './columns.ts'
import editClasses from './edit.module.css'
import type { GridEditing } from './editing.ts'
import classes from './grid.module.css'
import { keepStyles } from './keep-styles.ts'
import { type GridStore, isTypedInto } from './store.ts'
import { useDatasource } from './useDatasource.ts'
import { useGrid } from './useGrid.ts'
import { useGridKeys } from './useGridKeys.ts'
import { useGridMouse } from './useGridMouse.ts'

export { keepStyles }

interface RowsGridProps {
  label: string
  store: GridStore
  actions: StoreApi<GridActions>
  source: ResultSource
  view: RowView
  columns: readonly Column[]
  /** Some of the rows, to go by for widths. */
  sample: readonly (readonly CellText[])[]
  /** The first block, where it is there already; it is asked for otherwise. */
  first?: RowsWindow | undefined
  /** Another one when more rows can be had than were shown. */
  version: string
  /** What kept the rows from being read; undefined once they were. */
  onError(error: AppError | undefined): void
  /** Lets cells be changed; the same object between renders. */
  editing?: GridEditing | undefined
}

/** Rows of a result, in windows from the engine: as many as there are, each read when it comes into sight. */
export default function RowsGrid(props: RowsGridProps) {
  const { label, store, actions, source, view, columns, sample, first, version, onError, editing } = props
  const definitions = useMemo(
    () => columnDefinitions(columns, sample, store, actions, editing),
    [columns, sample, store, actions, editing],
  )
  const keys = useGridKeys(store, actions, editing)
  const mouse = useGridMouse(store, actions, editing)
  const open = useDatasource(store, source, view, first, onError, editing)
  const place = useGrid(store, { label, definitions, open })

  useEffect(() => {
    store.setState({ columns })
  }, [store, columns])
  const shown = useRef({ source, version })
  useEffect(() => {
    const before = shown.current
    shown.current = { source, version }
    const { api } = store.getState()
    if (before.source !== source) {
      // Other rows, in the grid of those before: they are begun from the first.
      if ((api?.getFirstDisplayedRowIndex() ?? 0) > 0) api?.ensureIndexVisible(0, 'top')
      api?.clearFocusedCell()
    } else if (before.version !== version) api?.refreshInfiniteCache()
  }, [store, source, version])
  useEditing(store, editing)
  return (
    <div
      className={classes.grid}
      onKeyDownCapture={keys}
      onPaste={(event) => paste(event, editing)}
      {...mouse}
      data-grid
    >
      <div ref={place} className={classes.place} />
      <ColumnMenu store={store} actions={actions} />
      <EditHint store={store} />
    </div>
  )
}

/** What is to be said of the cell that is typed into, beside it. */
function EditHint({ store }: { store: GridStore }) {
  const hint = useStore(store, (state) => state.hint)
  if (!hint) return null
  return (
    <Tooltip
      opened
      target={hint.at}
      label={hint.text}
      position="bottom-start"
      withinPortal
      classNames={{ tooltip: editClasses.hint ?? '' }}
      data-bad={hint.bad || undefined}
    />
  )
}

/** Draws cells anew when they were changed, and makes room for new rows. */
function useEditing(store: GridStore, editing: GridEditing | undefined): void {
  useEffect(() => {
    const draw = () => {
      const { api: grid, added: before, total } = store.getState()
      const added = editing?.added() ?? []
      store.setState({ added: added.length })
      if (!grid) return
      if (added.length !== before) grid.setRowCount(total + added.length, true)
      // Whoever has just added a row types into it at once.
      for (const [index, row] of added.entries()) grid.getDisplayedRowAtIndex(total + index)?.setData(row)
      grid.refreshCells({ force: true, suppressFlash: true })
    }
    draw()
    return editing?.subscribe(draw)
  }, [store, editing])
}

function paste(event: ClipboardEvent, editing: GridEditing | undefined): void {
  if (!editing || isTypedInto(event.target)) return
  event.preventDefault()
  editing.paste(event.clipboardData.getData('text/plain'))
}
