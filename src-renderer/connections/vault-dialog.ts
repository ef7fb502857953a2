import { create } from 'zustand'

/** The dialog about how secrets are guarded that is open. */
export const useVaultDialog = create<{ open: 'unlock' | 'change' | null }>()(() => ({ open: null }))

export const openVaultDialog = (open: 'unlock' | 'change') => useVaultDialog.setState({ open })
export const closeVaultDialog = () => useVaultDialog.setState({ open: null })
