import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { safeStorage } from 'electron'
import type { Environment } from '../../services/home.ts'
import { makeHome } from '../../store/index.ts'

export interface SystemKey {
  /** 32 bytes in base64 that the system guards; absent where it guards none, and then the key file is used. */
  key?: string
  /** What the user should know about it. */
  notice?: string
}

/**
 * The key of the workspace's vault, sealed by the system's key store and kept in `<home>/key.sealed`; made at the first start. A workspace that
 * has a key file already, or a key in the environment, goes on with that.
 */
export async function systemKey(home: string, env: Environment): Promise<SystemKey> {
  if (env.SLUICE_KEY) return {}
  const file = join(home, 'key.sealed')
  const sealed = await readFile(file).catch(() => undefined)
  if (!sealed && existsSync(join(home, 'key'))) return {}
  try {
    if (await guarded()) return { key: sealed ? await unsealed(file, sealed) : await created(file, home) }
  } catch {
    // Locked, denied, or sealed by another user of this system: told below.
  }
  return {
    notice: sealed
      ? 'The key store of this system did not open, so saved passwords cannot be read. Unlock it and start Sluice again.'
      : `This system has no key store, so a file in ${home} guards saved passwords. Whoever can read your files can read them.`,
  }
}

/** Linux without a key store still offers to encrypt, with a password that everyone knows. */
async function guarded(): Promise<boolean> {
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) {
    return false
  }
  return safeStorage.isAsyncEncryptionAvailable()
}

async function unsealed(file: string, sealed: Buffer): Promise<string> {
  const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
  if (Buffer.from(result, 'base64').length !== 32) throw new Error('The sealed key is damaged.')
  if (shouldReEncrypt) await keep(file, await safeStorage.encryptStringAsync(result))
  return result
}

async function created(file: string, home: string): Promise<string> {
  const key = randomBytes(32).toString('base64')
  const sealed = await safeStorage.encryptStringAsync(key)
  makeHome(home)
  await keep(file, sealed)
  return key
}

async function keep(file: string, sealed: Buffer): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, sealed, { mode: 0o600, flush: true })
  await rename(draft, file)
}
