import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeSource, QuerySource, ResultSource } from '../../shared/contract/results.ts'
import { AppError } from '../../shared/errors.ts'
import { type KeptOutput, openReader, type Results, type ResultsReader } from '../engine/index.ts'
import type { QueryRows } from './queries/rows.ts'
import type { Workspace } from './workspace.ts'

/** Outputs open at a time; those that nobody reads give back their sorted orders. */
const maxOpen = 6
/** Memory of the engine that reads them all. */
const memoryMb = 192

interface Entry {
  results: Promise<Results>
  users: number
}

/** Kept rows that someone looks at, open until others take their place. */
export class OpenResults {
  private readonly workspace: Workspace
  private readonly queries: QueryRows | undefined
  private readonly open = new Map<string, Entry>()
  private reader: Promise<ResultsReader> | undefined

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
        if (entry.users === 0 && this.open.get(key) !== entry) void this.giveBack(results)
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
      entry.results.then((unused) => this.giveBack(unused)).catch(() => undefined)
    }
  }

  /** Closes an output once nobody works with it. */
  private async forget(name: ResultSource): Promise<void> {
    const key = keyOf(name)
    const entry = this.open.get(key)
    this.open.delete(key)
    if (entry?.users !== 0) return
    await entry.results.then((unused) => this.giveBack(unused)).catch(() => undefined)
  }

  private async load(name: ResultSource): Promise<Results> {
    const output = 'query' in name ? this.queryOutput(name) : await this.keptBy(name)
    this.reader ??= this.openReader()
    return (await this.reader).read(output)
  }

  private async openReader(): Promise<ResultsReader> {
    const { home } = this.workspace
    // The engine makes the last of the folders it is given to spill into, not those around it.
    await mkdir(this.spill, { recursive: true, mode: 0o700 })
    const folders = [join(home, 'runs'), join(home, 'queries', 'rows')]
    return openReader({ memoryMb, threads: 2, spill: this.spill, folders })
  }

  private async giveBack(results: Results): Promise<void> {
    await (await this.reader)?.giveBack(results).catch(() => undefined)
  }

  private queryOutput(name: QuerySource): KeptOutput {
    if (!this.queries) throw new AppError('FILE_MISSING', 'No rows of queries are kept here.')
    return this.queries.output(name)
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
    this.open.clear()
    const { reader } = this
    this.reader = undefined
    await (await reader?.catch(() => undefined))?.close()
  }
}

const keyOf = (name: ResultSource) =>
  JSON.stringify('query' in name ? [name.query, name.statement] : [name.run, name.node, name.port])
