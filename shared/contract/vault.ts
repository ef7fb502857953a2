import { oc, type } from '@orpc/contract'
import { z } from 'zod'

/** How secrets can be guarded, as far as the user chooses. */
export const vaultModes = ['system', 'key-file', 'passphrase', 'session'] as const
export type VaultMode = (typeof vaultModes)[number]

export interface VaultState {
  /** What guards secrets now; `environment` is a key in SLUICE_KEY, which leaves nothing to choose. */
  guard: VaultMode | 'environment'
  /** The passphrase has not been given since Sluice was started. */
  locked: boolean
  /** What it can be changed to. */
  choices: VaultMode[]
  /** Where the key file is, or would be. */
  keyFile: string
  /** How many connections and secrets of nodes have something sealed. */
  sealed: number
}

export const minPassphrase = 8

/** A secret that nodes name. Its value never leaves the engine process. */
export interface SecretName {
  name: string
  /** ISO 8601. */
  updatedAt: string
}

export const vault = {
  state: oc.output(type<VaultState>()),
  /** Opens what a passphrase guards, until Sluice closes. @throws VAULT_LOCKED when it is another one */
  unlock: oc.input(z.object({ passphrase: z.string().min(1).max(1_000) })).output(type<VaultState>()),
  /**
   * Seals everything anew. What cannot be opened any more keeps the change from happening, unless `discard`: then it is dropped.
   * @throws VAULT_LOCKED
   */
  change: oc
    .input(
      z.object({
        mode: z.enum(vaultModes),
        passphrase: z.string().min(minPassphrase).max(1_000).optional(),
        discard: z.boolean().default(false),
      }),
    )
    .output(type<{ state: VaultState; dropped: string[] }>()),
  /** Names of the secrets that the workspace keeps for nodes, by name. */
  secrets: oc.output(type<SecretName[]>()),
  /** Keeps a secret under a name, in place of what was there. @throws VAULT_LOCKED */
  keepSecret: oc.input(z.object({ name: z.string().min(1).max(200), value: z.string().min(1).max(100_000) })),
}
