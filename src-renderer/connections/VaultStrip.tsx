import { Button } from '@mantine/core'
import { IconLock, IconLockOpen, IconShieldCheck } from '@tabler/icons-react'
import type { VaultState } from '../../shared/contract/vault.ts'
import classes from './connections.module.css'
import { useVaultState } from './queries.ts'
import { openVaultDialog } from './vault-dialog.ts'

export const guardNames: Record<VaultState['guard'], string> = {
  system: 'the key store of this system',
  'key-file': 'a key file',
  passphrase: 'a passphrase',
  session: 'this session only: they go when Sluice closes',
  environment: 'the key in SLUICE_KEY',
}

/** How secrets are guarded, at the foot of the list. */
export function VaultStrip() {
  const { data: state } = useVaultState()
  if (!state) return null
  const Shape = state.locked ? IconLock : state.guard === 'session' ? IconLockOpen : IconShieldCheck
  return (
    <div className={classes.strip}>
      <Shape size={14} stroke={1.75} aria-hidden />
      <span className={classes.stripText} title={state.guard === 'key-file' ? state.keyFile : undefined}>
        Secrets: guarded by {guardNames[state.guard]}
        {state.locked && ', locked'}
      </span>
      {state.locked && (
        <Button size="compact-xs" onClick={() => openVaultDialog('unlock')}>
          Unlock…
        </Button>
      )}
      {state.choices.length > 0 && (
        <Button size="compact-xs" variant="subtle" onClick={() => openVaultDialog('change')}>
          Change…
        </Button>
      )}
    </div>
  )
}
