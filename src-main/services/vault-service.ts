import type { VaultMode, VaultState } from '../../shared/contract/vault.ts'
import type { Store } from '../store/index.ts'
import type { Redactor } from './redact.ts'
import type { Vault } from './vault.ts'
import { changeVault, vaultState } from './vault-setting.ts'

/** How the workspace's secrets are guarded, and changing it. */
export interface VaultService {
  state(): Promise<VaultState>
  /** @throws AppError VAULT_LOCKED when it is another passphrase */
  unlock(passphrase: string): Promise<void>
  /** Seals everything anew. @returns what could not be opened any more and was dropped @throws AppError VAULT_LOCKED */
  change(to: { mode: VaultMode; passphrase?: string | undefined; discard: boolean }): Promise<string[]>
}

export function vaultService(
  vault: Vault,
  store: () => Promise<Store>,
  home: string,
  redactor: Redactor,
): VaultService {
  return {
    state: async () => vaultState(vault, await store(), home),
    unlock: (passphrase) => {
      redactor.add(passphrase)
      return vault.unlock(passphrase)
    },
    async change(to) {
      if (to.passphrase !== undefined) redactor.add(to.passphrase)
      return changeVault(vault, await store(), to)
    },
  }
}
