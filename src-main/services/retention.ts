import { readdir, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { isTerminal } from '../../shared/run.ts'
import type { RunMark, RunRepository } from '../store/index.ts'
import { runFolder } from './home.ts'

/** What may stay. Each rule counts by itself; an absent one removes nothing. */
export interface Retention {
  /** Runs that ended longer ago go, with their history. */
  keepDays?: number
  /** Of the runs that ended, only so many of the newest stay. */
  keepRuns?: number
  /** Bytes of kept rows in all. Beyond it the rows that were not used for longest go, and the history stays. */
  diskBudget?: number
}

export interface Pruned {
  /** Runs removed from the history. */
  runs: number
  /** Folders of kept rows removed. */
  outputs: number
  /** Bytes freed. */
  bytes: number
}

const day = 86_400_000

/**
 * Removes what the policy does not keep. Runs that have not ended stay, and so do rows that a run which stays has reused.
 * Records go before files: whatever is interrupted, no record names rows that are half gone, and the next time finds
 * the folder without a run and removes it.
 */
export async function prune(runs: RunRepository, home: string, policy: Retention): Promise<Pruned> {
  const going = await runsToForget(runs, policy)
  for (const ids of chunks([...going])) await runs.forget(ids)
  if (going.size > 0) await runs.forgetDocuments()
  const folders = await foldersOf(runs, home)
  const gone = folders.filter(
    ({ id, used, changed }) => used === undefined && (going.has(id) || changed < Date.now() - day),
  )
  const over = overBudget(folders, policy.diskBudget ?? Number.POSITIVE_INFINITY)
  for (const files of chunks(over.flatMap((folder) => folder.files))) await runs.forgetFiles(files)
  for (const { id } of [...gone, ...over]) await rm(runFolder(home, id), { recursive: true, force: true })
  const removed = [...gone, ...over]
  return { runs: going.size, outputs: removed.length, bytes: removed.reduce((sum, { size }) => sum + size, 0) }
}

async function runsToForget(runs: RunRepository, { keepDays, keepRuns }: Retention): Promise<Set<string>> {
  const oldest = new Date(Date.now() - (keepDays ?? 0) * day).toISOString()
  return new Set([
    ...(keepDays === undefined ? [] : await runs.endedBefore(oldest)),
    ...(keepRuns === undefined ? [] : await runs.endedBeyond(keepRuns)),
  ])
}

interface Folder {
  /** The run that made it. */
  id: string
  size: number
  /** When something in it last changed, in milliseconds since 1970. */
  changed: number
  /** Files that records name. */
  files: string[]
  /** When the newest run that made or reused it was made; undefined when no run has it any more. */
  used: string | undefined
  /** A run that has not ended uses it. */
  busy: boolean
}

/** Every folder of a run, the latest used first. */
async function foldersOf(runs: RunRepository, home: string): Promise<Folder[]> {
  const root = join(home, 'runs')
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const folders = new Map<string, Folder>()
  for (const entry of entries) {
    if (!entry.isDirectory()) continue
    const { size, changed } = await measure(join(root, entry.name))
    folders.set(entry.name, { id: entry.name, size, changed, files: [], used: undefined, busy: false })
  }
  if (folders.size === 0) return []
  const places = await runs.places()
  const marks = new Map<string, RunMark>()
  for (const ids of chunks([...new Set([...folders.keys(), ...places.map(({ runId }) => runId)])])) {
    for (const mark of await runs.marks(ids)) marks.set(mark.id, mark)
  }
  const use = (folder: Folder | undefined, runId: string) => {
    const run = marks.get(runId)
    if (!folder || !run) return
    if (folder.used === undefined || run.createdAt > folder.used) folder.used = run.createdAt
    folder.busy ||= !isTerminal(run.state)
  }
  for (const folder of folders.values()) use(folder, folder.id)
  for (const { runId, file } of places) {
    const folder = folders.get(relative(root, file).split(sep)[0] ?? '')
    folder?.files.push(file)
    use(folder, runId)
  }
  return [...folders.values()].sort((a, b) => ((a.used ?? '') < (b.used ?? '') ? 1 : -1))
}

function overBudget(latestFirst: readonly Folder[], budget: number): Folder[] {
  let total = 0
  return latestFirst.filter((folder) => {
    total += folder.size
    return folder.used !== undefined && folder.size > 0 && total > budget && !folder.busy
  })
}

/** Bytes of all files in a folder, and when anything in it last changed. */
export async function measure(folder: string): Promise<{ size: number; changed: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))]
  const infos = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  let [size, changed] = [0, 0]
  for (const info of infos) {
    if (info?.isFile()) size += info.size
    changed = Math.max(changed, info?.mtimeMs ?? 0)
  }
  return { size, changed }
}

/** Databases limit how many values a statement may hold. */
function* chunks(items: string[], size = 200): Generator<string[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
