import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Draft } from '../../shared/contract/files.ts'
import { AppError } from '../../shared/errors.ts'
import { replaceFile } from './replace-file.ts'

const draftSchema: z.ZodType<Draft> = z.object({
  id: z.string(),
  path: z.string().nullable(),
  name: z.string(),
  text: z.string(),
  base: z.string().nullable(),
  savedAt: z.string(),
})

const folderOf = (home: string) => join(home, 'drafts')

/** @throws AppError CONFIG_INVALID for an id that is no plain name, which would lead out of the folder */
function draftFile(home: string, id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return join(folderOf(home), `${id}.json`)
  throw new AppError('CONFIG_INVALID', 'The draft has no proper id.')
}

/** Everything that was not saved when it was last kept, the oldest first. What cannot be read is left out and left alone. */
export async function listDrafts(home: string): Promise<Draft[]> {
  const names = await readdir(folderOf(home)).catch(() => [])
  const found = await Promise.all(
    names.filter((name) => /^[\w-]+\.json$/.test(name)).map((name) => readDraft(join(folderOf(home), name))),
  )
  return found.filter((draft) => draft !== undefined).sort((a, b) => (a.savedAt < b.savedAt ? -1 : 1))
}

async function readDraft(file: string): Promise<Draft | undefined> {
  try {
    return draftSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Keeps unsaved work so that it survives the process; only the user can read it. @throws AppError FILE_WRITE */
export async function keepDraft(home: string, draft: Omit<Draft, 'savedAt'>): Promise<void> {
  const file = draftFile(home, draft.id)
  await mkdir(folderOf(home), { recursive: true, mode: 0o700 })
  await replaceFile(file, JSON.stringify({ ...draft, savedAt: new Date().toISOString() }), 0o600)
}

export async function dropDraft(home: string, id: string): Promise<void> {
  await rm(draftFile(home, id), { force: true })
}
