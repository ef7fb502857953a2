import { Results } from '../results.ts'
import type { Output, Scope } from '../scope.ts'

/**
 * Rows of nodes that have completed, read while their run goes on. They are read in the run's own embedded engine: it writes to
 * their file, which no other can read meanwhile.
 */
export class LiveResults {
  private readonly scope: Pick<Scope, 'duck'>
  private readonly find: (node: string, port: string) => Output | undefined
  private readonly opened = new Map<Output, Promise<Results>>()
  private readonly working = new Set<Promise<unknown>>()
  private over = false

  /** @param find the output of a port whose node has completed */
  constructor(scope: Pick<Scope, 'duck'>, find: (node: string, port: string) => Output | undefined) {
    this.scope = scope
    this.find = find
  }

  has(node: string, port: string): boolean {
    return !this.over && this.find(node, port) !== undefined
  }

  /** Works with the rows of a port; undefined when its node has not completed, or the run is about to end. */
  async use<T>(node: string, port: string, work: (results: Results) => Promise<T>): Promise<{ value: T } | undefined> {
    const output = this.over ? undefined : this.find(node, port)
    if (!output) return undefined
    const going = this.results(node, port, output).then(work)
    const settled = going.then(
      () => undefined,
      () => undefined,
    )
    this.working.add(settled)
    try {
      return { value: await going }
    } catch (error) {
      // The end of the run stopped it.
      if (this.over) return undefined
      throw error
    } finally {
      this.working.delete(settled)
    }
  }

  private results(node: string, port: string, output: Output): Promise<Results> {
    const known = this.opened.get(output)
    if (known) return known
    const { file, table, columns, rows, relation } = output
    const kept = { node, port, file, table, columns, rows, fingerprint: '' }
    const results = this.scope.duck().then((duck) => Results.over(kept, relation, duck))
    this.opened.set(output, results)
    return results
  }

  /** Stops what is asked, which may be asked again where the rows are kept after the run. */
  async close(): Promise<void> {
    this.over = true
    await Promise.all([...this.opened.values()].map(async (opened) => (await opened).close())).catch(() => undefined)
    await Promise.all(this.working)
  }
}
