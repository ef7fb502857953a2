import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowView } from '../../../shared/contract/results.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

/** Numbers of any number of digits, as they come out of the databases' own arithmetic. */
const values = [
  '0.33333333333333333333',
  '47.9990550000000000',
  '-0.000000000000000000000000000123',
  '1234567890123456789012345678901234567890.5',
  '9007199254740993',
  '9007199254740992',
  '1.50',
]

const servers = {
  Postgres: async () => {
    const fresh = await freshDatabase()
    const rows = values.map((value, index) => `(${index}, ${value}::numeric)`)
    await fresh.sql(`create table n as select * from (values ${rows.join(', ')}, (7, 'NaN'), (8, null)) t(id, v)`)
    return { url: fresh.url, drop: fresh.drop, shown: [...values, 'NaN', null] }
  },
  MariaDB: async () => {
    const fresh = await freshMariaDb()
    await fresh.sql('create table n (id int, v decimal(65,30))')
    const fitting = values.filter((value) => !value.startsWith('1234567890123'))
    await fresh.sql(`insert into n values ${fitting.map((value, id) => `(${id}, ${value})`).join(', ')}`)
    const padded = (value: string) => {
      const [whole, decimals = ''] = value.split('.')
      return `${whole}.${decimals.padEnd(30, '0')}`
    }
    return { url: fresh.url, drop: fresh.drop, shown: fitting.map(padded) }
  },
}

describe.each(Object.entries(servers))('decimals of any number of digits in %s', (name, open) => {
  let server: Awaited<ReturnType<typeof open>>
  let api: Awaited<ReturnType<typeof queriesApi>>
  let source: { query: string; statement: number }
  beforeAll(async () => {
    server = await open()
    api = await queriesApi({ db: server.url })
    const events = await api.run('select id, v from n order by id')
    expect(events.filter(({ type }) => type === 'failed')).toEqual([])
    const rows = events.find((event) => event.type === 'rows')
    source = { query: rows?.query ?? '', statement: 0 }
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    await server.drop()
  })

  const seen = async (view: RowView = {}) =>
    (await api.client.results.window({ source, view, offset: 0, limit: 100 })).rows.map((row) => row[1] ?? null)

  test('are shown as they are', async () => {
    expect(await seen()).toEqual(server.shown)
  })

  test('sort by value, also where a double does not tell them apart', async () => {
    const sorted = await seen({ sort: [{ column: 'v', direction: 'asc' }] })
    const numbers = sorted.filter((value) => value !== null && value !== 'NaN')
    expect(numbers.map((value) => BigInt((value ?? '').split('.')[0] ?? ''))).toEqual(
      [...numbers.map((value) => BigInt((value ?? '').split('.')[0] ?? ''))].sort((a, b) =>
        a < b ? -1 : a > b ? 1 : 0,
      ),
    )
    expect(numbers[0]).toMatch(/^-0\.0/)
    expect(sorted.at(-1)).toBe(server.shown.at(-1) === null ? null : sorted.at(-1))
  })

  test('are filtered exactly', async () => {
    const filtered = (operator: '=' | '!=' | '>', value: string) =>
      seen({ filters: [{ column: 'v', operator, value }] })
    expect((await filtered('=', '1.5')).map((value) => value?.slice(0, 4))).toEqual(['1.50'])
    expect(await filtered('=', '9007199254740993')).toHaveLength(1)
    expect((await filtered('>', '47')).every((value) => Number(value) > 47 || value === 'NaN')).toBe(true)
  })

  test('are profiled, drawn and exported', async () => {
    const [, profile] = await api.client.results.profile({ source })
    expect(profile).toMatchObject({ column: 'v', nulls: server.shown.filter((value) => value === null).length })
    expect(profile?.min).toMatch(/^-0\.0+123/)
    const chart = await api.client.results.chart({ source, x: 'v', y: 'v', measure: 'max' })
    expect(chart.points.length).toBeGreaterThan(4)
    const path = join(api.home, `${name}.ndjson`)
    for await (const _ of await api.client.results.export({ source, format: 'ndjson', path }));
    const lines = (await readFile(path, 'utf8')).trim().split('\n')
    expect(lines).toEqual(server.shown.map((value, id) => `{"id":${id},"v":${value === 'NaN' ? '"NaN"' : value}}`))
    const table = join(api.home, `${name}.csv`)
    for await (const _ of await api.client.results.export({ source, format: 'csv', path: table }));
    expect((await readFile(table, 'utf8')).split('\n')[1]).toBe(`0,${server.shown[0]}`)
  })
})
