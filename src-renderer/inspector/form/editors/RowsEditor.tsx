import { Button, CloseButton } from '@mantine/core'
import { type ClipboardEvent, type KeyboardEvent, useState } from 'react'
import { readCells } from '../../../ui/cells-text.ts'
import { useDraft } from '../../useDraft.ts'
import type { EditorProps, FieldTrouble } from '../editor.ts'
import classes from '../form.module.css'
import { isObject } from '../pruned.ts'
import { useForm } from '../scope.ts'
import { AddButton } from './AddButton.tsx'
import { cellText, cellValue, withPasted } from './rows-cells.ts'

/** Rows shown at once; more are there on demand. */
const page = 100

/** Rows typed in place, or pasted from a spreadsheet. */
export function RowsEditor({ value, set, label }: EditorProps) {
  const { config, troubles } = useForm()
  const [shown, setShown] = useState(page)
  const columns = (Array.isArray(config.columns) ? config.columns : []).filter(isObject).map(({ name, type }) => ({
    name: String(name ?? ''),
    type: String(type ?? 'text'),
  }))
  const rows: readonly unknown[][] = Array.isArray(value) ? value.filter((row) => Array.isArray(row)) : []
  const grid = { columns, rows }
  const put = (next: readonly (readonly unknown[])[], typed?: boolean) =>
    set(next.length === 0 ? undefined : next.map((row) => columns.map((_, index) => row[index] ?? null)), typed)
  const paste = (event: ClipboardEvent, row: number, column: number) => {
    const text = event.clipboardData.getData('text/plain')
    if (!/[\t\n]/.test(text.trimEnd())) return
    event.preventDefault()
    put(withPasted(grid, row, column, readCells(text)))
  }
  if (columns.length === 0) return <div className={classes.empty}>Add a column first.</div>
  return (
    <div data-items className={classes.items}>
      {rows.length > 0 && (
        <div className={classes.cells}>
          <table aria-label={label}>
            <thead>
              <tr>
                {columns.map(({ name, type }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity while they are named
                  <th key={index} scope="col" title={type}>
                    {name}
                  </th>
                ))}
                <th aria-label="Remove" />
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shown).map((row, r) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
                <tr key={r} data-item>
                  {columns.map(({ name, type }, c) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    <td key={c}>
                      <CellInput
                        label={`${name}, row ${r + 1}`}
                        value={row[c]}
                        type={type}
                        trouble={troubles.get(`rows.${r}.${c}`)}
                        field={`rows.${r}.${c}`}
                        set={(next) =>
                          put(
                            rows.with(
                              r,
                              columns.map((_, at) => (at === c ? next : (row[at] ?? null))),
                            ),
                            true,
                          )
                        }
                        onPaste={(event) => paste(event, r, c)}
                      />
                    </td>
                  ))}
                  <td>
                    <CloseButton
                      size="sm"
                      aria-label={`Remove row ${r + 1}`}
                      onClick={() => put(rows.toSpliced(r, 1))}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className={classes.actions}>
        <AddButton
          item="row"
          onPaste={(event) => paste(event, rows.length, 0)}
          add={() => {
            setShown(Math.max(shown, rows.length + 1))
            put([...rows, columns.map(() => null)])
          }}
        />
        {rows.length > shown && (
          <Button variant="subtle" size="compact-xs" onClick={() => setShown(shown + page)}>
            Show more of {rows.length}
          </Button>
        )}
      </div>
    </div>
  )
}

interface CellInputProps {
  label: string
  value: unknown
  type: string
  trouble: FieldTrouble | undefined
  field: string
  set(value: unknown): void
  onPaste(event: ClipboardEvent): void
}

function CellInput({ label, value, type, trouble, field, set, onPaste }: CellInputProps) {
  const text = cellText(value)
  const draft = useDraft(
    text ?? '',
    (typed) => set(cellValue(typed, type)),
    (typed) => cellText(cellValue(typed, type)) ?? '',
  )
  const isNull = text === null && draft.text === '' && draft.settled
  const onKeyDown = (event: KeyboardEvent) => {
    const empties = event.key === 'Backspace' || event.key === 'Delete'
    if (!empties || draft.text !== '' || isNull) return
    draft.flush()
    set(null)
  }
  return (
    <input
      className={classes.cell}
      data-field={field}
      aria-label={label}
      aria-invalid={trouble !== undefined}
      title={trouble?.message}
      placeholder={isNull ? 'NULL' : ''}
      value={draft.text}
      onChange={({ currentTarget }) => draft.setText(currentTarget.value)}
      onBlur={draft.leave}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  )
}
