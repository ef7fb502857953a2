import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isTerminal } from '../../shared/run.ts'
import type { RunRecord, RunRepository } from '../store/index.ts'
import { runFolder } from './home.ts'

/** What may stay. Each rule counts by itself; an absent one removes nothing. */
export interface Retention {
  /** Runs that ended longer ago go, with their history. */
  keepDays?: number
  /** Of the runs that ended, only so many of the newest stay. */
  keepRuns?: number
  /** Bytes of kept rows in all. Beyond it the oldest runs lose their rows and keep their history. */
  diskBudget?: number
}

export interface Pruned {
  /** Runs removed from the history. */
  runs: number
  /** Runs whose kept rows were removed, those among them. */
  outputs: number
  /** Bytes freed. */
  bytes: number
}

/** Files go before the records that name them: if this is interrupted, the next time finishes it. */
export async function prune(runs: RunRepository, home: string, policy: Retention): Promise<Pruned> {
  const ended = await endedRuns(runs)
  const oldest = policy.keepDays === undefined ? '' : new Date(Date.now() - policy.keepDays * 86_400_000).toISOString()
  const keepRuns = policy.keepRuns ?? Number.POSITIVE_INFINITY
  const goes = ended.filter((run, index) => index >= keepRuns || (run.finishedAt ?? run.createdAt) < oldest)
  const going = new Set(goes.map((run) => run.id))
  const stays = ended.filter((run) => !going.has(run.id))
  const over = policy.diskBudget === undefined ? [] : await overBudget(home, stays, policy.diskBudget)
  const result: Pruned = { runs: 0, outputs: 0, bytes: 0 }
  for (const id of [...going, ...over]) {
    const folder = runFolder(home, id)
    const bytes = await folderSize(folder)
    await rm(folder, { recursive: true, force: true })
    result.bytes += bytes
    if (bytes > 0) result.outputs++
  }
  for (const ids of chunks(over)) await runs.forgetOutputs(ids)
  for (const ids of chunks([...going])) await runs.forget(ids)
  result.runs = going.size
  return result
}

/** Newest first. */
async function endedRuns(runs: RunRepository): Promise<RunRecord[]> {
  const all: RunRecord[] = []
  for (let offset = 0, size = 500; ; offset += size) {
    const page = await runs.list({ limit: size, offset })
    all.push(...page.filter((run) => isTerminal(run.state)))
    if (page.length < size) return all
  }
}

async function overBudget(home: string, newestFirst: readonly RunRecord[], budget: number): Promise<string[]> {
  const over: string[] = []
  let total = 0
  for (const { id } of newestFirst) {
    const size = await folderSize(runFolder(home, id))
    total += size
    if (size > 0 && total > budget) over.push(id)
  }
  return over
}

/** Bytes in a folder and below; 0 when there is none. */
async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries.map(async (entry) => {
    if (!entry.isFile()) return 0
    return (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Databases limit how many values a statement may hold. */
function* chunks(ids: string[], size = 200): Generator<string[]> {
  for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size)
}
