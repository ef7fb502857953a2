import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'

/** What kind of key sealed a text. */
export const origins = ['file', 'env', 'pass', 'sys', 'mem'] as const
export type Origin = (typeof origins)[number]

/** A sealed text, taken apart. */
export interface Envelope {
  origin: Origin
  keyId: string
  salt: Buffer
  nonce: Buffer
  /** Ciphertext and tag. */
  body: Buffer
}

/** `v1.<origin>.<key id>.<salt>.<nonce>.<ciphertext and tag>`, the last four in base64url; salt is empty for raw keys. */
const form = /^v1\.(\w+)\.([\w-]+)\.([\w-]*)\.([\w-]+)\.([\w-]+)$/

/** Undefined for a text that this version did not seal. */
export function parseEnvelope(sealed: string): Envelope | undefined {
  const [, name, keyId = '', salt = '', nonce = '', body = ''] = form.exec(sealed) ?? []
  const origin = origins.find((known) => known === name)
  return origin && { origin, keyId, salt: bytes(salt), nonce: bytes(nonce), body: bytes(body) }
}

/** AES-256-GCM; `context` is authenticated, not stored. */
export function encrypt(text: string, context: string, origin: Origin, key: Buffer, salt: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(additionalData(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return ['v1', origin, keyIdOf(key), base64(salt), base64(nonce), base64(sealed)].join('.')
}

/** @throws AppError VAULT_LOCKED when the text was changed, or moved to another context */
export function decrypt({ nonce, body }: Envelope, context: string, key: Buffer): string {
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

/** Tells keys apart without telling anything about them. */
export const keyIdOf = (key: Buffer) =>
  base64(createHmac('sha256', key).update('sluice key id').digest().subarray(0, 6))

const base64 = (raw: Buffer) => raw.toString('base64url')
const bytes = (text: string) => Buffer.from(text, 'base64url')
const additionalData = (context: string) => Buffer.from(`sluice:v1:${context}`, 'utf8')
