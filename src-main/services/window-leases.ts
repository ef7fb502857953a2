import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { draftFolder } from './draft-folder.ts'
import { isGone, type ProcessIdentity, thisProcess } from './process.ts'

/** Beside the drafts of a window: which process answers it. */
const leaseFile = 'held'

const identity: z.ZodType<ProcessIdentity> = z.object({
  pid: z.int(),
  host: z.string(),
  processStart: z.string().nullable(),
})

/** Milliseconds that a page which loads anew gives the one before it to let go. */
const patience = 1_000
const pause = 50

/**
 * Holds a window until the signal: its drafts are its own for so long. One that is held already, as by the page that a tab was duplicated
 * from, is left alone and another id taken. @returns gives the window's id once, and ends with the signal
 */
export async function* holdWindow(
  home: string,
  wanted: string,
  signal: AbortSignal,
): AsyncGenerator<{ window: string }> {
  const window = await hold(home, wanted)
  try {
    yield { window }
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    await letGo(draftFolder(home, window))
  }
}

async function hold(home: string, wanted: string): Promise<string> {
  const folder = draftFolder(home, wanted)
  for (let waited = 0; waited <= patience; waited += pause) {
    if (await take(folder)) return wanted
    await setTimeout(pause)
  }
  return hold(home, randomUUID())
}

async function take(folder: string): Promise<boolean> {
  if (await isHeld(folder)) return false
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await rm(join(folder, leaseFile), { force: true })
    await writeFile(join(folder, leaseFile), JSON.stringify(thisProcess()), { mode: 0o600, flag: 'wx' })
    return true
  } catch {
    // Either another was quicker, or nothing can be written here: then there are no drafts to guard.
    return !(await isHeld(folder))
  }
}

/** Whether a living process holds the window of these drafts. Of another machine's processes nothing can be known. */
export async function isHeld(folder: string): Promise<boolean> {
  try {
    const holder = identity.parse(JSON.parse(await readFile(join(folder, leaseFile), 'utf8')))
    return holder.host === thisProcess().host && !isGone(holder)
  } catch {
    return false
  }
}

/** Lets go of a window; its folder stays while there are drafts in it. */
export async function letGo(folder: string): Promise<void> {
  await rm(join(folder, leaseFile), { force: true })
  await rmdir(folder).catch(() => undefined)
}
