import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowView } from '../../../shared/contract/results.ts'
import { resultsApi } from '../../helpers/results-api.ts'

const total = 200_000

let api: Awaited<ReturnType<typeof resultsApi>>
beforeAll(async () => {
  api = await resultsApi()
})
afterAll(() => api[Symbol.asyncDispose]())

/** A run with a branch that has completed and one that never will. */
async function halfDone(): Promise<string> {
  const fast = `select i as id, (i * 7919) % ${total} as mixed, 'Name ' || i as name from range(${total}) r(i)`
  const slow = 'select sum(hash(i) % 1000) as s from range(1000000000000) r(i)'
  const run = await api.start({
    nodes: {
      fast: { kind: 'sql', config: { sql: fast } },
      third: { kind: 'filter', config: { where: 'id % 3 = 0' } },
      slow: { kind: 'sql', config: { sql: slow } },
    },
    edges: [{ from: 'fast', to: 'third' }],
  })
  const open = new Set(['fast', 'third'])
  for await (const event of await api.client.runs.watch({ run })) {
    if (event.type === 'node' && event.state === 'completed') open.delete(event.node)
    if (open.size === 0) return run
  }
  throw new Error('The run ended.')
}

const window = (run: string, node: string, view: RowView, offset: number, limit: number, port = 'out') =>
  api.client.results.window({ source: api.source(run, node, port), view, offset, limit })

describe('rows of a node that has completed while its run goes on', () => {
  let run = ''
  beforeAll(async () => {
    run = await halfDone()
  })
  afterAll(() => api.client.runs.stop({ run }).catch(() => undefined))

  test('are read at any place, and known to be all', async () => {
    const end = await window(run, 'fast', {}, total - 2, 100)
    expect(end).toMatchObject({ total, complete: true })
    expect(end.rows.map(([id]) => id)).toEqual([String(total - 2), String(total - 1)])
    const third = await window(run, 'third', {}, 60_000, 2)
    expect(third.rows.map(([id]) => id)).toEqual(['180000', '180003'])
  })

  test('are sorted, filtered and searched', async () => {
    const sort = [{ column: 'mixed', direction: 'desc' as const }]
    const sorted = await window(run, 'fast', { sort }, 150_000, 3)
    expect(sorted.rows.map((row) => row[1])).toEqual(['49999', '49998', '49997'])
    const filters = [{ column: 'id', operator: '>=' as const, value: '199990' }]
    expect((await window(run, 'fast', { filters, search: 'name 19999' }, 0, 100)).total).toBe(10)
  })

  test('are described and copied, and exported once the run has ended', async () => {
    const source = api.source(run, 'fast')
    const [id] = await api.client.results.profile({ source, columns: ['id'] })
    expect(id).toMatchObject({ rows: total, min: '0', max: String(total - 1) })
    const copied = await api.copy({ source, format: 'csv', offset: total - 1, limit: 5, header: false })
    expect(copied.text).toMatch(/^199999,\d+,Name 199999$/)
    const exported = await api.client.results.export({ source, format: 'csv', path: `${api.home}/out.csv` })
    await expect(exported.next()).rejects.toMatchObject({ data: { code: 'RUN_STATE' } })
  })

  test('of one that has not are its first rows, not all', async () => {
    expect(await window(run, 'slow', {}, 0, 10)).toMatchObject({ complete: false })
  })
})

test('what is asked while the run ends is answered from where its rows are kept', async () => {
  const run = await halfDone()
  const source = api.source(run, 'fast')
  const sort = [{ column: 'name', direction: 'asc' as const }]
  const asked = [
    window(run, 'fast', { sort }, 0, 1),
    window(run, 'fast', { search: 'name 1999' }, 0, 1),
    api.client.results.profile({ source, columns: ['name'] }),
  ] as const
  await api.client.runs.stop({ run })
  const [sorted, searched, [name]] = await Promise.all(asked)
  expect(sorted.rows[0]?.[2]).toBe('Name 0')
  expect(searched.total).toBe(111)
  expect(name).toMatchObject({ rows: total, max: 'Name 99999' })
  expect((await window(run, 'fast', {}, total - 1, 1)).rows[0]?.[0]).toBe(String(total - 1))
})
