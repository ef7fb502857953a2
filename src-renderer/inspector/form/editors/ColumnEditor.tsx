import { Anchor } from '@mantine/core'
import { useMemo } from 'react'
import { type Column, formatType } from '../../../../shared/data/types.ts'
import { nearest } from '../../../../shared/nearest.ts'
import { PickOrType } from '../../../ui/PickOrType.tsx'
import { useDraft } from '../../useDraft.ts'
import { useColumns } from '../columns.ts'
import { type EditorProps, textOf } from '../editor.ts'
import classes from '../form.module.css'

/** A column by name: one that arrives, or any that is typed. */
export function ColumnEditor(props: EditorProps) {
  const { field, value, set } = props
  const columns = useColumns(field.port)
  return (
    <ColumnPicker
      {...props}
      columns={columns}
      value={textOf(value)}
      set={(name) => set(name === '' ? undefined : name, true)}
    />
  )
}

interface PickerProps extends Pick<EditorProps, 'id' | 'label' | 'describedBy' | 'trouble' | 'placeholder'> {
  columns: readonly Column[] | null
  value: string
  set(name: string): void
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export function ColumnPicker({ columns, value, set, id, label, describedBy, trouble, placeholder }: PickerProps) {
  const draft = useDraft(value, set)
  const names = useMemo(() => columns?.map(({ name }) => name) ?? [], [columns])
  const types = useMemo(() => new Map(columns?.map(({ name, type }) => [name, formatType(type)])), [columns])
  // While it is typed, what it is to be is not known.
  const settled = value !== '' && draft.text === value
  const missing = columns !== null && settled && !names.some((name) => same(name, value))
  return (
    <div>
      <PickOrType
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        error={missing || trouble !== undefined}
        placeholder={placeholder || 'column'}
        data={names}
        limit={200}
        value={draft.text}
        onChange={draft.setText}
        onBlur={draft.leave}
        comboboxProps={{ width: 240, position: 'bottom-start' }}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <span>{option.value}</span>
            <span className={classes.optionType}>{types.get(option.value)}</span>
          </span>
        )}
      />
      {missing && <Missing name={value} names={names} said={trouble !== undefined} use={set} />}
    </div>
  )
}

/** Says that a column does not arrive, and offers the one that was probably meant. */
interface MissingProps {
  name: string
  names: readonly string[]
  /** Somebody says already that it is missing. */
  said?: boolean
  use(name: string): void
}

export function Missing({ name, names, said = false, use }: MissingProps) {
  const near = nearest(name, names)
  return (
    <span className={classes.suggest}>
      {!said && `${name} does not arrive. `}
      {near !== undefined && (
        <Anchor component="button" type="button" size="xs" onClick={() => use(near)}>
          Use {near}
        </Anchor>
      )}
    </span>
  )
}
