import {
  CellApiModule,
  CellStyleModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  CustomEditorModule,
  EventApiModule,
  type GridReadyEvent,
  type IDatasource,
  InfiniteRowModelModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
  type TabToNextCellParams,
} from 'ag-grid-community'
import { AgGridReact } from 'ag-grid-react'
import { type ClipboardEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import type { StoreApi } from 'zustand'
import {
  type CellText,
  type ResultSource,
  type RowsWindow,
  type RowView,
  rowsAtOnce,
} from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import { api, asAppError } from '../api/client.ts'
import { useSettings } from '../stores/settings.ts'
import { type GridActions, GridActionsContext } from './actions.ts'
import { columnDefinitions } from './columns.ts'
import type { GridEditing } from './editing.ts'
import classes from './grid.module.css'
import { keepStyles } from './keep-styles.ts'
import { BlockLoader } from './loader.ts'
import { type GridRow, type GridStore, isTypedInto, pick } from './store.ts'
import { gridTheme } from './theme.ts'
import { useGridKeys } from './useGridKeys.ts'
import { useGridMouse } from './useGridMouse.ts'
import { gridRows } from './window.ts'

export { keepStyles }

ModuleRegistry.registerModules([
  InfiniteRowModelModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  CustomEditorModule,
  CellApiModule,
  CellStyleModule,
  EventApiModule,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
])

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
  const density = useSettings((settings) => settings.density)
  useEffect(() => keepStyles(density), [density])
  const definitions = useMemo(
    () => columnDefinitions(columns, sample, store, editing),
    [columns, sample, store, editing],
  )
  const keys = useGridKeys(store, actions, editing)
  const mouse = useGridMouse(store, actions, editing)
  const datasource = useDatasource(store, source, view, first, onError, editing)

  useEffect(() => {
    store.setState({ columns })
  }, [store, columns])
  const shown = useRef(version)
  useEffect(() => {
    if (shown.current === version) return
    shown.current = version
    store.getState().api?.refreshInfiniteCache()
  }, [store, version])
  useEditing(store, editing)
  useEffect(() => () => store.setState({ api: null, range: undefined }), [store])

  const onReady = useCallback(
    ({ api: grid }: GridReadyEvent<GridRow>) => {
      grid.setGridAriaProperty('label', label)
      store.setState({ api: grid })
    },
    [store, label],
  )
  return (
    <GridActionsContext value={actions}>
      <div
        className={classes.grid}
        onKeyDownCapture={keys}
        onPaste={(event) => paste(event, editing)}
        {...mouse}
        data-grid
      >
        <AgGridReact<GridRow>
          theme={gridTheme(density)}
          rowModelType="infinite"
          columnDefs={definitions}
          defaultColDef={defaults}
          datasource={datasource}
          cacheBlockSize={rowsAtOnce}
          cacheOverflowSize={0}
          maxBlocksInCache={30}
          maxConcurrentDatasourceRequests={-1}
          infiniteInitialRowCount={1}
          rowBuffer={4}
          animateRows={false}
          suppressColumnVirtualisation={false}
          suppressDragLeaveHidesColumns
          suppressMultiSort
          enterNavigatesVerticallyAfterEdit
          stopEditingWhenCellsLoseFocus
          invalidEditValueMode="block"
          tabToNextCell={tabToNextCell}
          tabToNextHeader={leaveGrid}
          onGridReady={onReady}
        />
      </div>
    </GridActionsContext>
  )
}

/** Tab leaves the grid, which arrows go through: there may be millions of cells before what comes behind it. */
const leaveGrid = () => false as const
/** While a cell is changed, Tab goes on to the next one. */
const tabToNextCell = ({ editing, nextCellPosition }: TabToNextCellParams<GridRow>) =>
  editing && nextCellPosition ? nextCellPosition : false

const defaults = { sortable: false, resizable: true, suppressHeaderMenuButton: true }

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

function useDatasource(
  store: GridStore,
  source: ResultSource,
  view: RowView,
  first: RowsWindow | undefined,
  onError: (error: AppError | undefined) => void,
  editing: GridEditing | undefined,
): IDatasource {
  const report = useRef(onError)
  const latest = useRef(editing)
  const unused = useRef(first)
  useEffect(() => {
    report.current = onError
    latest.current = editing
    if (unused.current) unused.current = first
  })
  return useMemo(() => {
    const loader = new BlockLoader<RowsWindow>(({ offset, limit }, signal) =>
      api.results.window({ source, view, offset, limit }, { signal }),
    )
    let ended = false
    pick(store, undefined)
    return {
      async getRows({ startRow, endRow, successCallback, failCallback }) {
        try {
          const known = startRow === 0 ? unused.current : undefined
          unused.current = undefined
          const found = known ?? (await loader.load({ offset: startRow, limit: endRow - startRow }))
          if (ended) return
          store.setState({ total: found.total })
          report.current(undefined)
          const added = latest.current?.added() ?? []
          const more = added.slice(Math.max(0, startRow - found.total), Math.max(0, endRow - found.total))
          successCallback([...gridRows(found), ...more], found.total + added.length)
        } catch (thrown) {
          if (ended) return
          failCallback()
          report.current(asAppError(thrown))
        }
      },
      destroy() {
        ended = true
        loader.stop()
      },
    }
  }, [store, source, view])
}
