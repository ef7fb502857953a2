import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { EditableTable, RowEdit } from '../../shared/contract/queries.ts'
import { type Column, formatType } from '../../shared/data/types.ts'
import { parseCell } from '../../shared/data/wire.ts'
import { toAppError } from '../../shared/errors.ts'
import { editOf, type RowDraft } from './edits.ts'
import classes from './RowForm.module.css'

interface RowFormProps {
  table: EditableTable
  /** Columns of the result, in the order of `table.columns`. */
  columns: readonly Column[]
  draft: RowDraft
  onClose(): void
  onStage(edit: RowEdit): void
}

/** A field for each column of a row; what is typed becomes a change that is applied later. */
export function RowForm({ table, columns, draft: given, onClose, onStage }: RowFormProps) {
  const [draft, setDraft] = useState(given)
  const isNew = draft.shown === null
  const fields = columns.flatMap((column, index) => {
    const name = table.columns[index]
    return name === null || name === undefined ? [] : [{ name, column }]
  })
  const flawed = fields.some(({ name, column }) => problemOf(draft.typed[name], column) !== undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const edit = editOf(table, draft)
    if (flawed) return
    if (edit) onStage(edit)
    else onClose()
  }
  const put = (name: string, value: string | null) => setDraft({ ...draft, typed: { ...draft.typed, [name]: value } })
  return (
    <Modal opened onClose={onClose} title={isNew ? `New row of ${table.table}` : `Row of ${table.table}`}>
      <form onSubmit={submit} className={classes.rowForm}>
        {fields.map(({ name, column }) => {
          const typed = draft.typed[name]
          const value = typed === undefined ? (draft.shown?.[name] ?? null) : typed
          const left = isNew && typed === undefined
          const locked = draft.locked.includes(name) || (!isNew && table.keys.includes(name))
          return (
            <div key={name} className={classes.rowField}>
              <TextInput
                size="xs"
                label={name}
                description={formatType(column.type)}
                placeholder={left ? 'left out' : value === null ? 'NULL' : ''}
                value={value ?? ''}
                disabled={locked}
                error={problemOf(typed, column)}
                onChange={({ currentTarget }) => put(name, currentTarget.value)}
              />
              <Button
                size="xs"
                variant="default"
                disabled={locked || (value === null && !left)}
                aria-label={`Set ${name} to NULL`}
                onClick={() => put(name, null)}
              >
                NULL
              </Button>
            </div>
          )
        })}
        <div className={classes.rowActions}>
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" disabled={flawed}>
            {isNew ? 'Add to the changes' : 'Keep the change'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function problemOf(text: string | null | undefined, { type }: Column): string | undefined {
  if (text === null || text === undefined) return undefined
  try {
    parseCell(text, type)
    return undefined
  } catch (thrown) {
    return toAppError(thrown).message
  }
}
