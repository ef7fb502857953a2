import { Select, Switch, TextInput } from '@mantine/core'
import { scalarKinds } from '../../../../shared/data/types.ts'
import { PickOrType } from '../../../ui/PickOrType.tsx'
import { useDraft } from '../../useDraft.ts'
import { type EditorProps, emptied, textOf } from '../editor.ts'
import { TemplateInput } from '../TemplateInput.tsx'

export function TextEditor(props: EditorProps) {
  const { field, value, set, setting, id, label, describedBy, trouble, placeholder } = props
  const draft = useDraft(textOf(value), (text) => set(emptied(text, setting), true))
  const shared = {
    id,
    'aria-label': label,
    'aria-describedby': describedBy,
    error: trouble !== undefined,
    placeholder,
    value: draft.text,
    onBlur: draft.leave,
  }
  if (field.templates) return <TemplateInput {...shared} onChange={draft.setText} />
  return <TextInput {...shared} onChange={(event) => draft.setText(event.currentTarget.value)} />
}

const numberOf = (text: string): unknown => {
  const bare = text.replace(/[,_\s]/g, '')
  if (bare === '') return undefined
  return Number.isNaN(Number(bare)) ? text : Number(bare)
}

/** A number as it is typed: what is no number stays as it is, and is complained about. */
export function NumberEditor({ value, set, id, label, describedBy, trouble, placeholder }: EditorProps) {
  const draft = useDraft(
    textOf(value),
    (text) => set(numberOf(text), true),
    (text) => textOf(numberOf(text)),
  )
  return (
    <TextInput
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      error={trouble !== undefined}
      placeholder={placeholder}
      inputMode="decimal"
      value={draft.text}
      onChange={(event) => draft.setText(event.currentTarget.value)}
      onBlur={draft.leave}
    />
  )
}

/** On or off; where saying nothing is a third way, one of three. */
export function SwitchEditor(props: EditorProps) {
  const { value, set, setting, id, label, describedBy, placeholder } = props
  if (setting && !setting.required && setting.fallback === undefined) {
    const options = [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ]
    return (
      <Select
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        data={options}
        w={150}
        value={value === undefined ? null : String(value)}
        placeholder={placeholder}
        clearable
        clearButtonProps={{ 'aria-label': `Clear ${label}` }}
        onChange={(next) => set(next === null ? undefined : next === 'true')}
      />
    )
  }
  return (
    <Switch
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      checked={(value ?? setting?.fallback) === true}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  )
}

export function ChoiceEditor({
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
  const known = field.options ?? []
  const shown = value ?? setting?.fallback
  const odd = typeof shown === 'string' && !known.some((option) => option.value === shown)
  return (
    <Select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      error={trouble !== undefined}
      data={[...known, ...(odd ? [{ value: shown, label: shown }] : [])]}
      value={typeof shown === 'string' ? shown : null}
      placeholder={placeholder}
      allowDeselect={false}
      searchable={known.length > 8}
      onChange={(next) => set(next ?? undefined)}
    />
  )
}

const typeNames = [...scalarKinds, 'decimal(18,2)', 'decimal(38,10)', 'list(text)', 'list(int64)']

export function TypeEditor({ value, set, id, label, describedBy, trouble, placeholder }: EditorProps) {
  const draft = useDraft(textOf(value), (text) => set(text === '' ? undefined : text, true))
  return (
    <PickOrType
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      error={trouble !== undefined}
      placeholder={placeholder || 'type'}
      data={typeNames}
      limit={20}
      value={draft.text}
      onChange={draft.setText}
      onBlur={draft.leave}
      comboboxProps={{ width: 180, position: 'bottom-start' }}
    />
  )
}
