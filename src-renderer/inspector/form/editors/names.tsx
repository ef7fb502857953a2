import { TagsInput } from '@mantine/core'
import { useMemo } from 'react'
import { useColumns } from '../columns.ts'
import type { EditorProps } from '../editor.ts'
import { Missing } from './ColumnEditor.tsx'

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

/** Columns by name, in order. */
export function ColumnsEditor({
  field,
  value,
  set,
  setting,
  id,
  label,
  describedBy,
  trouble,
  placeholder,
}: EditorProps) {
  const columns = useColumns(field.port)
  const chosen = textsOf(value)
  const names = useMemo(() => columns?.map(({ name }) => name) ?? [], [columns])
  const known = new Set(names.map((name) => name.toLowerCase()))
  const missing = columns === null ? [] : chosen.filter((name) => !known.has(name.toLowerCase()))
  const put = (next: string[]) => set(next.length === 0 && !setting?.required ? undefined : next)
  return (
    <div>
      <TagsInput
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        size="xs"
        error={trouble !== undefined || missing.length > 0}
        data={names}
        limit={200}
        value={chosen}
        onChange={put}
        splitChars={[]}
        placeholder={chosen.length === 0 ? placeholder || 'pick or type columns' : ''}
      />
      {missing.map((name) => (
        <div key={name}>
          <Missing name={name} names={names} use={(near) => put(chosen.map((one) => (one === name ? near : one)))} />
        </div>
      ))}
    </div>
  )
}

/** Any texts. */
export function TextsEditor({ value, set, setting, id, label, describedBy, trouble }: EditorProps) {
  const chosen = textsOf(value)
  return (
    <TagsInput
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      size="xs"
      error={trouble !== undefined}
      value={chosen}
      onChange={(next) => set(next.length === 0 && !setting?.required ? undefined : next)}
      splitChars={[]}
      placeholder={chosen.length === 0 ? 'type, then Enter' : ''}
    />
  )
}
