import { useEffect } from 'react'
import { Dialog } from '../ui/Dialog.tsx'
import { ChangeVault } from './ChangeVault.tsx'
import { useVaultState } from './queries.ts'
import { UnlockVault } from './UnlockVault.tsx'
import { closeVaultDialog, openVaultDialog, useVaultDialog } from './vault-dialog.ts'

/** Unlocking and changing how secrets are guarded; once in the window. A locked vault asks when the engine has started. */
export default function VaultDialogs() {
  const open = useVaultDialog((state) => state.open)
  const { data: state } = useVaultState()
  const asks = state?.locked === true && state.sealed > 0
  useEffect(() => {
    if (asks) openVaultDialog('unlock')
  }, [asks])
  return (
    <Dialog
      opened={open !== null && state !== undefined}
      onClose={closeVaultDialog}
      title={open === 'unlock' ? 'Unlock secrets' : 'How secrets are guarded'}
      size={open === 'unlock' ? 'sm' : 'md'}
    >
      {open === 'unlock' && <UnlockVault />}
      {open === 'change' && state && <ChangeVault state={state} />}
    </Dialog>
  )
}
