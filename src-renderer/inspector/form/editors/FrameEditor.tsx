import { Select, TextInput } from '@mantine/core'
import type { EditorProps } from '../editor.ts'
import classes from '../form.module.css'
import { isObject } from '../pruned.ts'

const options = [
  { value: 'auto', label: 'by the order' },
  { value: 'running', label: 'up to this one' },
  { value: 'whole', label: 'all of the part' },
  { value: 'last', label: 'the last few' },
]

/** Which rows of a window a function sees: `running`, `whole`, or so many last ones. */
export function FrameEditor({ value, set, id, label }: EditorProps) {
  const last = isObject(value) ? value.last : undefined
  const kind = isObject(value) ? 'last' : typeof value === 'string' ? value : 'auto'
  return (
    <div className={classes.withButton}>
      <Select
        id={id}
        aria-label={label}
        data={options}
        value={kind}
        allowDeselect={false}
        onChange={(next) => set(next === 'last' ? { last: 3 } : next === 'auto' ? undefined : next)}
      />
      {kind === 'last' && (
        <TextInput
          w={64}
          aria-label={`${label}, how many`}
          inputMode="numeric"
          value={String(last ?? '')}
          onChange={({ currentTarget }) => {
            const count = Number(currentTarget.value)
            set({ last: Number.isInteger(count) ? count : currentTarget.value }, true)
          }}
        />
      )}
    </div>
  )
}
