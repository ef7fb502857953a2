import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { minPassphrase, type VaultMode, vaultModes } from '../../shared/contract/vault.ts'
import { AppError } from '../../shared/errors.ts'
import type { Environment } from './home.ts'
import { decrypt, encrypt, keyIdOf, type Origin, parseEnvelope } from './vault-envelope.ts'
import { forgotten, otherKey, passphraseWanted, unreadable, wrongPassphrase } from './vault-errors.ts'
import { keyPath } from './vault-key.ts'
import { fileSource, type KeySource, memorySource, passphraseSource, rawKey, rawSource } from './vault-keys.ts'

/** What the workspace remembers of its vault. `check` is a text sealed with the passphrase, to tell a wrong one. */
export const vaultSetting = z.object({ mode: z.enum(vaultModes), check: z.string().optional() })
export type VaultSetting = z.infer<typeof vaultSetting>

/** Whether a sealed text can be opened: `locked` wants the passphrase, `forgotten` was of an earlier session. */
export type Readable = 'kept' | 'locked' | 'forgotten'

/** Another way to guard secrets, ready to be used: what to remember of it, and its seal. */
export interface NextVault {
  setting: VaultSetting
  seal(text: string, context: string): Promise<string>
  /** From now on. */
  use(): Promise<void>
}

/** Seals texts so that they can be kept. What is sealed for one context does not open in another. */
export interface Vault {
  /** What seals now. */
  guard(): Promise<VaultMode | 'environment'>
  /** Whether a passphrase is wanted first. */
  locked(): Promise<boolean>
  /** What can be chosen instead. */
  readonly choices: VaultMode[]
  /** `context` says what the text is for, e.g. `connection:shop`; it is authenticated, not stored. @throws AppError VAULT_LOCKED */
  seal(text: string, context: string): Promise<string>
  /** @throws AppError VAULT_LOCKED when the key is not the one it was sealed with, or the text was changed or moved */
  open(sealed: string, context: string): Promise<string>
  /** What `open` would meet, as far as can be told without the key. */
  readable(sealed: string): Readable
  /** @throws AppError VAULT_LOCKED when it is not the passphrase */
  unlock(passphrase: string): Promise<void>
  prepare(mode: VaultMode, passphrase: string | undefined): Promise<NextVault>
}

const checked = 'the passphrase'

/**
 * AES-256-GCM. The key is `SLUICE_KEY` (32 bytes in base64, or else a passphrase); else what `setting` says; else `system`, 32 bytes in
 * base64 that the system guards for the desktop; else the file `<home>/key`, made on first use and readable by its owner only.
 * @param setting what the workspace remembers; undefined where nobody chose
 */
export function openVault(
  home: string,
  env: Environment,
  system?: string,
  setting: () => Promise<VaultSetting | undefined> = async () => undefined,
): Vault {
  const given = env.SLUICE_KEY ? environmentSource(env.SLUICE_KEY) : undefined
  let own = ownSources(home, given ? undefined : system)
  let phrase: KeySource | undefined
  const modeNow = async (): Promise<VaultMode> => (await setting())?.mode ?? (own.sys ? 'system' : 'key-file')
  const sourceFor = (mode: VaultMode): KeySource | undefined =>
    ({ system: own.sys, 'key-file': own.file, session: own.mem, passphrase: phrase })[mode]
  const sealing = async (): Promise<KeySource> => {
    if (given) return given
    const mode = await modeNow()
    const source = sourceFor(mode)
    if (source) return source
    throw mode === 'passphrase' ? passphraseWanted('Whatever is saved') : noSystem()
  }
  /** The source that may open what an origin sealed. A key in the environment opens what such keys sealed and nothing else. */
  const opening = (origin: Origin): KeySource | undefined => {
    if (given) return given.origin === origin ? given : undefined
    return origin === 'pass' ? phrase : origin === 'env' ? undefined : own[origin]
  }
  return {
    guard: async () => (given ? 'environment' : modeNow()),
    locked: async () => !given && !phrase && (await modeNow()) === 'passphrase',
    choices: given ? [] : vaultModes.filter((mode) => mode !== 'system' || own.sys !== undefined),
    seal: async (text, context) => sealWith(await sealing(), text, context),
    async open(sealed, context) {
      const envelope = parseEnvelope(sealed)
      if (!envelope) throw unreadable(sealed, context)
      const { origin, salt, keyId } = envelope
      const source = opening(origin)
      if (!source) {
        const wanted = origin === 'pass' && (await setting())?.mode === 'passphrase'
        throw wanted ? passphraseWanted(`The secret of ${context}`) : otherKey(context, origin, false)
      }
      const key = await source.key(salt, false)
      if (keyId === keyIdOf(key)) return decrypt(envelope, context, key)
      throw origin === 'mem' ? forgotten(context) : otherKey(context, origin, true)
    },
    readable(sealed) {
      const envelope = parseEnvelope(sealed)
      if (envelope?.origin === 'mem') return envelope.keyId === own.memId ? 'kept' : 'forgotten'
      return envelope?.origin === 'pass' && !opening('pass') ? 'locked' : 'kept'
    },
    async unlock(passphrase) {
      const { check = '' } = (await setting()) ?? {}
      const envelope = parseEnvelope(check)
      if (!envelope) throw new AppError('VAULT_LOCKED', 'No passphrase guards the secrets.')
      const source = passphraseSource(passphrase, 'The passphrase')
      const fits =
        passphrase.length >= minPassphrase && keyIdOf(await source.key(envelope.salt, false)) === envelope.keyId
      if (!fits) throw wrongPassphrase()
      decrypt(envelope, checked, await source.key(envelope.salt, false))
      phrase = source
    },
    async prepare(mode, passphrase) {
      const next = mode === 'passphrase' ? passphraseSource(passphrase ?? '', 'The passphrase') : sourceFor(mode)
      if (given || !next) throw given ? fixedByEnvironment() : noSystem()
      const check = mode === 'passphrase' ? await sealWith(next, 'opens', checked) : undefined
      return {
        setting: { mode, ...(check === undefined ? {} : { check }) },
        seal: (text, context) => sealWith(next, text, context),
        async use() {
          phrase = mode === 'passphrase' ? next : undefined
          if (mode === 'key-file') return
          // Nothing is sealed with it any more; what old copies of the database hold must not open either.
          await rm(keyPath(home), { force: true })
          own = { ...own, file: fileSource(home) }
        },
      }
    },
  }
}

async function sealWith(source: KeySource, text: string, context: string): Promise<string> {
  return encrypt(text, context, source.origin, await source.key(source.salt, true), source.salt)
}

function environmentSource(given: string): KeySource {
  const raw = rawKey(given)
  return raw ? rawSource('env', raw) : passphraseSource(given, 'The passphrase in SLUICE_KEY')
}

function ownSources(home: string, system: string | undefined) {
  const raw = system === undefined ? undefined : rawKey(system)
  if (system !== undefined && !raw) throw new AppError('VAULT_LOCKED', 'The key that the system guards is damaged.')
  const { source: mem, id: memId } = memorySource()
  return { file: fileSource(home), sys: raw && rawSource('sys', raw), mem, memId }
}

const noSystem = () =>
  new AppError('VAULT_LOCKED', 'The key store of this system guards the secrets, and it is not open here.', {
    hint: 'Start the desktop app, or choose another way to guard secrets there.',
  })

const fixedByEnvironment = () =>
  new AppError('VAULT_LOCKED', 'SLUICE_KEY guards the secrets, so there is nothing to choose.', {
    hint: 'Start Sluice without SLUICE_KEY to choose how they are guarded.',
  })
