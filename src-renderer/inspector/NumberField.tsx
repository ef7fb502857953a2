import { TextInput } from '@mantine/core'
import { useDraft } from './useDraft.ts'

interface NumberFieldProps {
  label: string
  value: number | undefined
  placeholder?: string
  min?: number
  max?: number
  whole?: boolean
  /** May be left empty. */
  optional?: boolean
  set(value: number | undefined): void
}

const textOf = (value: number | undefined) => (value === undefined ? '' : String(value))

/** A number that is only taken when it is one, and within its bounds. */
export function NumberField({ label, value, placeholder, min, max, whole, optional = true, set }: NumberFieldProps) {
  const read = (text: string) => (text.trim() === '' ? undefined : Number(text))
  const problemOf = (text: string): string | undefined => {
    const number = read(text)
    if (number === undefined) return optional ? undefined : 'Fill this in.'
    if (!Number.isFinite(number)) return 'Write a number.'
    if (whole && !Number.isInteger(number)) return 'Write a whole number.'
    if (min !== undefined && number < min) return `At least ${min}.`
    return max !== undefined && number > max ? `At most ${max}.` : undefined
  }
  const draft = useDraft(
    textOf(value),
    (text) => {
      if (problemOf(text) === undefined) set(read(text))
    },
    (text) => textOf(problemOf(text) === undefined ? read(text) : value),
  )
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      inputMode="decimal"
      value={draft.text}
      error={problemOf(draft.text)}
      onChange={({ currentTarget }) => draft.setText(currentTarget.value)}
      onBlur={draft.leave}
    />
  )
}
