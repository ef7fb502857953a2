import { Checkbox, TextInput } from '@mantine/core'
import type { ClipboardEvent } from 'react'
import type { EditorProps } from '../editor.ts'
import { Trouble } from '../Field.tsx'
import classes from '../form.module.css'
import { useForm } from '../scope.ts'
import { AddButton } from './AddButton.tsx'
import { type PivotLine, readPivot, writePivot } from './pivot-values.ts'
import { Sortable } from './Sortable.tsx'

/** The values that become columns, each with a name where its own does not do. */
export function PivotValuesEditor({ value, set, label, path }: EditorProps) {
  const { troubles } = useForm()
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const put = (next: readonly unknown[], typed?: boolean) => set(next, typed)
  const paste = (event: ClipboardEvent, index: number) => {
    const texts = event.clipboardData
      .getData('text/plain')
      .split(/[\n\t]/)
      .map((text) => text.trim())
      .filter((text) => text !== '')
    if (texts.length < 2) return
    event.preventDefault()
    put(items.toSpliced(index, 1, ...texts))
  }
  return (
    <fieldset data-items className={classes.items} aria-label={label}>
      <Sortable items={items} item="value" change={put}>
        {(item, index) => {
          const line = readPivot(item)
          const change = (part: Partial<PivotLine>, typed?: boolean) =>
            put(items.with(index, writePivot({ ...line, ...part })), typed)
          const trouble = troubles.get([...path, index].join('.'))
          return (
            <div>
              <div className={classes.line}>
                <TextInput
                  aria-label={`${label} ${index + 1}`}
                  placeholder={line.isNull ? 'NULL' : 'empty text'}
                  disabled={line.isNull}
                  error={trouble !== undefined}
                  value={line.text}
                  onPaste={(event) => paste(event, index)}
                  onChange={({ currentTarget }) => change({ text: currentTarget.value }, true)}
                />
                <TextInput
                  aria-label={`${label} ${index + 1}, name of the column`}
                  placeholder="same name"
                  value={line.name}
                  onChange={({ currentTarget }) => change({ name: currentTarget.value }, true)}
                />
                <Checkbox
                  label="NULL"
                  mt={5}
                  checked={line.isNull}
                  onChange={({ currentTarget }) => change({ isNull: currentTarget.checked, text: '' })}
                />
              </div>
              {trouble && <Trouble id={`${path.join('.')}-${index}`} trouble={trouble} />}
            </div>
          )
        }}
      </Sortable>
      <div className={classes.actions}>
        <AddButton item="value" add={() => put([...items, ''])} />
      </div>
    </fieldset>
  )
}
