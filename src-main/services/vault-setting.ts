import type { VaultMode, VaultState } from '../../shared/contract/vault.ts'
import { AppError } from '../../shared/errors.ts'
import type { JsonValue, Resealed, Store } from '../store/index.ts'
import { secretContext as connectionContext, sealedOf, stored } from './connections.ts'
import { secretContext } from './secrets.ts'
import { type Vault, type VaultSetting, vaultSetting } from './vault.ts'
import { passphraseWanted } from './vault-errors.ts'
import { keyPath } from './vault-key.ts'

/** Where the workspace remembers how its secrets are guarded. */
const settingKey = 'vault'

export async function readVaultSetting(store: Store): Promise<VaultSetting | undefined> {
  return vaultSetting.safeParse(await store.settings.get(settingKey)).data
}

export async function vaultState(vault: Vault, store: Store, home: string): Promise<VaultState> {
  const [connections, secrets] = await Promise.all([store.connections.list(), store.secrets.list()])
  return {
    guard: await vault.guard(),
    locked: await vault.locked(),
    choices: vault.choices,
    keyFile: keyPath(home),
    sealed: connections.filter((record) => record.secrets !== null).length + secrets.length,
  }
}

/**
 * Seals everything anew, in one transaction, and guards by `mode` from then on. What was of an earlier session is gone anyway and dropped; other
 * things that do not open keep it from happening, unless `discard`.
 * @returns what was dropped, by the names people know
 * @throws AppError VAULT_LOCKED
 */
export async function changeVault(
  vault: Vault,
  store: Store,
  { mode, passphrase, discard }: { mode: VaultMode; passphrase?: string | undefined; discard: boolean },
): Promise<string[]> {
  if (!discard && (await vault.locked())) throw passphraseWanted('What was saved')
  const next = await vault.prepare(mode, passphrase)
  const dropped: string[] = []
  const lost: string[] = []
  const reseal = async (sealed: string, context: string): Promise<string | undefined> => {
    try {
      return await next.seal(await vault.open(sealed, context), context)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'VAULT_LOCKED') throw error
      dropped.push(context)
      if (vault.readable(sealed) !== 'forgotten') lost.push(context)
      return undefined
    }
  }
  const change: Resealed = { connections: [], secrets: [], setting: { key: settingKey, value: json(next.setting) } }
  for (const record of await store.connections.list()) {
    const entries: [string, string][] = []
    for (const [path, text] of Object.entries(sealedOf(record))) {
      const sealed = await reseal(text, connectionContext(record.name, path))
      if (sealed !== undefined) entries.push([path, sealed])
    }
    change.connections.push({ name: record.name, secrets: stored(Object.fromEntries(entries)) })
  }
  for (const { name, sealed } of await store.secrets.list()) {
    change.secrets.push({ name, sealed: (await reseal(sealed, secretContext(name))) ?? null })
  }
  if (lost.length > 0 && !discard) throw cannotOpen(lost)
  await store.sealed.replace(change)
  await next.use()
  return dropped
}

const json = ({ mode, check }: VaultSetting): JsonValue => (check === undefined ? { mode } : { mode, check })

const cannotOpen = (lost: string[]) =>
  new AppError('VAULT_LOCKED', `Some secrets cannot be opened any more: ${lost.join(', ')}.`, {
    hint: 'Enter them again first, or let them be dropped.',
  })
