import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, asAppError } from '../api/client.ts'
import { useRefresh } from './queries.ts'
import { closeVaultDialog, openVaultDialog } from './vault-dialog.ts'

/** Asks for the passphrase, once until Sluice closes. */
export function UnlockVault() {
  const refresh = useRefresh()
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const unlock = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '') return setProblem('Enter the passphrase.')
    setBusy(true)
    try {
      await api.vault.unlock({ passphrase })
      closeVaultDialog()
      await refresh()
    } catch (thrown) {
      const { message, hint } = asAppError(thrown)
      setProblem(hint === undefined ? message : `${message} ${hint}`)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={unlock}>
      <Stack gap="md">
        <div>Saved passwords are guarded by a passphrase. It is asked for once, until Sluice closes.</div>
        <PasswordInput
          size="xs"
          label="Passphrase"
          data-autofocus
          autoComplete="current-password"
          value={passphrase}
          error={problem}
          visibilityToggleButtonProps={{ 'aria-label': 'Show passphrase' }}
          onChange={({ currentTarget }) => {
            setPassphrase(currentTarget.value)
            setProblem(undefined)
          }}
        />
        <Group justify="space-between" gap="sm">
          <Button variant="subtle" color="gray" onClick={() => openVaultDialog('change')}>
            Forgot it
          </Button>
          <Group gap="sm">
            <Button variant="default" onClick={closeVaultDialog}>
              Not now
            </Button>
            <Button type="submit" loading={busy}>
              Unlock
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}
