import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { formatType } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { file } from '../../../shared/nodes/file.ts'
import { fileSource } from '../../../src-main/engine/io/file.ts'
import { type Bench, bench, isStream } from '../../helpers/engine-io.ts'

type Params = Parameters<Bench['context']>[1]

/** A bench for each test of the calling file, with files in its folder and the source that reads them. */
export class FileBench {
  private bench: Bench | undefined

  constructor() {
    beforeEach(async () => {
      this.bench = await bench()
    })
    afterEach(async () => this.bench?.[Symbol.asyncDispose]())
  }

  private get current(): Bench {
    if (!this.bench) throw new Error('Used outside a test.')
    return this.bench
  }

  get folder() {
    return this.current.folder
  }

  get duck() {
    return this.current.duck
  }

  get logs() {
    return this.current.logs
  }

  get counts() {
    return this.current.counts
  }

  put(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(join(this.folder, name), content)
  }

  /** Columns as analysed, and rows as read, each value as DuckDB's text. */
  async read(config: Record<string, unknown>, more: Params = {}) {
    const context = this.current.context(file.config.parse(config), more as object)
    const columns = await fileSource.columns(context)
    const query = await fileSource.open(context)
    if (isStream(query)) throw new Error('A file is read by the engine.')
    try {
      const rows = await this.duck.text(query.select)
      await query.finished?.(this.duck)
      return { columns: columns?.map((column) => `${column.name} ${formatType(column.type)}`), rows }
    } catch (error) {
      throw query.explain?.(error) ?? error
    }
  }
}

/** What a promise was rejected with. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError, got ${String(error)}`)
  return error
}
