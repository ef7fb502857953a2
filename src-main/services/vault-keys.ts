import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { minPassphrase } from '../../shared/contract/vault.ts'
import { AppError } from '../../shared/errors.ts'
import { keyIdOf, type Origin } from './vault-envelope.ts'
import { createKeyFile, readKeyFile } from './vault-key.ts'

/** About 60 ms and 64 MB per passphrase and salt; derived keys are kept for the life of the vault. */
const scryptCost: ScryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 2 ** 20 }

export interface KeySource {
  origin: Origin
  /** The salt new texts are sealed with; empty for raw keys. */
  salt: Buffer
  /** The key for a salt. `create`: whether a missing key file is made. @throws AppError VAULT_LOCKED */
  key(salt: Buffer, create: boolean): Promise<Buffer>
}

export const rawSource = (origin: Origin, key: Buffer): KeySource => ({
  origin,
  salt: Buffer.alloc(0),
  key: async () => key,
})

/** A key that ends with this process, and its id. */
export function memorySource(): { source: KeySource; id: string } {
  const key = randomBytes(32)
  return { source: rawSource('mem', key), id: keyIdOf(key) }
}

/** The file `<home>/key`, read once and made when something is first sealed. */
export function fileSource(home: string): KeySource {
  let cached: Promise<Buffer> | undefined
  return {
    origin: 'file',
    salt: Buffer.alloc(0),
    key: (_salt, create) => {
      cached ??= (create ? createKeyFile(home) : readKeyFile(home)).catch((error: unknown) => {
        cached = undefined
        throw error
      })
      return cached
    },
  }
}

/** @param name what the passphrase is called in messages */
export function passphraseSource(passphrase: string, name: string): KeySource {
  const derived = new Map<string, Promise<Buffer>>()
  return {
    origin: 'pass',
    salt: randomBytes(16),
    key(salt) {
      if (passphrase.length < minPassphrase) {
        const hint = 'Use a longer one, or a key from: openssl rand -base64 32'
        throw new AppError('VAULT_LOCKED', `${name} is shorter than ${minPassphrase} characters.`, { hint })
      }
      const id = salt.toString('base64url')
      const key = derived.get(id) ?? derive(passphrase, salt)
      derived.set(id, key)
      return key
    },
  }
}

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key))
    scrypt(passphrase.normalize('NFC'), salt, 32, scryptCost, done)
  })
}

/** 32 bytes in base64 or base64url; undefined for anything else, which is then a passphrase. */
export function rawKey(text: string): Buffer | undefined {
  const trimmed = text.trim()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined
  const bytes = Buffer.from(trimmed, 'base64')
  return bytes.length === 32 ? bytes : undefined
}
