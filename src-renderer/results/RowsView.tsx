import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { createStore } from 'zustand'
import type { CellText, ResultSource, RowsWindow } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import type { ColumnActions, GridActions } from '../grid/actions.ts'
import type { GridEditing } from '../grid/editing.ts'
import { createGridStore, type GridStore } from '../grid/store.ts'
import { useSettings } from '../stores/settings.ts'
import { CellView } from './CellView.tsx'
import { copyPicked, type InsertTarget } from './copying.ts'
import { RowsToolbar } from './RowsToolbar.tsx'
import classes from './results.module.css'
import rowsClasses from './rows.module.css'
import { setShownGrid } from './shown-grid.ts'
import type { Side } from './side.ts'
import { useHead } from './useHead.ts'
import { asRowView, changeView, isPlain, nextSort, useView, viewOf } from './views.ts'

const loadGrid = () => import('../grid/RowsGrid.tsx')
const RowsGrid = lazy(loadGrid)
const ChartPane = lazy(() => import('./ChartPane.tsx'))

/** Fetches the grid before there are rows to show; a failure shows when there are. */
export function preloadGrid(): void {
  loadGrid().then(
    ({ keepStyles }) => keepStyles(useSettings.getState().density),
    () => undefined,
  )
}

interface RowsViewProps {
  /** The same object for as long as it is the same source. */
  source: ResultSource
  /** What sorting, filters and search are remembered under. */
  viewKey: string
  /** The first rows as they came with the news that there are some. */
  first?: RowsWindow | undefined
  /** Their columns, where they are known before any of the rows. */
  told?: readonly Column[] | undefined
  /** Whether something else is in front of them: commands are not for them then. */
  behind?: boolean
  /** Whether no more rows come; where nobody tells, the engine is asked now and then. */
  ended?: boolean
  /** What the rows are called: in names of files, in INSERTs, to those who cannot see. */
  name: string
  /** What INSERTs of them are for. */
  insert?: InsertTarget | undefined
  /** Something to know about the rows, beside their number. */
  notice?: string | undefined
  /** What a column's menu offers besides; the same object between renders. */
  columnActions?: ColumnActions | undefined
  /** Lets cells be changed; the same object between renders. */
  editing?: GridEditing | undefined
  /** Shown instead of rows that cannot be read. */
  failed(thrown: unknown): ReactNode
}

/**
 * Rows of any result with all that can be done with them: search, filters, sorting, a cell by itself, a chart, copies, exports. Another source
 * with the same columns takes the place of the first in the grid that is there.
 */
export function RowsView(props: RowsViewProps) {
  const { source, first, ended, behind, told = [], failed } = props
  const head = useHead(source, { first, ended, behind })
  const [held, hold] = useState('')
  if (head.error) return failed(head.error)
  const { columns = told, rows = [], complete = false, total = 0 } = head.data ?? {}
  const key = JSON.stringify(columns)
  if (head.data && key !== held) hold(key)
  // Columns alone are enough for a grid that has them already; a new one goes by rows for its widths.
  if (columns.length === 0 || (!head.data && key !== held))
    return <p className={classes.waiting}>Waiting for the first rows…</p>
  return (
    <Rows key={key} {...props} columns={columns} sample={rows} first={head.data} complete={complete} known={total} />
  )
}

interface RowsProps extends Omit<RowsViewProps, 'failed' | 'first' | 'ended' | 'told'> {
  columns: readonly Column[]
  /** Some of the rows, to go by for widths. */
  sample?: readonly (readonly CellText[])[]
  /** The first of all rows, whichever are shown. */
  first?: RowsWindow | undefined
  complete: boolean
  /** Rows there are, whichever are shown. */
  known: number
}

/** As `RowsView`, where it is known already what there is. */
export function Rows(props: RowsProps) {
  const { viewKey: key, source, name, notice, complete, known, editing, behind = false } = props
  const view = useView(key)
  const rowView = useMemo(() => asRowView(view), [view])
  const [store] = useState(createGridStore)
  const [columns] = useState(props.columns)
  const [sample] = useState(props.sample ?? [])
  const [side, setSide] = useState<Side>(null)
  const [failure, setFailure] = useState<AppError>()
  const [filtering, setFiltering] = useState<string | null>(null)
  const opener = useRef<Element | null>(null)
  const showSide = useCallback((next: Side) => {
    if (next !== null) opener.current = document.activeElement
    setSide(next)
  }, [])
  const closeSide = () => {
    setSide(null)
    goBack(store, opener.current)
  }
  const [of, setOf] = useState(source)
  if (of !== source) {
    setOf(source)
    setSide(null)
    setFailure(undefined)
    setFiltering(null)
  }
  const actions = useActions(props, view.sort, store, showSide, setFiltering)
  useEffect(() => {
    if (behind) return
    setShownGrid({ store, key, source, name, actions, editing })
    return () => setShownGrid(null)
  }, [store, key, source, name, actions, editing, behind])
  return (
    <div className={rowsClasses.rows}>
      <RowsToolbar
        store={store}
        viewKey={key}
        source={source}
        name={name}
        insert={props.insert}
        notice={notice}
        columns={columns}
        known={known}
        complete={complete}
        failure={failure}
        side={side}
        onSide={showSide}
        filtering={filtering}
        onFiltering={setFiltering}
      />
      <div className={rowsClasses.beside}>
        <Suspense fallback={<p className={classes.waiting}>Loading the grid…</p>}>
          <RowsGrid
            label={`Rows of ${name}`}
            store={store}
            actions={actions}
            source={source}
            view={rowView}
            columns={columns}
            sample={sample}
            first={isPlain(view) ? props.first : undefined}
            version={complete ? 'all' : String(known)}
            onError={setFailure}
            editing={editing}
          />
        </Suspense>
        {side === 'cell' && <CellView store={store} source={source} view={rowView} onClose={closeSide} />}
        {side === 'chart' && (
          <Suspense fallback={<p className={classes.waiting}>Loading the chart…</p>}>
            <ChartPane source={source} view={rowView} columns={columns} known={known} onClose={closeSide} />
          </Suspense>
        )}
      </div>
    </div>
  )
}

/** The keys go on with what opened the side: a button, or the cell that is picked by now. */
function goBack(store: GridStore, opener: Element | null): void {
  const { api } = store.getState()
  const cell = api?.getFocusedCell()
  if (opener instanceof HTMLElement && opener.closest('button')) opener.focus()
  else if (cell) api?.setFocusedCell(cell.rowIndex, cell.column)
}

function useActions(
  { source, viewKey: key, name, columnActions }: RowsProps,
  sort: GridActions['sort'],
  store: GridStore,
  setSide: (side: Side) => void,
  setFiltering: (column: string | null) => void,
) {
  const wanted = useMemo(
    (): GridActions => ({
      ...columnActions,
      sort,
      onSort: (column, add) => changeView(key, { sort: nextSort(viewOf(key).sort, column, add) }),
      setSort: (sort) => changeView(key, { sort }),
      onFilter: setFiltering,
      onOpen: () => setSide('cell'),
      onCopy: (header) => void copyPicked({ store, source, key, name }, { format: 'tsv', header, scope: 'cells' }),
    }),
    [source, key, name, columnActions, sort, store, setSide, setFiltering],
  )
  // The same store for other rows: another one would be other columns to the grid.
  const [actions] = useState(() => createStore<GridActions>()(() => wanted))
  useEffect(() => actions.setState(wanted, true), [actions, wanted])
  return actions
}
