import type { ColDef } from 'ag-grid-community'
import { CellEditor } from './cell-editor.ts'
import classes from './edit.module.css'
import type { GridEditing, RowMark } from './editing.ts'
import type { GridRow, GridStore } from './store.ts'

/** A column whose cells can be typed into, and show what was. */
export function editable(
  column: ColDef<GridRow>,
  place: number,
  store: GridStore,
  editing: GridEditing,
): ColDef<GridRow> {
  const { valueFormatter } = column
  return {
    ...column,
    cellClass: [...[column.cellClass ?? []].flat(), classes.cell ?? ''].filter((name) => typeof name === 'string'),
    cellEditor: CellEditor,
    cellEditorParams: { store, editing, place },
    editable: ({ data }) =>
      data !== undefined && editing.refusal(data, place) === undefined && !editing.isLarge(data, place),
    valueGetter: ({ data }) => data && editing.text(data, place),
    valueSetter({ data, newValue }) {
      if (newValue === undefined) return false
      editing.put(data, place, newValue)
      return true
    },
    valueFormatter(params) {
      if (params.value === undefined) return params.data?.added === undefined ? '' : editing.blank(place)
      return typeof valueFormatter === 'function' ? valueFormatter(params) : ''
    },
    cellClassRules: {
      ...column.cellClassRules,
      [classes.blank ?? '']: ({ value, data }) => value === undefined && data?.added !== undefined,
      [classes.changed ?? '']: ({ data }) => data !== undefined && editing.isChanged(data, place),
      ...ruleOf(classes.added, 'new', editing),
      ...ruleOf(classes.deleted, 'deleted', editing),
    },
  }
}

/** Numbers of rows that say what becomes of the row. */
export function markedNumbers(column: ColDef<GridRow>, editing: GridEditing): ColDef<GridRow> {
  return {
    ...column,
    cellClass: [...[column.cellClass ?? []].flat(), classes.number ?? ''].filter((name) => typeof name === 'string'),
    cellClassRules: {
      ...column.cellClassRules,
      ...ruleOf(classes.changedRow, 'changed', editing),
      ...ruleOf(classes.addedRow, 'new', editing),
      ...ruleOf(classes.deletedRow, 'deleted', editing),
    },
  }
}

function ruleOf(name: string | undefined, mark: RowMark, editing: GridEditing): ColDef<GridRow>['cellClassRules'] {
  return { [name ?? '']: ({ data }) => data !== undefined && editing.rowMark(data) === mark }
}
