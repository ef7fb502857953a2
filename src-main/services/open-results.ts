import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { openResults, type Results } from '../engine/index.ts'
import type { Workspace } from './workspace.ts'

/** Outputs open at a time; each holds a DuckDB of its own. */
const maxOpen = 6

export interface OutputName {
  run: string
  node: string
  port: string
}

interface Entry {
  results: Promise<Results>
  users: number
}

/** Kept rows that someone looks at, open until others take their place. */
export class OpenResults {
  private readonly workspace: Workspace
  private readonly open = new Map<string, Entry>()

  constructor(workspace: Workspace) {
    this.workspace = workspace
  }

  /** Where sorts larger than memory spill. */
  get spill(): string {
    return join(this.workspace.home, 'runs', 'tmp')
  }

  /** Works with an output, which stays open meanwhile. @throws AppError RUN_UNKNOWN, FILE_MISSING when the rows are no longer kept */
  async use<T>(name: OutputName, work: (results: Results) => Promise<T>): Promise<T> {
    const { results, release } = await this.lease(name)
    try {
      return await work(results)
    } finally {
      release()
    }
  }

  /** As `use`, for work that goes on after this returns. */
  async lease(name: OutputName): Promise<{ results: Results; release(): void }> {
    const key = JSON.stringify([name.run, name.node, name.port])
    const entry = this.open.get(key) ?? { results: this.load(name), users: 0 }
    this.open.delete(key)
    this.open.set(key, entry)
    entry.users++
    try {
      const results = await entry.results
      this.tidy()
      return { results, release: () => void entry.users-- }
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

  private async load({ run, node, port }: OutputName): Promise<Results> {
    const outputs = await this.workspace.runs.outputs(run)
    const output = outputs.find((candidate) => candidate.node === node && candidate.port === port)
    if (!output) {
      throw new AppError('FILE_MISSING', `The rows of ${node} are not kept.`, {
        hint: 'Run the pipeline in inspect mode to see them.',
        at: { node },
      })
    }
    return openResults(
      { ...output, fingerprint: output.fingerprint ?? '' },
      { memoryMb: 512, threads: 2, spill: this.spill },
    )
  }

  async close(): Promise<void> {
    const all = [...this.open.values()]
    this.open.clear()
    for (const { results } of all) await results.then((opened) => opened.close()).catch(() => undefined)
  }
}
