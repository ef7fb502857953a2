import { randomBytes } from 'node:crypto'
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/**
 * Puts a text in a file's place in one step: a crash leaves the old text or the new. What was there keeps its permissions, and a
 * symbolic link stays one.
 * @param mode permissions of a file that is new
 * @throws AppError FILE_WRITE
 */
export async function replaceFile(path: string, text: string, mode = 0o666): Promise<void> {
  const file = await realpath(path).catch(() => path)
  const before = await stat(file).catch(() => undefined)
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`)
  try {
    await writeFile(draft, text, { mode: before?.mode ?? mode, flag: 'wx', flush: true })
    await rename(draft, file)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new AppError('FILE_WRITE', `${path} cannot be written.`, {
      hint: 'Check the permissions of the file and its folder, and the space on the disk.',
      cause,
    })
  }
}
