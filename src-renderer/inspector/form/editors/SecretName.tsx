import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { api, asAppError } from '../../../api/client.ts'
import { Dialog } from '../../../ui/Dialog.tsx'
import { formatTime } from '../../../ui/format.ts'
import { PickOrType } from '../../../ui/PickOrType.tsx'
import classes from '../form.module.css'

const key = ['vault', 'secrets']

interface SecretNameProps {
  label: string
  name: string
  onChange(name: string): void
  /** What stands before it in the line. */
  children: ReactNode
}

/** The name of a secret: one that the workspace keeps, or one that is saved here and now, never to be shown. */
export function SecretName({ label, name, onChange, children }: SecretNameProps) {
  const { data } = useQuery({ queryKey: key, queryFn: () => api.vault.secrets() })
  const [saving, setSaving] = useState(false)
  const kept = data?.find((secret) => secret.name === name)
  return (
    <div className={classes.block}>
      <div className={classes.line}>
        {children}
        <PickOrType
          aria-label={label}
          placeholder="name of the secret"
          data={data?.map((secret) => secret.name) ?? []}
          value={name}
          onChange={onChange}
          comboboxProps={{ width: 220, position: 'bottom-end' }}
        />
      </div>
      {data && (
        <div className={classes.secretState}>
          <span>{kept ? `Kept since ${formatTime(kept.updatedAt)}` : name !== '' && 'Not kept in this workspace'}</span>
          <Button variant="subtle" size="compact-xs" onClick={() => setSaving(true)}>
            {kept ? 'Replace…' : name === '' ? 'New secret…' : 'Save it…'}
          </Button>
        </div>
      )}
      <Dialog
        opened={saving}
        onClose={() => setSaving(false)}
        title={kept ? 'Replace the secret' : 'Save a secret'}
        closeLabel="Close"
      >
        <SaveSecret
          name={name}
          close={(saved) => {
            setSaving(false)
            if (saved !== undefined && saved !== name) onChange(saved)
          }}
        />
      </Dialog>
    </div>
  )
}

function SaveSecret({ name: given, close }: { name: string; close(saved?: string): void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(given)
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<string>()
  const save = async (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (name.trim() === '' || value === '') return setProblem('Enter a name and the secret.')
    try {
      await api.vault.keepSecret({ name: name.trim(), value })
      await queries.invalidateQueries({ queryKey: key })
      close(name.trim())
    } catch (thrown) {
      const { message, hint } = asAppError(thrown)
      setProblem(hint === undefined ? message : `${message} ${hint}`)
    }
  }
  return (
    <form onSubmit={save}>
      <Stack gap="md">
        <TextInput
          label="Name"
          data-autofocus={given === '' || undefined}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <PasswordInput
          size="xs"
          label="Secret"
          description="Sealed in this workspace, never in the pipeline’s file. It cannot be shown again."
          data-autofocus={given !== '' || undefined}
          autoComplete="new-password"
          value={value}
          error={problem}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the secret' }}
          onChange={({ currentTarget }) => {
            setValue(currentTarget.value)
            setProblem(undefined)
          }}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => close()}>
            Cancel
          </Button>
          <Button type="submit">Save</Button>
        </Group>
      </Stack>
    </form>
  )
}
