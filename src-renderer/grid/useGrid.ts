import {
  CellApiModule,
  CellStyleModule,
  type ColDef,
  ColumnApiModule,
  ColumnAutoSizeModule,
  CustomEditorModule,
  createGrid,
  EventApiModule,
  type GridOptions,
  type IDatasource,
  InfiniteRowModelModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
  type TabToNextCellParams,
} from 'ag-grid-community'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { rowsAtOnce } from '../../shared/contract/results.ts'
import { useSettings } from '../stores/settings.ts'
import { keepStyles } from './keep-styles.ts'
import type { GridRow, GridStore } from './store.ts'
import { gridLooks } from './theme.ts'

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

/** Tab leaves the grid, which arrows go through: there may be millions of cells before what comes behind it. */
const leaveGrid = () => false as const
/** While a cell is changed, Tab goes on to the next one. */
const tabToNextCell = ({ editing, nextCellPosition }: TabToNextCellParams<GridRow>) =>
  editing && nextCellPosition ? nextCellPosition : false

const options: GridOptions<GridRow> = {
  rowModelType: 'infinite',
  defaultColDef: { sortable: false, resizable: true, suppressHeaderMenuButton: true },
  cacheBlockSize: rowsAtOnce,
  cacheOverflowSize: 0,
  maxBlocksInCache: 30,
  maxConcurrentDatasourceRequests: -1,
  infiniteInitialRowCount: 1,
  rowBuffer: 4,
  animateRows: false,
  suppressDragLeaveHidesColumns: true,
  suppressMultiSort: true,
  enterNavigatesVerticallyAfterEdit: true,
  stopEditingWhenCellsLoseFocus: true,
  invalidEditValueMode: 'block',
  tabToNextCell,
  tabToNextHeader: leaveGrid,
  overlayNoRowsTemplate: '<span>No rows</span>',
}

interface Shown {
  /** The grid's name for those who cannot see it. */
  label: string
  definitions: ColDef<GridRow>[]
  open(): IDatasource
}

/**
 * A grid in an element, kept in step with what is to be shown. It draws its cells itself: as React components they would take half
 * as long again.
 */
export function useGrid(store: GridStore, { label, definitions, open }: Shown): RefObject<HTMLDivElement | null> {
  const density = useSettings((settings) => settings.density)
  const place = useRef<HTMLDivElement>(null)
  const given = useRef({ density, columnDefs: definitions, open })
  useLayoutEffect(() => {
    if (!place.current) return
    // This may happen more than once: React takes back effects of what it hides for a while.
    const { density, columnDefs, open } = given.current
    const api = createGrid(place.current, { ...options, ...gridLooks(density), columnDefs, datasource: open() })
    store.setState({ api })
    return () => {
      store.setState({ api: null, range: undefined, menu: undefined, hint: undefined })
      api.destroy()
    }
  }, [store])
  useEffect(() => store.getState().api?.setGridAriaProperty('label', label), [store, label])
  useEffect(() => {
    const before = given.current
    given.current = { density, columnDefs: definitions, open }
    const { api } = store.getState()
    if (density !== before.density) api?.updateGridOptions(gridLooks(density))
    // Other columns make the grid ask for its rows anew: of the datasource that goes.
    if (definitions !== before.columnDefs) api?.setGridOption('columnDefs', definitions)
    if (open !== before.open) api?.setGridOption('datasource', open())
  }, [store, density, definitions, open])
  useEffect(() => keepStyles(density), [density])
  return place
}
