import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowView } from '../../../shared/contract/results.ts'
import { resultsApi } from '../../helpers/results-api.ts'

let api: Awaited<ReturnType<typeof resultsApi>>
let run = ''
beforeAll(async () => {
  api = await resultsApi()
  run = await api.run({
    nodes: {
      floats: { kind: 'sql', config: { sql: "select unnest(['NaN'::double, 1e300]) as f" } },
      many: {
        kind: 'sql',
        config: {
          sql: `select i as id, ['red', 'green', 'blue', null][1 + i % 4] as colour, timestamp '2020-01-01' + to_hours(i) as at, i / 8.0 as amount from range(50000) r(i)`,
        },
      },
    },
  })
})
afterAll(() => api[Symbol.asyncDispose]())

describe('profiles', () => {
  test('count, measure and draw each column', async () => {
    const profiles = await api.client.results.profile({ source: api.source(run, 'many') })
    const [id, colour, at, amount] = profiles
    expect(id).toMatchObject({ rows: 50_000, nulls: 0, distinct: 50_000, min: '0', max: '49999', mean: 24_999.5 })
    expect(id?.bars.length).toBe(20)
    expect(colour).toMatchObject({ nulls: 12_500, distinct: 3, min: 'blue', max: 'red' })
    expect(colour?.bars.map(({ label, rows }) => [label, rows])).toEqual([
      ['blue', 12_500],
      ['green', 12_500],
      ['red', 12_500],
    ])
    expect(at?.min).toBe('2020-01-01 00:00:00')
    expect(amount?.max).toMatch(/^6249\.87/)
  })

  test('have bars whose filters leave just their rows', async () => {
    const source = api.source(run, 'many')
    for (const { bars } of await api.client.results.profile({ source })) {
      for (const bar of bars) {
        const { total } = await api.client.results.window({
          source,
          view: { filters: bar.filters },
          offset: 0,
          limit: 1,
        })
        expect([bar.label, total]).toEqual([bar.label, bar.rows])
      }
    }
  })

  test('are of the rows of the view, and bear values that no mean has', async () => {
    const [f] = await api.client.results.profile({ source: api.source(run, 'floats') })
    expect(f).toMatchObject({ rows: 2, nulls: 0, distinct: 2, mean: 1e300 })
    const view: RowView = { filters: [{ column: 'id', operator: '<', value: '10' }] }
    const [id] = await api.client.results.profile({ source: api.source(run, 'many'), view, columns: ['id'] })
    expect(id).toMatchObject({ rows: 10, max: '9' })
  })

  test('of a hundred columns with as many values as rows fit into little memory', async () => {
    const columns = Array.from({ length: 100 }, (_, at) => `md5(concat(i, '-${at}')) as c${at}`)
    const wide = await api.run({
      nodes: { wide: { kind: 'sql', config: { sql: `select ${columns.join(', ')} from range(100000) r(i)` } } },
    })
    const profiles = await api.client.results.profile({ source: api.source(wide, 'wide') })
    expect(profiles.map(({ rows, distinct }) => [rows, distinct])).toEqual(columns.map(() => [100_000, 100_000]))
  })
})

describe('charts', () => {
  test('put the biggest text first', async () => {
    const source = api.source(run, 'many')
    const chart = await api.client.results.chart({ source, x: 'colour', y: 'id', measure: 'max' })
    expect(chart).toEqual({
      points: [
        { x: null, y: 49_999 },
        { x: 'blue', y: 49_998 },
        { x: 'green', y: 49_997 },
        { x: 'red', y: 49_996 },
      ],
      groups: 4,
    })
  })

  test('take moments together until they fit', async () => {
    const chart = await api.client.results.chart({ source: api.source(run, 'many'), x: 'at' })
    expect(chart.points[0]).toEqual({ x: '2020-01-01', y: 744 })
    expect(chart.points[1]).toEqual({ x: '2020-02-01', y: 696 })
    expect(chart.points.reduce((sum, { y }) => sum + (y ?? 0), 0)).toBe(50_000)
  })

  test('need a number to add up', async () => {
    const source = api.source(run, 'many')
    await expect(api.client.results.chart({ source, x: 'id', y: 'colour', measure: 'sum' })).rejects.toMatchObject({
      data: { code: 'CONFIG_INVALID', at: { field: 'y' } },
    })
  })
})
