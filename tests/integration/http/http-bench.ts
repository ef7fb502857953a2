import { afterEach, beforeEach } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import { http } from '../../../shared/nodes/http.ts'
import { httpSource } from '../../../src-main/engine/io/http.ts'
import { type Bench, bench, isStream, rowsOf } from '../../helpers/engine-io.ts'

/** A bench for each test of the calling file, with the source that reads from HTTP servers. */
export class HttpBench {
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

  get logs() {
    return this.current.logs
  }

  get controller() {
    return this.current.controller
  }

  context(config: Record<string, unknown>, more: object = {}) {
    return this.current.context(http.config.parse(config), more)
  }

  /** Rows of declared columns, or each value as DuckDB's text. */
  async read(config: Record<string, unknown>, more: object = {}): Promise<Row[]> {
    const source = await httpSource.open(this.context({ maxWaitSeconds: 0, ...config }, more))
    if (isStream(source)) return rowsOf(source)
    return this.current.duck.text(source.select).catch((error: unknown) => {
      throw source.explain?.(error) ?? error
    })
  }
}

/** Declared columns of records that have nothing but an id. */
export const id = [{ name: 'id', type: 'int64' }]
export const ids = (rows: Row[]) => rows.map(([value]) => Number(value))

export const token = 's3cret/tok en'
export const withSecret = { secret: async () => token }
