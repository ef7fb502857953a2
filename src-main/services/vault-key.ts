import { randomBytes } from 'node:crypto'
import { type FileHandle, link, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { makeHome } from '../store/index.ts'

export const keyPath = (home: string) => join(home, 'key')

/** The key in `<home>/key`. @throws AppError VAULT_LOCKED when it is missing, damaged, or others may read it */
export async function readKeyFile(home: string): Promise<Buffer> {
  const path = keyPath(home)
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw new AppError('VAULT_LOCKED', `The key file ${path} is missing, so what it sealed cannot be opened.`, {
        hint: 'Bring the file back, or enter the secrets again.',
      })
    }
    throw cannot('read', path, error)
  }
  try {
    await refuseShared(handle, path)
    const bytes = Buffer.from((await handle.readFile('utf8')).trim(), 'base64')
    if (bytes.length === 32) return bytes
    throw new AppError('VAULT_LOCKED', `The key file ${path} is damaged.`, {
      hint: 'Bring it back from a backup. If there is none, delete it and enter the secrets again.',
    })
  } finally {
    await handle.close()
  }
}

/** The key in `<home>/key`, made first when there is none. Processes that start together end up with the same one. */
export async function createKeyFile(home: string): Promise<Buffer> {
  const path = keyPath(home)
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    makeHome(home)
    await writeKey(draft)
    try {
      // Unlike a rename, a link never replaces a key that another process made a moment ago.
      await link(draft, path)
    } catch (error) {
      const code = systemCode(error)
      // Some file systems have no links; an exclusive create is the next best.
      if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') await writeKey(path).catch(ignoreExisting)
      else ignoreExisting(error)
    }
  } catch (error) {
    throw cannot('write', path, error)
  } finally {
    await rm(draft, { force: true })
  }
  return readKeyFile(home)
}

async function writeKey(path: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Quietly mending the permissions would hide that the key may have been read already. */
async function refuseShared(handle: FileHandle, path: string): Promise<void> {
  if (process.platform === 'win32') return
  const mode = (await handle.stat()).mode & 0o777
  if ((mode & 0o077) === 0) return
  throw new AppError('VAULT_LOCKED', `The key file ${path} is open to other users (mode ${mode.toString(8)}).`, {
    hint: `Run: chmod 600 '${path}'. On disks without permissions, keep the key in SLUICE_KEY instead.`,
  })
}

function ignoreExisting(error: unknown): void {
  if (systemCode(error) !== 'EEXIST') throw error
}

function cannot(verb: string, path: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(
    'VAULT_LOCKED',
    `Cannot ${verb} the key file ${path} (${systemCode(error) || 'unknown error'}).`,
    {
      hint: 'Check the permissions of its folder, or give the key in SLUICE_KEY.',
      cause: error,
    },
  )
}

const systemCode = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')
