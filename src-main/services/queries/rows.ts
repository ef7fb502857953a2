import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Column } from '../../../shared/data/types.ts'
import { uniqueNames } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { KeptOutput } from '../../engine/index.ts'
import { spoolRows } from '../../engine/index.ts'
import type { Sample } from '../live-runs.ts'
import { isGone, thisProcess } from '../process.ts'

/** The rows that one statement of a query gave. */
export interface QueryName {
  query: string
  statement: number
}

/** How rows are kept, asked before each query since the user may change it. */
export interface RowLimits {
  memoryMb: number
  /** Bytes of all kept rows of queries. */
  diskBudget: number
}

interface Kept {
  name: QueryName
  file: string
  sample: Sample
  output: KeptOutput | undefined
  /** It failed or was stopped: only the first rows are there, and no more will be. */
  over: boolean
}

export interface KeepRequest {
  name: QueryName
  columns: Column[]
  bytes: AsyncIterable<Uint8Array>
  limits: RowLimits
  signal: AbortSignal
  /** Told once, when the first rows can be read. */
  onFirst(sample: Sample): void
}

/** Milliseconds between two looks at how much the rows take. */
const interval = 500

const keyOf = ({ query, statement }: QueryName) => `${query}-${statement}`

/** Rows of queries, each statement's in a file of its own under the workspace, for as long as someone may look at them. */
export class QueryRows {
  private readonly root: string
  /** Where the rows are, gone when this closes. */
  readonly folder: string
  private readonly spill: string
  private readonly kept = new Map<string, Kept>()
  private ready: Promise<void> | undefined
  /** Closes what reads a file, so that it can go. */
  onDrop: (name: QueryName) => Promise<void> = async () => undefined

  constructor(home: string) {
    const { pid, processStart } = thisProcess()
    this.root = join(home, 'queries', 'rows')
    this.folder = join(
      this.root,
      `${pid}-${(processStart ?? '').replaceAll(/[^\w]/g, '_')}-${randomBytes(3).toString('hex')}`,
    )
    this.spill = join(this.folder, 'spill')
  }

  /** Removes what processes that are gone have left. */
  async removeLeftovers(): Promise<void> {
    const { host } = thisProcess()
    for (const name of await readdir(this.root).catch(() => [])) {
      const pid = Number(/^\d+/.exec(name)?.[0])
      const own = join(this.root, name) === this.folder
      if (!own && (Number.isNaN(pid) || pid === process.pid || isGone({ pid, host, processStart: null }))) {
        await rm(join(this.root, name), { recursive: true, force: true })
      }
    }
  }

  /**
   * Keeps rows as they arrive; the first can be read at once. Resolves to how many there were.
   * @throws AppError as the bytes do; LIMIT_DISK when they do not fit. Nothing but the first rows stays then
   */
  async keep({ name, bytes, limits, signal, onFirst, ...request }: KeepRequest): Promise<number> {
    await this.open()
    const columns = uniqueNames(request.columns)
    const kept: Kept = {
      name,
      file: join(this.folder, `${keyOf(name)}.duckdb`),
      sample: { columns, rows: [] },
      output: undefined,
      over: false,
    }
    this.kept.set(keyOf(name), kept)
    const full = new AbortController()
    const watch = setInterval(
      () => void this.fits(name, limits.diskBudget).then((fits) => fits || full.abort()),
      interval,
    )
    let told = false
    try {
      const spooled = await spoolRows({
        columns,
        bytes,
        file: kept.file,
        scratch: this.folder,
        spill: this.spill,
        memoryMb: limits.memoryMb,
        signal: AbortSignal.any([signal, full.signal]),
        onSample: (sample) => {
          kept.sample = sample
          if (told) return
          told = true
          onFirst(sample)
        },
      })
      kept.output = { ...spooled, node: name.query, port: 'out', fingerprint: '' }
      return spooled.rows
    } catch (error) {
      kept.over = true
      throw full.signal.aborted && !signal.aborted ? tooMuch(limits.diskBudget) : error
    } finally {
      clearInterval(watch)
    }
  }

  /** The first rows, while not all are there or when the rest never came; undefined once all are kept. @throws AppError FILE_MISSING */
  sample(name: QueryName): (Sample & { complete: boolean }) | undefined {
    const kept = this.find(name)
    return kept.output ? undefined : { ...kept.sample, complete: kept.over }
  }

  /** @throws AppError FILE_MISSING */
  output(name: QueryName): KeptOutput {
    const { output } = this.find(name)
    if (!output) throw missing()
    return output
  }

  async drop(names: readonly QueryName[]): Promise<void> {
    for (const name of names) {
      const kept = this.kept.get(keyOf(name))
      this.kept.delete(keyOf(name))
      if (!kept) continue
      await this.onDrop(name)
      await rm(kept.file, { force: true })
    }
  }

  close(): void {
    this.kept.clear()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private open(): Promise<void> {
    this.ready ??= mkdir(this.folder, { recursive: true, mode: 0o700 }).then(() => undefined)
    return this.ready
  }

  private find(name: QueryName): Kept {
    const kept = this.kept.get(keyOf(name))
    if (kept) return kept
    throw missing()
  }

  /** Makes room by dropping the rows that have been kept longest; false when even that does not do. */
  private async fits(name: QueryName, budget: number): Promise<boolean> {
    const sizes = await Promise.all(
      [...this.kept.values()].map(async (kept) => ({
        kept,
        size: await sizeOf(kept.file),
      })),
    )
    let total = sizes.reduce((sum, { size }) => sum + size, await sizeOfFiles(this.spill))
    for (const { kept, size } of sizes) {
      if (total <= budget) return true
      if (kept.name.query === name.query || !kept.output) continue
      total -= size
      await this.drop([kept.name])
    }
    return total <= budget
  }
}

const sizeOf = async (file: string) => (await stat(file).catch(() => ({ size: 0 }))).size

async function sizeOfFiles(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

const missing = () =>
  new AppError('FILE_MISSING', 'The rows of this query are no longer kept.', {
    hint: 'Run the query again to see them.',
  })

const tooMuch = (budget: number) =>
  new AppError(
    'LIMIT_DISK',
    `The rows take more than the ${Math.round(budget / 2 ** 20)} MB that kept rows may take.`,
    {
      hint: 'Ask for fewer rows or columns, or raise the disk budget in the settings.',
    },
  )
