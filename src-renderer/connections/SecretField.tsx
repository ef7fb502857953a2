import { Button, Input, PasswordInput } from '@mantine/core'
import { IconAlertCircle, IconLock, IconLockSquareRounded, IconTrash } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { SecretState } from '../../shared/contract/connections.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { isMasked } from './draft.ts'
import type { FieldSpec } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'

const states: Record<SecretState, string> = {
  kept: 'Set',
  locked: 'Set, locked',
  forgotten: 'Gone with the last session',
}

/** A secret: what is saved is never shown, only whether it is there; it can be replaced or removed. */
export function SecretField({ field: { path, label, help } }: { field: FieldSpec }) {
  const { form, secrets } = useFormContext()
  const [replacing, setReplacing] = useState(false)
  const text = form.draft.texts[path] ?? ''
  const state = secrets[path]
  if (isMasked(text) && state) {
    return (
      <KeptSecret
        label={label}
        state={state}
        onReplace={() => {
          setReplacing(true)
          form.set(path, '')
        }}
        onRemove={() => form.set(path, '')}
      />
    )
  }
  return (
    <PasswordInput
      size="xs"
      label={label}
      description={help}
      placeholder="none"
      autoComplete="new-password"
      autoFocus={replacing}
      value={text}
      error={form.problems[path]}
      visibilityToggleButtonProps={{ 'aria-label': `Show ${inSentence(label)}` }}
      onChange={({ currentTarget }) => form.set(path, currentTarget.value)}
      onBlur={() => form.leave(path)}
    />
  )
}

/** As it stands within a sentence: SSH stays as it is. */
const inSentence = (label: string) => (/^[A-Z]{2}/.test(label) ? label : `${label[0]?.toLowerCase()}${label.slice(1)}`)

interface KeptSecretProps {
  label: string
  state: SecretState
  onReplace(): void
  onRemove(): void
}

/** Stands for a secret that is saved. */
export function KeptSecret({ label, state, onReplace, onRemove }: KeptSecretProps) {
  const id = useId()
  const Shape = state === 'forgotten' ? IconAlertCircle : state === 'locked' ? IconLockSquareRounded : IconLock
  return (
    <Input.Wrapper size="xs" label={label} labelElement="div" labelProps={{ id }}>
      <fieldset className={classes.kept} aria-labelledby={id}>
        <Shape size={14} stroke={1.75} aria-hidden />
        <span className={classes.keptState} data-state={state}>
          {states[state]}
        </span>
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={`${state === 'forgotten' ? 'Enter' : 'Replace'} ${inSentence(label)}`}
          onClick={onReplace}
        >
          {state === 'forgotten' ? 'Enter again' : 'Replace'}
        </Button>
        <IconButton label={`Remove ${inSentence(label)}`} icon={IconTrash} size="sm" onClick={onRemove} />
      </fieldset>
    </Input.Wrapper>
  )
}
