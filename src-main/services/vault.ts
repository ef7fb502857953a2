import { createCipheriv, createDecipheriv, createHmac, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type { Environment } from './home.ts'
import { createKeyFile, readKeyFile } from './vault-key.ts'

/** Seals texts so that they can be kept. What is sealed for one context does not open in another. */
export interface Vault {
  readonly kind: 'key-file' | 'environment' | 'system'
  /** `context` says what the text is for, e.g. `connection:shop`; it is authenticated, not stored. */
  seal(text: string, context: string): Promise<string>
  /** @throws AppError VAULT_LOCKED when the key is not the one it was sealed with, or the text was changed or moved */
  open(sealed: string, context: string): Promise<string>
}

/** `v1.<origin>.<key id>.<salt>.<nonce>.<ciphertext and tag>`, the last four in base64url; salt is empty for raw keys. */
const envelope = /^v1\.(file|env|pass|sys)\.([\w-]+)\.([\w-]*)\.([\w-]+)\.([\w-]+)$/
type Origin = 'file' | 'env' | 'pass' | 'sys'

const originNames: Record<Origin, string> = {
  file: 'the key file of the workspace',
  env: 'a key in SLUICE_KEY',
  pass: 'a passphrase in SLUICE_KEY',
  sys: 'a key that this system guards for the desktop app',
}

const kinds: Record<Origin, Vault['kind']> = {
  file: 'key-file',
  env: 'environment',
  pass: 'environment',
  sys: 'system',
}

/** About 60 ms and 64 MB per passphrase and salt; derived keys are kept for the life of the vault. */
const scryptCost: ScryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 2 ** 20 }

interface KeySource {
  origin: Origin
  /** The salt new texts are sealed with; empty for raw keys. */
  salt: Buffer
  /** The key for a salt. `create`: whether a missing key file is made. */
  key(salt: Buffer, create: boolean): Promise<Buffer>
}

/**
 * Seals with AES-256-GCM. The key is `SLUICE_KEY` (32 bytes in base64, or else a passphrase); else `system`, 32 bytes in base64 that
 * the system guards for the desktop; else the file `<home>/key`, made on first use and readable by its owner only.
 */
export function openVault(home: string, env: Environment, system?: string): Vault {
  const source = keySource(home, env, system)
  return {
    kind: kinds[source.origin],
    async seal(text, context) {
      const key = await source.key(source.salt, true)
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(additionalData(context))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return ['v1', source.origin, keyId(key), base64(source.salt), base64(nonce), base64(sealed)].join('.')
    },
    async open(sealed, context) {
      const parts = envelope.exec(sealed)
      if (!parts) throw unreadable(sealed, context)
      const [, origin, id, salt, nonce, body] = parts
      // What the command line sealed with the key file stays readable on the desktop.
      const used = source.origin === 'sys' && origin === 'file' ? fileSource(home) : source
      if (origin !== used.origin) throw otherKey(context, origin, source.origin)
      const key = await used.key(Buffer.from(salt ?? '', 'base64url'), false)
      if (id !== keyId(key)) throw otherKey(context, origin, source.origin)
      return decrypt(key, Buffer.from(nonce ?? '', 'base64url'), Buffer.from(body ?? '', 'base64url'), context)
    },
  }
}

function decrypt(key: Buffer, nonce: Buffer, body: Buffer, context: string): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAAD(additionalData(context))
    decipher.setAuthTag(body.subarray(-16))
    return decipher.update(body.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new AppError('VAULT_LOCKED', `The secret of ${context} was changed since it was sealed.`, {
      hint: 'Enter the secret again.',
    })
  }
}

function keySource(home: string, env: Environment, system: string | undefined): KeySource {
  const given = env.SLUICE_KEY
  if (given) {
    const raw = rawKey(given)
    return raw ? rawSource('env', raw) : passphraseSource(given)
  }
  if (system === undefined) return fileSource(home)
  const raw = rawKey(system)
  if (raw) return rawSource('sys', raw)
  throw new AppError('VAULT_LOCKED', 'The key that the system guards is damaged.')
}

const rawSource = (origin: Origin, key: Buffer): KeySource => ({ origin, salt: Buffer.alloc(0), key: async () => key })

function fileSource(home: string): KeySource {
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

function passphraseSource(passphrase: string): KeySource {
  const derived = new Map<string, Promise<Buffer>>()
  return {
    origin: 'pass',
    salt: randomBytes(16),
    key(salt) {
      if (passphrase.length < 8) {
        const hint = 'Use a longer one, or a key from: openssl rand -base64 32'
        throw new AppError('VAULT_LOCKED', 'The passphrase in SLUICE_KEY is shorter than 8 characters.', { hint })
      }
      const id = base64(salt)
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
function rawKey(text: string): Buffer | undefined {
  const trimmed = text.trim()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined
  const bytes = Buffer.from(trimmed, 'base64')
  return bytes.length === 32 ? bytes : undefined
}

const base64 = (bytes: Buffer) => bytes.toString('base64url')
const additionalData = (context: string) => Buffer.from(`sluice:v1:${context}`, 'utf8')

/** Tells keys apart without telling anything about them. */
const keyId = (key: Buffer) => base64(createHmac('sha256', key).update('sluice key id').digest().subarray(0, 6))

function otherKey(context: string, origin: string | undefined, now: Origin): AppError {
  const known = origin === 'file' || origin === 'env' || origin === 'pass' || origin === 'sys' ? origin : undefined
  const was = known ? originNames[known] : 'another key'
  const same = origin === now
  const message = `The secret of ${context} was sealed with ${same ? `another key than ${was}` : was}.`
  return new AppError('VAULT_LOCKED', message, { hint: same || !known ? bringBack : hints[known] })
}

const bringBack = 'Bring back the key it was sealed with, or enter the secret again.'

const hints: Record<Origin, string> = {
  file: 'Unset SLUICE_KEY, or enter the secret again.',
  env: 'Set SLUICE_KEY to what it was, or enter the secret again.',
  pass: 'Set SLUICE_KEY to what it was, or enter the secret again.',
  sys: 'Enter the secret again here; the desktop app can read it then, too.',
}

function unreadable(sealed: string, context: string): AppError {
  const newer = /^v\d+\./.test(sealed) && !sealed.startsWith('v1.')
  return new AppError('VAULT_LOCKED', `The secret of ${context} cannot be read.`, {
    hint: newer ? 'It was sealed by a newer version of Sluice. Update Sluice.' : 'Enter the secret again.',
  })
}
