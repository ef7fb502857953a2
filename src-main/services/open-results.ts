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

/** Kept rows that someone looks at, open until others take their place. */
export class OpenResults {
  private readonly workspace: Workspace
  private readonly open = new Map<string, Promise<Results>>()

  constructor(workspace: Workspace) {
    this.workspace = workspace
  }

  /** @throws AppError RUN_UNKNOWN, FILE_MISSING when the rows are no longer kept */
  async of(name: OutputName): Promise<Results> {
    const key = JSON.stringify([name.run, name.node, name.port])
    const opened = this.open.get(key) ?? this.load(name)
    this.open.delete(key)
    this.open.set(key, opened)
    opened.catch(() => this.open.delete(key))
    for (const [oldest, results] of this.open) {
      if (this.open.size <= maxOpen) break
      this.open.delete(oldest)
      results.then((unused) => unused.close()).catch(() => undefined)
    }
    return opened
  }

  private async load({ run, node, port }: OutputName): Promise<Results> {
    const outputs = await this.workspace.runs.outputs(run)
    const output = outputs.find((candidate) => candidate.node === node && candidate.port === port)
    if (!output) {
      throw new AppError('FILE_MISSING', `The rows of ${node} are no longer kept.`, {
        hint: 'Run the pipeline again to see them.',
        at: { node },
      })
    }
    return openResults(
      { ...output, fingerprint: output.fingerprint ?? '' },
      { memoryMb: 512, threads: 2, spill: join(this.workspace.home, 'runs', 'tmp') },
    )
  }

  async close(): Promise<void> {
    const all = [...this.open.values()]
    this.open.clear()
    for (const results of all) await results.then((opened) => opened.close()).catch(() => undefined)
  }
}
