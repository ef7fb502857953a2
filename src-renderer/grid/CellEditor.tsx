import { Tooltip } from '@mantine/core'
import type { CustomCellEditorProps } from 'ag-grid-react'
import { useGridCellEditor } from 'ag-grid-react'
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { CellText } from '../../shared/contract/results.ts'
import classes from './edit.module.css'
import type { GridEditing } from './editing.ts'
import type { GridRow } from './store.ts'

interface CellEditorProps extends CustomCellEditorProps<GridRow, CellText> {
  editing: GridEditing
  place: number
}

/** A cell that is typed into. What does not fit its column is said at once, and the cell is not left with it. */
export function CellEditor({
  value,
  initialValue,
  onValueChange,
  eventKey,
  data,
  colDef,
  editing,
  place,
}: CellEditorProps) {
  const [began] = useState(() => beginning(initialValue, eventKey, editing.takesEmpty(place)))
  const input = useRef<HTMLInputElement>(null)
  const list = useId()
  const choices = editing.choices(place)
  const empty = editing.takesEmpty(place)
  const problem = value === undefined ? undefined : editing.problem(data, place, value)
  useGridCellEditor({
    getValidationErrors: () => (problem === undefined ? null : [problem]),
  })
  const put = useRef(onValueChange)
  useEffect(() => {
    put.current = onValueChange
  })
  // Before anything else can happen: the next key is for the editor already.
  useLayoutEffect(() => {
    put.current(began)
    input.current?.focus()
  }, [began])
  const onKeyDown = (event: KeyboardEvent) => {
    const erases = event.key === 'Backspace' || event.key === 'Delete'
    if (!erases || !empty || (value ?? '') !== '') return
    event.preventDefault()
    onValueChange(value === '' ? null : '')
  }
  return (
    <Tooltip
      opened={problem !== undefined || (empty && (value ?? '') === '')}
      label={
        problem ?? (value === '' ? 'Empty text. Backspace makes it NULL.' : 'NULL. Backspace makes it an empty text.')
      }
      position="bottom-start"
      withinPortal
      classNames={{ tooltip: classes.hint ?? '' }}
      data-bad={problem !== undefined || undefined}
    >
      <input
        ref={input}
        className={classes.input}
        aria-label={colDef.headerName}
        aria-invalid={problem !== undefined}
        list={choices && list}
        placeholder={value === '' ? 'empty text' : value === undefined ? editing.blank(place) : 'NULL'}
        value={value ?? ''}
        onChange={({ currentTarget }) =>
          onValueChange(currentTarget.value === '' && !empty ? null : currentTarget.value)
        }
        onKeyDown={onKeyDown}
      />
      {choices && (
        <datalist id={list}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </Tooltip>
  )
}

/** What an editor begins with: a key that was typed takes the place of what was there. */
function beginning(value: CellText | undefined, key: string | null, empty: boolean): CellText | undefined {
  if (key === 'Backspace') return empty ? '' : null
  return key !== null && [...key].length === 1 ? key : value
}
