import { quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { Duck } from '../duck/session.ts'
import { Results } from '../results.ts'
import type { KeptOutput } from '../scope.ts'

export interface ReaderOptions {
  /** What all outputs that are open may take together. */
  memoryMb: number
  threads: number
  /** Where sorts larger than memory spill. */
  spill: string
  /** Folders that hold kept rows. */
  folders: string[]
}

/**
 * Up to so many rows of a sorted window are looked up one by one, measured: a window of 100 in 10,000,000 rows takes a tenth of
 * the time of a scan, one of 4,000 takes the same.
 */
const lookups = 2000

/** Kept rows of any number of outputs, read by one embedded engine: its memory is theirs together. */
export class ResultsReader {
  private readonly duck: Duck
  private readonly aliases = new Map<Results, string>()
  private opened = 0

  private constructor(duck: Duck) {
    this.duck = duck
  }

  static async open(options: ReaderOptions): Promise<ResultsReader> {
    return new ResultsReader(await Duck.open({ ...options, file: ':memory:', files: [], attach: [], lookups }))
  }

  /** The caller gives it back. @throws AppError FILE_MISSING when the rows are no longer kept */
  async read(output: KeptOutput): Promise<Results> {
    const alias = `kept${this.opened++}`
    await this.run(`ATTACH ${quoteText(output.file)} AS ${alias} (READ_ONLY)`)
    const results = await Results.over(output, `${alias}.main.${quoteName(output.table)}`, this.duck)
    this.aliases.set(results, alias)
    return results
  }

  async giveBack(results: Results): Promise<void> {
    await results.close()
    const alias = this.aliases.get(results)
    if (!this.aliases.delete(results)) return
    await this.run(`DETACH ${alias}`)
  }

  async close(): Promise<void> {
    for (const results of [...this.aliases.keys()]) await this.giveBack(results).catch(() => undefined)
    this.duck.close()
  }

  private async run(sql: string): Promise<void> {
    const session = await this.duck.connect()
    await session.run(sql).finally(() => session.close())
  }
}
