import { createHash } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Channel } from './channel.ts'

export interface FileState {
  path: string
  /** SHA-256 of the bytes, hex; null when there is no such file. */
  hash: string | null
}

/** Milliseconds after the system told of a change: a program that writes in several steps is done then. */
const settleMs = 80
/** Milliseconds between looks that need no telling: network folders and folders made anew tell nothing. */
const pollMs = 2_000

/** What looks at a path at once, for each watch under way. */
const looks = new Set<(path: string) => Promise<void>>()

/**
 * Tells those who watch a file of what it holds now. Whoever has written it calls this before saying so: if the file goes a moment later,
 * that is seen as a change of what was written.
 */
export async function lookAt(path: string): Promise<void> {
  await Promise.all([...looks].map((look) => look(resolve(path))))
}

/**
 * The state of each file now, and again whenever its bytes change, until the signal aborts. Folders are watched rather than files,
 * because programs that write safely put another file in the old one's place.
 */
export function watchFiles(given: readonly string[], signal: AbortSignal): AsyncIterableIterator<FileState> {
  const paths = [...new Set(given.map((path) => resolve(path)))]
  const told = new Channel<FileState>()
  const states = new Map<string, { stamp: string; hash: string | null }>()
  let looking = false
  let again = false

  const look = async (path: string) => {
    const stamp = await stampOf(path)
    const before = states.get(path)
    if (before?.stamp === stamp) return
    const hash = await hashOf(path)
    states.set(path, { stamp, hash })
    if (before?.hash !== hash) told.send({ path, hash })
  }
  const lookAtAll = async () => {
    if (looking) {
      again = true
      return
    }
    looking = true
    do {
      again = false
      await Promise.all(paths.map(look))
    } while (again && !signal.aborted)
    looking = false
  }

  let soon: NodeJS.Timeout | undefined
  const lookSoon = () => {
    clearTimeout(soon)
    soon = setTimeout(() => void lookAtAll(), settleMs)
  }
  const watchers = [...new Set(paths.map((path) => dirname(path)))].flatMap((folder) => watchFolder(folder, lookSoon))
  const poll = setInterval(() => void lookAtAll(), pollMs)
  const lookIfWatched = async (path: string) => {
    if (paths.includes(path)) await look(path)
  }
  looks.add(lookIfWatched)
  const end = () => {
    looks.delete(lookIfWatched)
    clearTimeout(soon)
    clearInterval(poll)
    for (const watcher of watchers) watcher.close()
    told.close()
  }
  const reader = told.read(signal)
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  void lookAtAll()
  return reader
}

function watchFolder(folder: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, changed)
    // A folder that goes away; the poll sees whether it comes back.
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    return []
  }
}

/** Changes with every write, so that bytes need not be read to know that they are the same. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeNs, size, ino, ctimeNs } = await stat(path, { bigint: true })
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`
  } catch {
    return ''
  }
}

export async function hashOf(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null)
  return bytes === null ? null : createHash('sha256').update(bytes).digest('hex')
}
