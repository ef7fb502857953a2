import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { AppError } from '../../../../shared/errors.ts'
import { shortPath } from './paths.ts'

export const isPacked = (file: string) => /\.(gz|zst)$/i.test(file)

/** What unpacks a file, by its name; undefined when it is not packed. */
export function unpacker(file: string) {
  if (/\.gz$/i.test(file)) return createGunzip()
  return /\.zst$/i.test(file) ? createZstdDecompress() : undefined
}

/**
 * Goes through packed files to their ends: the engine takes one that was cut off, or whose checksum is wrong, for one that is whole.
 * @throws AppError FILE_FORMAT
 */
export async function requireWhole(files: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  for (const file of files) {
    const unpack = unpacker(file)
    if (!unpack) continue
    const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() })
    await pipeline(createReadStream(file), unpack, nowhere, { signal }).catch((cause: unknown) => {
      throw signal.aborted ? cause : damaged(file, folder, cause)
    })
  }
}

function damaged(file: string, folder: string, cause: unknown): AppError {
  return new AppError('FILE_FORMAT', `${shortPath(file, folder)} is damaged, or was cut off before its end.`, {
    hint: 'Fetch or pack the file again.',
    at: { field: 'path' },
    cause,
  })
}
