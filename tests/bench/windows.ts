import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openReader } from '../../src-main/engine/index.ts'
import { median, percentile } from './measure.ts'

const table = 'rows:out'

/** Windows of 100 rows anywhere in kept rows, as the grid asks for them. */
export async function measureWindows(folder: string, rows: number) {
  const file = join(folder, `kept-${rows}.duckdb`)
  await makeKept(file, rows)
  const columns = ['id', 'k', 'name', 'amount', 'at', 'note', 'qty', 'city'].map((name) => ({
    name,
    type: { kind: 'text' as const },
  }))
  const reader = await openReader({ memoryMb: 256, threads: 2, spill: join(folder, 'spill'), folders: [folder] })
  const results = await reader.read({ node: 'rows', port: 'out', file, table, columns, rows, fingerprint: '' })
  const anywhere = () => Math.floor(Math.random() * (rows - 100))
  const plain = await timed(200, () => results.window({ offset: anywhere(), limit: 100 }))
  const sort = [{ column: 'amount', direction: 'desc' as const }]
  const started = performance.now()
  await results.window({ offset: 0, limit: 100, sort })
  const first = performance.now() - started
  const sorted = await timed(50, () => results.window({ offset: anywhere(), limit: 100, sort }))
  await reader.close()
  const line = (name: string, times: number[], limit: string, note: string) => ({
    name,
    ours: `p95 ${percentile(times, 0.95).toFixed(0)} ms${limit}`,
    baseline: `median ${median(times).toFixed(0)} ms`,
    ratio: '',
    note,
  })
  return [
    line(`window in ${rows.toLocaleString('en-US')} kept rows`, plain, ' (≤ 20)', ''),
    line(`window in ${rows.toLocaleString('en-US')} sorted rows`, sorted, '', `first ${(first / 1000).toFixed(1)} s`),
  ]
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return times
}

async function makeKept(file: string, rows: number): Promise<void> {
  if (existsSync(file)) return
  const instance = await DuckDBInstance.create(file, { memory_limit: '1GB' })
  const connection = await instance.connect()
  await connection.run(
    `create table "${table}" as select i as id, (i * 7919) % 1000 as k, 'customer ' || (i % 50000) as name, ((i * 37) % 100000) / 100 as amount, timestamp '2020-01-01' + to_seconds(i) as at, case when i % 5 <> 0 then 'note ' || i end as note, i % 97 as qty, ['Zürich', 'Berlin', '東京'][1 + i % 3] as city from range(${rows}) r(i)`,
  )
  connection.closeSync()
  instance.closeSync()
}
