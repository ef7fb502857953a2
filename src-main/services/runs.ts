import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { isTerminal, type LogLevel } from '../../shared/run.ts'
import type { LogRecord, NodeRunRecord, OutputRecord, RunFilter, RunRecord, Store } from '../store/index.ts'
import { isGone } from './process.ts'
import { measure, type Pruned, prune, type Retention } from './retention.ts'

/** A run with its nodes. */
export interface RunDetails extends RunRecord {
  nodes: NodeRunRecord[]
}

/** The history of runs. Wherever a run is named, the start of its id is enough, and `last` is the newest. */
export interface RunService {
  /** Newest first. */
  list(filter?: RunFilter): Promise<RunRecord[]>
  /** @throws AppError RUN_UNKNOWN */
  show(run: string): Promise<RunDetails>
  /** @throws AppError RUN_UNKNOWN */
  logs(run: string, options?: { levels?: LogLevel[]; node?: string; limit?: number }): Promise<LogRecord[]>
  /** Rows that were kept, whose file is still there. @throws AppError RUN_UNKNOWN */
  outputs(run: string): Promise<OutputRecord[]>
  /**
   * What was kept of a node with this fingerprint by whichever run: a complete set of its ports, or nothing.
   * @param changed only by runs that began later, in milliseconds of the epoch
   */
  kept(fingerprint: string, changed?: number): Promise<OutputRecord[]>
  /** Marks runs whose process is gone as crashed; returns their ids. */
  markCrashed(): Promise<string[]>
  /** Forgets runs that have ended, with the rows that only they kept. */
  remove(ids: string[]): Promise<void>
  /** What kept rows take: bytes, and how many runs have some. */
  usage(): Promise<{ bytes: number; runs: number }>
  /** Makes room; see Retention. Runs that have not ended are never touched. */
  prune(policy: Retention): Promise<Pruned>
}

export function runService(store: () => Promise<Store>, home: string): RunService {
  const table = async () => (await store()).runs
  const find = async (run: string): Promise<RunRecord> => {
    const runs = await table()
    if (run === 'last') {
      const [newest] = await runs.list({ limit: 1 })
      if (newest) return newest
    } else {
      const exact = await runs.get(run)
      const [only, another] = exact ? [exact] : run === '' ? [] : await runs.startingWith(run)
      if (another) throw unknownRun(`"${run}" is the start of more than one run.`)
      if (only) return only
    }
    throw unknownRun(run === 'last' ? 'There are no runs yet.' : `There is no run "${run}".`)
  }
  const began = async (runId: string) => {
    const run = await (await table()).get(runId)
    return run ? Date.parse(run.startedAt ?? run.createdAt) : 0
  }
  return {
    list: async (filter) => (await table()).list(filter),
    async show(run) {
      const record = await find(run)
      const runs = await table()
      return { ...record, document: await runs.document(record.documentHash), nodes: await runs.nodes(record.id) }
    },
    logs: async (run, options) => (await table()).logs((await find(run)).id, options),
    outputs: async (run) => (await (await table()).outputs((await find(run)).id)).filter(isThere),
    async kept(fingerprint, changed = 0) {
      const all = await (await table()).keptOutputs(fingerprint)
      const runs = new Set(all.map((output) => output.runId))
      for (const runId of runs) {
        const outputs = all.filter((output) => output.runId === runId)
        if (outputs.every(isThere) && (changed === 0 || (await began(runId)) > changed)) return outputs
      }
      return []
    },
    async markCrashed() {
      const runs = await table()
      const gone = (await runs.unfinished()).filter((run) => !isTerminal(run.state) && isGone(run))
      const marked: string[] = []
      for (const { id } of gone) if (await runs.crash(id, new Date().toISOString())) marked.push(id)
      return marked
    },
    async remove(ids) {
      const runs = await table()
      const ended = (await runs.marks(ids)).flatMap(({ id, state }) => (isTerminal(state) ? [id] : []))
      await runs.forget(ended)
      await runs.forgetDocuments()
      const used = new Set((await runs.places()).map(({ file }) => dirname(file)))
      for (const folder of ended.map((id) => join(home, 'runs', id))) {
        if (!used.has(folder)) await rm(folder, { recursive: true, force: true })
      }
    },
    async usage() {
      const folders = await readdir(join(home, 'runs')).catch(() => [])
      const sizes = await Promise.all(folders.map((folder) => measure(join(home, 'runs', folder))))
      const kept = sizes.filter(({ size }) => size > 0)
      return { bytes: kept.reduce((sum, { size }) => sum + size, 0), runs: kept.length }
    },
    prune: async (policy) => prune(await table(), home, policy),
  }
}

const isThere = (output: OutputRecord) => existsSync(output.file)

const unknownRun = (message: string) =>
  new AppError('RUN_UNKNOWN', message, { hint: 'List the runs with: sluice runs list' })
