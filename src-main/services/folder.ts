import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Folder, FolderEntry } from '../../shared/contract/files.ts'
import { AppError } from '../../shared/errors.ts'

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * What lies in a folder, without hidden entries and what is neither file nor folder.
 * @param extensions endings without a dot; files with others are left out
 * @throws AppError FILE_MISSING, FILE_DENIED
 */
export async function listFolder(folder: string, extensions: readonly string[] | undefined): Promise<Folder> {
  const items = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError('FILE_MISSING', `There is no folder ${folder}.`, { hint: 'Check the path.', cause })
    }
    throw new AppError('FILE_DENIED', `The folder ${folder} cannot be read.`, { hint: 'Check its permissions.', cause })
  })
  const wanted = (name: string) => extensions?.some((end) => name.toLowerCase().endsWith(`.${end}`)) ?? true
  const found = await Promise.all(
    items.filter(({ name }) => !name.startsWith('.')).map(({ name }) => entryOf(folder, name)),
  )
  const entries = found
    .filter((entry) => entry !== undefined)
    .filter(({ kind, name }) => kind === 'folder' || wanted(name))
    .sort((a, b) => (a.kind === b.kind ? order.compare(a.name, b.name) : a.kind === 'folder' ? -1 : 1))
  const parent = dirname(folder)
  return { folder, parent: parent === folder ? null : parent, entries }
}

async function entryOf(folder: string, name: string): Promise<FolderEntry | undefined> {
  const path = join(folder, name)
  const info = await stat(path).catch(() => undefined)
  if (!info || !(info.isDirectory() || info.isFile())) return undefined
  const kind = info.isDirectory() ? 'folder' : 'file'
  return { name, path, kind, size: kind === 'file' ? info.size : 0, modified: info.mtime.toISOString() }
}
