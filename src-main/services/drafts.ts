import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Draft } from '../../shared/contract/files.ts'
import { draftFile, draftFolder, draftsFolder } from './draft-folder.ts'
import { replaceFile } from './replace-file.ts'
import { isHeld, letGo } from './window-leases.ts'

const draftSchema: z.ZodType<Omit<Draft, 'id'>> = z.object({
  path: z.string().nullable(),
  name: z.string(),
  text: z.string(),
  base: z.string().nullable(),
  savedAt: z.string(),
})

/** Everything that was not saved when it was last kept, whichever window has it. What cannot be read is left out and left alone. */
export async function listDrafts(home: string): Promise<Draft[]> {
  const folders = await windowFolders(home)
  return byAge((await Promise.all(folders.map(draftsIn))).flat())
}

/**
 * What a window did not save, the oldest first: its own drafts, and those of windows that are gone, which are its own from now on. Of two windows
 * that ask at once each draft goes to one; those of windows that are held stay where they are.
 */
export async function claimDrafts(home: string, window: string): Promise<Draft[]> {
  const own = draftFolder(home, window)
  for (const folder of await windowFolders(home)) {
    if (folder === own || (await isHeld(folder))) continue
    const names = await namesIn(folder)
    if (names.length > 0) await mkdir(own, { recursive: true, mode: 0o700 })
    for (const name of names) await move(join(folder, name), own)
    await letGo(folder)
  }
  return byAge(await draftsIn(own))
}

/** Keeps unsaved work so that it survives the process; only the user can read it. @throws AppError FILE_WRITE */
export async function keepDraft(home: string, window: string, { id, ...draft }: Omit<Draft, 'savedAt'>): Promise<void> {
  const file = draftFile(home, window, id)
  await mkdir(draftFolder(home, window), { recursive: true, mode: 0o700 })
  await replaceFile(file, JSON.stringify({ ...draft, savedAt: nextMoment() }), 0o600)
}

export async function dropDraft(home: string, window: string, id: string): Promise<void> {
  await rm(draftFile(home, window, id), { force: true })
}

async function windowFolders(home: string): Promise<string[]> {
  const entries = await readdir(draftsFolder(home), { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(draftsFolder(home), name))
}

const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => /^[\w-]+\.json$/.test(name))

async function draftsIn(folder: string): Promise<Draft[]> {
  const found = await Promise.all((await namesIn(folder)).map((name) => readDraft(join(folder, name))))
  return found.filter((draft) => draft !== undefined)
}

async function readDraft(file: string): Promise<Draft | undefined> {
  try {
    return { id: basename(file, '.json'), ...draftSchema.parse(JSON.parse(await readFile(file, 'utf8'))) }
  } catch {
    return undefined
  }
}

/** Another window may have been quicker: then the draft is that one's. */
async function move(file: string, folder: string): Promise<void> {
  const place = join(folder, basename(file))
  const taken = await access(place).then(
    () => true,
    () => false,
  )
  await rename(file, taken ? join(folder, `${randomUUID()}.json`) : place).catch(() => undefined)
}

let last = 0

/** Now, but never the same moment twice: the order of drafts that are kept one soon after the other is told by it. */
function nextMoment(): string {
  last = Math.max(Date.now(), last + 1)
  return new Date(last).toISOString()
}

const byAge = (drafts: readonly Draft[]): Draft[] => drafts.toSorted((a, b) => (a.savedAt < b.savedAt ? -1 : 1))
