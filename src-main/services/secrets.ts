import { AppError } from '../../shared/errors.ts'
import type { Store } from '../store/index.ts'
import { type Environment, environmentName, shellWord } from './home.ts'
import type { Redactor } from './redact.ts'
import type { Vault } from './vault.ts'

const secretPrefix = 'SLUICE_SECRET_'

/** Secrets that nodes name, e.g. a token in a header of an HTTP source. Their values are never shown. */
export interface SecretService {
  /** Names and when they were last set. */
  list(): Promise<{ name: string; updatedAt: string }[]>
  set(name: string, value: string): Promise<void>
  /** @throws AppError VAULT_MISSING */
  remove(name: string): Promise<void>
  /**
   * `SLUICE_SECRET_<NAME>` where it is set, else what the workspace keeps under the name.
   * @throws AppError VAULT_MISSING, VAULT_LOCKED
   */
  resolve(name: string): Promise<string>
}

export function secretService(
  store: () => Promise<Store>,
  vault: Vault,
  redactor: Redactor,
  env: Environment,
): SecretService {
  const table = async () => (await store()).secrets
  const known = (secret: string) => {
    redactor.add(secret)
    return secret
  }
  return {
    list: async () => (await (await table()).list()).map(({ name, updatedAt }) => ({ name, updatedAt })),
    set: async (name, value) => (await table()).put(name, await vault.seal(known(value), secretContext(name))),
    async remove(name) {
      if (await (await table()).remove(name)) return
      throw new AppError('VAULT_MISSING', `There is no secret "${name}" in the workspace.`, {
        hint: 'List them with: sluice secrets list',
      })
    },
    async resolve(name) {
      const given = env[environmentName(secretPrefix, name)]
      if (given) return known(given)
      const record = await (await table()).get(name)
      if (!record) throw missing(name)
      return known(await vault.open(record.sealed, secretContext(name)))
    },
  }
}

/** What a secret is sealed for. */
export const secretContext = (name: string) => `secret "${name}"`

const missing = (name: string) =>
  new AppError('VAULT_MISSING', `There is no secret "${name}".`, {
    hint: `Set the environment variable ${environmentName(secretPrefix, name)}, or save it with: sluice secrets set ${shellWord(name)}`,
  })
