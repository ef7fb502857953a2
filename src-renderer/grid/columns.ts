import type { ColDef, ValueFormatterParams } from 'ag-grid-community'
import type { StoreApi } from 'zustand'
import type { CellText } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import { formatCount } from '../ui/format.ts'
import type { GridActions } from './actions.ts'
import { editable, markedNumbers } from './edit-columns.ts'
import type { GridEditing } from './editing.ts'
import { cellLine, isRightAligned, startingWidth } from './format.ts'
import classes from './grid.module.css'
import { HeaderCell } from './header-cell.ts'
import { holds } from './range.ts'
import { type GridRow, type GridStore, rowNumbers, shownPlaces } from './store.ts'

/** Definitions of the grid's columns: numbers of rows first, then the data's. @param sample some rows, to go by for their widths */
export function columnDefinitions(
  columns: readonly Column[],
  sample: readonly (readonly CellText[])[],
  store: GridStore,
  actions: StoreApi<GridActions>,
  editing?: GridEditing,
): ColDef<GridRow>[] {
  const values = (place: number) => sample.map((row) => row[place] ?? null)
  const shown = columns.map((column, place) => dataColumn(column, place, values(place), store, actions))
  if (!editing) return [numbers(store), ...shown]
  return [
    markedNumbers(numbers(store), editing),
    ...shown.map((column, place) => editable(column, place, store, editing)),
  ]
}

function numbers(store: GridStore): ColDef<GridRow> {
  return {
    colId: rowNumbers,
    headerName: '',
    pinned: 'left',
    lockPosition: 'left',
    lockPinned: true,
    resizable: false,
    suppressNavigable: true,
    suppressMovable: true,
    initialWidth: 64,
    cellClass: classes.number ?? '',
    valueGetter: ({ node }) => node?.rowIndex,
    valueFormatter: ({ value }) => (typeof value === 'number' ? formatCount(value + 1) : ''),
    cellClassRules: {
      [classes.numberPicked ?? '']: ({ rowIndex }) => {
        const { range } = store.getState()
        return (
          range !== undefined &&
          holds(
            { anchor: range.anchor, end: { ...range.end, column: range.anchor.column } },
            rowIndex,
            range.anchor.column,
          )
        )
      },
    },
  }
}

function dataColumn(
  column: Column,
  place: number,
  values: readonly CellText[],
  store: GridStore,
  actions: StoreApi<GridActions>,
): ColDef<GridRow> {
  const { name, type } = column
  const id = String(place)
  const right = isRightAligned(type)
  return {
    colId: id,
    headerName: name,
    headerComponent: HeaderCell,
    headerComponentParams: { type, store, actions },
    initialWidth: startingWidth(column, values),
    minWidth: 48,
    cellClass: (right ? classes.right : type.kind === 'blob' ? classes.bytes : undefined) ?? '',
    ...(right && { headerClass: classes.right ?? '' }),
    valueGetter: ({ data }) => data?.cells[place],
    valueFormatter: ({ value, data }: ValueFormatterParams<GridRow, CellText>) =>
      value === undefined ? '' : cellLine(value, type, data?.cut?.[place]),
    cellClassRules: {
      [classes.null ?? '']: ({ value }) => value === null,
      [classes.picked ?? '']: ({ rowIndex }) => {
        const state = store.getState()
        return state.range !== undefined && holds(state.range, rowIndex, shownPlaces(state).indexOf(place))
      },
    },
  }
}
