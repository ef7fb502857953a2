import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Column } from '../../shared/data/types.ts'
import { encodeRow, type Row } from '../../shared/data/wire.ts'
import { typedBatches } from '../../shared/data/wire-reader.ts'
import type { LogLevel, NodeCounts } from '../../shared/run.ts'
import { fromDuckType } from '../../src-main/engine/duck/column-types.ts'
import type { DuckRunner, NodeContext, NodeInput, RowQuery, RowStream } from '../../src-main/engine/node-context.ts'

/** What an executor said and did besides giving rows. */
export interface Bench extends AsyncDisposable {
  folder: string
  duck: DuckRunner
  logs: { level: LogLevel; message: string }[]
  counts: NodeCounts
  controller: AbortController
  context<C>(config: C, more?: Partial<NodeContext<C>>): NodeContext<C>
}

/** A folder, a DuckDB connection and a context, for running one executor by itself. */
export async function bench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-io-'))
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  const logs: Bench['logs'] = []
  const counts: NodeCounts = {}
  const controller = new AbortController()
  controller.signal.addEventListener('abort', () => connection.interrupt())
  const duck: DuckRunner = {
    run: async (sql) => ({ rowsChanged: (await connection.run(sql)).rowsChanged }),
    async columns(select) {
      const prepared = await connection.prepare(select)
      const columns = Array.from({ length: prepared.columnCount }, (_, index) => ({
        name: prepared.columnName(index),
        type: fromDuckType(prepared.columnType(index)),
      }))
      prepared.destroySync()
      return columns
    },
    async text(select) {
      const reader = await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM (${select})`)
      return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
    },
  }
  return {
    folder,
    duck,
    logs,
    counts,
    controller,
    context: (config, more) => ({
      node: 'node',
      config,
      params: {},
      signal: controller.signal,
      connect: () => Promise.reject(new Error('There are no connections here.')),
      secret: (name) => Promise.reject(new Error(`There is no secret ${name} here.`)),
      folder,
      scratch: folder,
      log: (level, message) => logs.push({ level, message }),
      progress: (more) => Object.assign(counts, more),
      duck,
      ...more,
    }),
    async [Symbol.asyncDispose]() {
      connection.closeSync()
      instance.closeSync()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** All rows of a stream as cells. */
export async function rowsOf(stream: RowStream): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of typedBatches(stream.bytes({ lists: 'json' }), stream.columns, 1000)) rows.push(...batch)
  return rows
}

export function isStream(source: RowStream | RowQuery): source is RowStream {
  return 'bytes' in source
}

/** Rows as the input of a consumer, streamed in small pieces so that rows span them; `relation` is a table of the bench. */
export function inputOf(columns: Column[], rows: Iterable<Row>, relation = 'input'): NodeInput {
  return {
    port: 'in',
    columns,
    async *bytes(format) {
      const encoder = new TextEncoder()
      for (const row of rows) {
        const bytes = encoder.encode(encodeRow(row, columns, format))
        const middle = Math.floor(bytes.length / 2)
        yield bytes.subarray(0, middle)
        yield bytes.subarray(middle)
      }
    },
    relation: async () => relation,
  }
}
