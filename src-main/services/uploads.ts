import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'

export interface Chunk {
  /** The file's name, as the browser tells it. */
  name: string
  /** Tells this upload from others. */
  upload: string
  /** Bytes sent before this chunk. */
  offset: number
  base64: string
  last: boolean
}

/**
 * Takes a piece of a file that was dropped into the page. The file appears under its own name, or one beside it that is free, with the
 * last piece.
 * @returns where it is, or will be put together until then, and how many bytes are there
 * @throws AppError FILE_WRITE when a piece is missing or the disk refuses; CONFIG_INVALID for an id that is no plain name
 */
export async function receiveChunk(home: string, chunk: Chunk): Promise<{ path: string; size: number }> {
  if (!/^[\w-]{1,64}$/.test(chunk.upload)) throw new AppError('CONFIG_INVALID', 'The upload has no proper id.')
  const folder = join(home, 'files')
  const part = join(folder, `.${chunk.upload}.part`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const size = await append(part, chunk)
    return { path: chunk.last ? await settle(folder, part, fileName(chunk.name)) : part, size }
  } catch (cause) {
    await rm(part, { force: true })
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_WRITE', `${chunk.name} could not be stored in the workspace.`, {
      hint: 'Check the space on the disk, and drop the file again.',
      cause,
    })
  }
}

async function append(part: string, { name, offset, base64 }: Chunk): Promise<number> {
  const before = offset === 0 ? 0 : (await stat(part)).size
  if (before !== offset) {
    throw new AppError('FILE_WRITE', `A piece of ${name} went missing on its way.`, { hint: 'Drop the file again.' })
  }
  const bytes = Buffer.from(base64, 'base64')
  await using file = await open(part, offset === 0 ? 'w' : 'a', 0o600)
  await file.writeFile(bytes)
  return offset + bytes.length
}

/** Gives the file its name. The name is taken first, because a rename replaces what is there. */
async function settle(folder: string, part: string, name: string): Promise<string> {
  const end = /\.[^.]+(\.(gz|zst))?$/i.exec(name)?.[0] ?? ''
  for (let count = 1; ; count++) {
    const path = join(folder, count === 1 ? name : `${basename(name, end)}-${count}${end}`)
    try {
      await (await open(path, 'wx', 0o600)).close()
      await rename(part, path)
      return path
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

/** The last part of the name without what file systems refuse. */
function fileName(given: string): string {
  const name = given
    .replace(/^.*[\\/]/, '')
    .replaceAll(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .trim()
  return name === '' ? 'file' : name.slice(-200)
}
