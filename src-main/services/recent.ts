import { access } from 'node:fs/promises'
import { z } from 'zod'
import type { RecentFile } from '../../shared/contract/files.ts'
import { inTurn } from './in-turn.ts'
import type { SettingService } from './workspace.ts'

const key = 'recent'
const maxRecent = 30

const entrySchema = z.object({ path: z.string(), name: z.string(), openedAt: z.string() })
type Entry = z.infer<typeof entrySchema>

const changing = inTurn()

/** Pipeline files that were opened, the latest first. */
export async function listRecent(settings: SettingService): Promise<RecentFile[]> {
  const entries = await read(settings)
  return Promise.all(entries.map(async (entry) => ({ ...entry, exists: await isThere(entry.path) })))
}

export function rememberRecent(settings: SettingService, file: { path: string; name: string }): Promise<void> {
  const entry = { ...file, openedAt: new Date().toISOString() }
  return change(settings, file.path, (others) => [entry, ...others].slice(0, maxRecent))
}

export function forgetRecent(settings: SettingService, path: string): Promise<void> {
  return change(settings, path, (others) => others)
}

function change(settings: SettingService, path: string, next: (others: Entry[]) => Entry[]): Promise<void> {
  return changing(async () => {
    const others = (await read(settings)).filter((entry) => entry.path !== path)
    await settings.set(key, next(others))
  })
}

async function read(settings: SettingService): Promise<Entry[]> {
  const parsed = z.array(entrySchema).safeParse((await settings.get(key)) ?? [])
  return parsed.success ? parsed.data : []
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
