import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import {
  IconChartBar,
  IconColumns3,
  IconListNumbers,
  IconSearch,
  IconSquareRoundedArrowRight,
} from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ResultSource } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import { perform } from '../commands/perform.ts'
import { goToRowCommand } from '../commands/results.ts'
import type { GridStore } from '../grid/store.ts'
import { formatCount, formatRows } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ColumnsMenu } from './ColumnsMenu.tsx'
import { CopyMenu } from './CopyMenu.tsx'
import type { InsertTarget } from './copying.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { Exports } from './Exports.tsx'
import { Filters } from './Filters.tsx'
import classes from './results.module.css'
import rowsClasses from './rows.module.css'
import type { Side } from './side.ts'
import { changeView, useView } from './views.ts'

interface RowsToolbarProps {
  store: GridStore
  viewKey: string
  source: ResultSource
  name: string
  insert: InsertTarget | undefined
  columns: readonly Column[]
  known: number
  complete: boolean
  notice: string | undefined
  failure: AppError | undefined
  side: Side
  onSide(side: Side): void
  filtering: string | null
  onFiltering(column: string | null): void
}

/** Above the rows: search, filters, how many there are, and what can be done with them. */
export function RowsToolbar(props: RowsToolbarProps) {
  const { store, viewKey, source, name, columns, side, onSide, failure } = props
  return (
    <div className={rowsClasses.toolbar} role="toolbar" aria-label="Rows">
      <Search viewKey={viewKey} />
      <Filters
        viewKey={viewKey}
        columns={columns}
        failure={failure}
        opened={props.filtering}
        onOpened={props.onFiltering}
      />
      <Status {...props} />
      <div className={rowsClasses.tools}>
        <IconButton
          label="Go to row"
          shortcut="alt+G"
          icon={IconListNumbers}
          size="sm"
          onClick={() => void perform(goToRowCommand)}
        />
        <IconButton
          label="Show cell"
          shortcut="Enter"
          icon={IconSquareRoundedArrowRight}
          size="sm"
          pressed={side === 'cell'}
          onClick={() => onSide(side === 'cell' ? null : 'cell')}
        />
        <IconButton
          label="Chart"
          icon={IconChartBar}
          size="sm"
          pressed={side === 'chart'}
          onClick={() => onSide(side === 'chart' ? null : 'chart')}
        />
        <ColumnsMenu store={store} columns={columns} icon={IconColumns3} />
        <CopyMenu store={store} source={source} viewKey={viewKey} name={name} insert={props.insert} />
        <ExportMenu source={source} viewKey={viewKey} name={name} />
      </div>
      <Exports />
    </div>
  )
}

/** Milliseconds without typing before the engine searches. */
const settle = 250

function Search({ viewKey }: { viewKey: string }) {
  const { search } = useView(viewKey)
  const [typed, setTyped] = useState(search)
  const apply = useDebouncedCallback((text: string) => changeView(viewKey, { search: text }), settle)
  useEffect(() => setTyped(search), [search])
  const clear = () => {
    // What was typed just now may still wait to be searched for.
    apply.cancel()
    setTyped('')
    changeView(viewKey, { search: '' })
  }
  return (
    <TextInput
      className={rowsClasses.search}
      aria-label="Search all rows"
      placeholder="Search all rows"
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={typed === '' ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={clear} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        apply(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || typed === '') return
        event.preventDefault()
        clear()
      }}
    />
  )
}

function Status({ store, viewKey, known, complete, notice, failure }: RowsToolbarProps) {
  const total = useStore(store, (state) => state.total)
  const { filters, search } = useView(viewKey)
  const narrowed = filters.length > 0 || search !== ''
  const words = !complete
    ? known === 0
      ? 'Waiting for the first rows…'
      : `First ${formatRows(known)} so far`
    : narrowed && !failure
      ? `${formatCount(total)} of ${formatRows(known)}`
      : formatRows(known)
  return (
    <span className={rowsClasses.status} role="status">
      {failure ? <span className={classes.bad}>{failureWords(failure)}</span> : words}
      {notice !== undefined && <span className={rowsClasses.stale}>{notice}</span>}
    </span>
  )
}

const failureWords = ({ message, hint }: AppError) => (hint === undefined ? message : `${message} ${hint}`)
