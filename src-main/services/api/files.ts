import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Folder, FolderEntry, PipelineText } from '../../../shared/contract/files.ts'
import { AppError } from '../../../shared/errors.ts'
import { readPipelineText } from '../pipeline-file.ts'
import { listSamples } from '../samples.ts'
import { api } from './context.ts'

export const files = {
  pick: api.files.pick.handler(({ context, input }) => context.host.pick(input)),
  list: api.files.list.handler(({ input }) => listFolder(resolve(input.folder ?? homedir()), input.extensions)),
  readPipeline: api.files.readPipeline.handler(({ input }) => readText(input.path)),
  writePipeline: api.files.writePipeline.handler(async ({ input }) => {
    const path = resolve(input.path)
    if (input.expected !== undefined) await checkUnchanged(path, input.expected)
    await replaceFile(path, input.text)
    return readText(path)
  }),
  samples: api.files.samples.handler(() => listSamples()),
}

async function readText(given: string): Promise<PipelineText> {
  const { file, folder, text, hash } = await readPipelineText(given, homedir())
  return { path: file, folder, text, hash }
}

async function checkUnchanged(path: string, expected: string | null): Promise<void> {
  const bytes = await readFile(path).catch(() => null)
  const hash = bytes === null ? null : createHash('sha256').update(bytes).digest('hex')
  if (hash === expected) return
  throw new AppError('FILE_CONFLICT', `${path} was changed by another program since it was opened.`, {
    hint: 'Reload it, save under another name, or save anyway to replace what is there.',
  })
}

/** Written beside it and renamed, so that a reader sees the old file or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await writeFile(draft, text, { flush: true })
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new AppError('FILE_WRITE', `${path} cannot be written.`, {
      hint: 'Check the folder and its permissions.',
      cause,
    })
  }
}

async function listFolder(folder: string, extensions: string[] | undefined): Promise<Folder> {
  const items = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('FILE_DENIED', `The folder ${folder} cannot be read.`, { cause })
  })
  const entries: FolderEntry[] = []
  for (const item of items) {
    if (item.name.startsWith('.')) continue
    const path = join(folder, item.name)
    const info = await stat(path).catch(() => undefined)
    if (!info || !(info.isDirectory() || info.isFile())) continue
    const kind = info.isDirectory() ? 'folder' : 'file'
    if (kind === 'file' && extensions && !extensions.some((end) => item.name.toLowerCase().endsWith(`.${end}`)))
      continue
    entries.push({
      name: item.name,
      path,
      kind,
      size: kind === 'file' ? info.size : 0,
      modified: info.mtime.toISOString(),
    })
  }
  entries.sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
  const parent = dirname(folder)
  return { folder, parent: parent === folder ? null : parent, entries }
}
