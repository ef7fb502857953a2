import { Button, Checkbox, Group, PasswordInput, Radio, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { minPassphrase, type VaultMode, type VaultState } from '../../shared/contract/vault.ts'
import { api, asAppError } from '../api/client.ts'
import { showNotice } from '../ui/notify.ts'
import classes from './form.module.css'
import { useRefresh } from './queries.ts'
import { closeVaultDialog } from './vault-dialog.ts'

const modes: Record<VaultMode, { label: string; help(state: VaultState): string }> = {
  system: { label: 'The key store of this system', help: () => 'Opens with your login. Nothing is asked for.' },
  'key-file': {
    label: 'A key file',
    help: ({ keyFile }) => `Whoever can read your files can read the passwords: ${keyFile}`,
  },
  passphrase: {
    label: 'A passphrase',
    help: () => 'Asked for once after each start. Nobody can bring back what it guards when it is forgotten.',
  },
  session: {
    label: 'This session only',
    help: () => 'Nothing that opens them is written down: enter passwords again after each start.',
  },
}

/** Chooses how secrets are guarded; what is there is sealed anew. */
export function ChangeVault({ state }: { state: VaultState }) {
  const refresh = useRefresh()
  const [mode, setMode] = useState(state.choices.find((choice) => choice === state.guard) ?? state.choices[0])
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const [discard, setDiscard] = useState(false)
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  const short = passphrase.length < minPassphrase ? `Use at least ${minPassphrase} characters.` : undefined
  const differs = again === passphrase ? undefined : 'The two are not the same.'
  const wrong = mode === 'passphrase' && (short ?? differs) !== undefined
  const mustDiscard = state.locked || failure !== undefined
  const change = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (mode === undefined || wrong || (mustDiscard && !discard)) return
    setBusy(true)
    try {
      const { dropped } = await api.vault.change({ mode, discard, ...(mode === 'passphrase' && { passphrase }) })
      closeVaultDialog()
      showNotice(dropped.length === 0 ? 'Everything is sealed anew.' : `Enter again: ${dropped.join(', ')}.`, 'Secrets')
      await refresh()
    } catch (thrown) {
      const { message, hint } = asAppError(thrown)
      setFailure(hint === undefined ? message : `${message} ${hint}`)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={change}>
      <Stack gap="md">
        <Radio.Group
          aria-label="How secrets are guarded"
          value={mode ?? ''}
          onChange={(value) => setMode(state.choices.find((choice) => choice === value))}
        >
          <Stack gap="sm">
            {state.choices.map((choice) => (
              <Radio
                key={choice}
                size="xs"
                value={choice}
                label={modes[choice].label}
                description={modes[choice].help(state)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {mode === 'passphrase' && (
          <>
            <PasswordInput
              size="xs"
              label="New passphrase"
              autoComplete="new-password"
              value={passphrase}
              error={tried ? short : undefined}
              visibilityToggleButtonProps={{ 'aria-label': 'Show new passphrase' }}
              onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
            />
            <PasswordInput
              size="xs"
              label="The same again"
              autoComplete="new-password"
              value={again}
              error={tried ? differs : undefined}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the repetition' }}
              onChange={({ currentTarget }) => setAgain(currentTarget.value)}
            />
          </>
        )}
        {failure !== undefined && (
          <p role="alert" className={classes.fault}>
            {failure}
          </p>
        )}
        {mustDiscard && (
          <Checkbox
            size="xs"
            label="Drop the passwords that cannot be opened, and enter them again later"
            checked={discard}
            error={tried && !discard ? 'Unlock them first, or agree to drop them.' : undefined}
            onChange={({ currentTarget }) => setDiscard(currentTarget.checked)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={closeVaultDialog}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            {mode === state.guard && mode !== 'passphrase' ? 'Seal anew' : 'Change'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
