import { join } from 'node:path'
import type { NodeSource, ResultSource } from '../../shared/contract/results.ts'
import { AppError } from '../../shared/errors.ts'
import { type KeptOutput, openResults, type Results } from '../engine/index.ts'
import type { QueryRows } from './queries/rows.ts'
import type { Workspace } from './workspace.ts'

/** Outputs open at a time; each holds a DuckDB of its own. */
const maxOpen = 6

interface Entry {
  results: Promise<Results>
  users: number
}

/** Kept rows that someone looks at, open until others take their place. */
export class OpenResults {
  private readonly workspace: Workspace
  private readonly queries: QueryRows | undefined
  private readonly open = new Map<string, Entry>()

  constructor(workspace: Workspace, queries?: QueryRows) {
    this.workspace = workspace
    this.queries = queries
    if (queries) queries.onDrop = (name) => this.forget(name)
  }

  /** Where sorts larger than memory spill. */
  get spill(): string {
    return join(this.workspace.home, 'runs', 'tmp')
  }

  /** Works with an output, which stays open meanwhile. @throws AppError RUN_UNKNOWN, FILE_MISSING when the rows are no longer kept */
  async use<T>(name: ResultSource, work: (results: Results) => Promise<T>): Promise<T> {
    const { results, release } = await this.lease(name)
    try {
      return await work(results)
    } finally {
      release()
    }
  }

  /** As `use`, for work that goes on after this returns. */
  async lease(name: ResultSource): Promise<{ results: Results; release(): void }> {
    const key = keyOf(name)
    const entry = this.open.get(key) ?? { results: this.load(name), users: 0 }
    this.open.delete(key)
    this.open.set(key, entry)
    entry.users++
    try {
      const results = await entry.results
      this.tidy()
      const release = () => {
        entry.users--
        if (entry.users === 0 && this.open.get(key) !== entry) results.close()
      }
      return { results, release }
    } catch (error) {
      entry.users--
      if (this.open.get(key) === entry) this.open.delete(key)
      throw error
    }
  }

  private tidy(): void {
    for (const [key, entry] of this.open) {
      if (this.open.size <= maxOpen) return
      if (entry.users > 0) continue
      this.open.delete(key)
      entry.results.then((unused) => unused.close()).catch(() => undefined)
    }
  }

  /** Closes an output once nobody works with it. */
  private async forget(name: ResultSource): Promise<void> {
    const key = keyOf(name)
    const entry = this.open.get(key)
    this.open.delete(key)
    if (entry?.users === 0) (await entry.results.catch(() => undefined))?.close()
  }

  private async load(name: ResultSource): Promise<Results> {
    const options = { memoryMb: 512, threads: 2, spill: this.spill }
    if (!('query' in name)) return openResults(await this.keptBy(name), options)
    if (!this.queries) throw new AppError('FILE_MISSING', 'No rows of queries are kept here.')
    return openResults(this.queries.output(name), options)
  }

  private async keptBy({ run, node, port }: NodeSource): Promise<KeptOutput> {
    const outputs = await this.workspace.runs.outputs(run)
    const output = outputs.find((candidate) => candidate.node === node && candidate.port === port)
    if (!output) {
      throw new AppError('FILE_MISSING', `The rows of ${node} are not kept.`, {
        hint: 'Run the pipeline in inspect mode to see them.',
        at: { node },
      })
    }
    return { ...output, fingerprint: output.fingerprint ?? '' }
  }

  async close(): Promise<void> {
    const all = [...this.open.values()]
    this.open.clear()
    for (const { results } of all) await results.then((opened) => opened.close()).catch(() => undefined)
  }
}

const keyOf = (name: ResultSource) =>
  JSON.stringify('query' in name ? [name.query, name.statement] : [name.run, name.node, name.port])
