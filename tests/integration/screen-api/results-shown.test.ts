import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RowFilter } from '../../../shared/contract/results.ts'
import { resultsApi } from '../../helpers/results-api.ts'

/** Floats that the embedded engine and the screen spell differently, and some that they do not. */
const floats = ['1', '-20', '0.5', '-0', '1e15', '1e16', '-123456789012345680000', '1e20', '1e21', '1.5e300']
const small = ['0.0001', '0.00001', '-0.0000012', '1e-7', '-2.5e-10', '2.5e-40', 'NaN', 'Infinity', '-Infinity']
const values = [...floats, ...small]
const listed = values.map((value) => `('${value}'::double, '${value}'::float)`).join(', ')

const empties = `select * from (values
  (1, ''::blob, '[]', '[]'::json, []::int[]), (2, NULL, '', NULL, NULL), (3, 'x'::blob, NULL, '[1]'::json, [1]))
  t(id, bytes, txt, j, l)`

let api: Awaited<ReturnType<typeof resultsApi>>
let run = ''
beforeAll(async () => {
  api = await resultsApi()
  const floatRows = `select * from (values ${listed}) t(f, g)`
  run = await api.run({
    nodes: { floats: { kind: 'sql', config: { sql: floatRows } }, empties: { kind: 'sql', config: { sql: empties } } },
    edges: [],
  })
})
afterAll(() => api[Symbol.asyncDispose]())

const rowsOf = async (node: string, view: { filters?: RowFilter[]; search?: string } = {}) => {
  const { rows } = await api.client.results.window({ source: api.source(run, node), view, offset: 0, limit: 100 })
  return rows
}

test.each(['f', 'g'])('floats are found and drawn by the text that their cells show: %s', async (column) => {
  const at = column === 'f' ? 0 : 1
  const shown = (await rowsOf('floats')).map((row) => row[at])
  if (column === 'f') expect(shown).toEqual(expect.arrayContaining(['-123456789012345680000', '0.00001', '1e-7', '-0']))
  const source = api.source(run, 'floats')
  const { points } = await api.client.results.chart({ source, x: column })
  expect(new Set(points.map(({ x }) => x))).toEqual(new Set(shown))
  for (const text of shown) {
    const value = text ?? ''
    for (const operator of ['starts', 'ends'] as const) {
      const found = await rowsOf('floats', { filters: [{ column, operator, value }] })
      expect(found.map((row) => row[at])).toContain(text)
    }
  }
  expect(await rowsOf('floats', { filters: [{ column, operator: 'ends', value: '.0' }] })).toEqual([])
})

test('a search goes by the texts of cells too', async () => {
  const found = (await rowsOf('floats', { search: '-infi' })).map((row) => row[0])
  expect(found).toEqual(['-Infinity'])
})

test('a profile names floats as cells do', async () => {
  const view = { filters: [{ column: 'f', operator: '>' as const, value: '1e17' }] }
  const [profile] = await api.client.results.profile({ source: api.source(run, 'floats'), view, columns: ['f'] })
  expect(profile?.bars.map(({ label }) => label).sort()).toEqual(
    ['1.5e+300', '100000000000000000000', '1e+21', 'Infinity', 'NaN'].sort(),
  )
})

test('profiles and charts take columns whatever they are called', async () => {
  const names = ['g', 'label', 'y', 'n', 'step', 'number', 'low', 'width', 'f', 'row', 'rowid']
  const fields = names.map((name, place) => `(i + ${place}) % 3 as ${name}`)
  const sql = `select ${fields.join(', ')} from range(9) r(i)`
  const named = await api.run({ nodes: { named: { kind: 'sql', config: { sql } } }, edges: [] })
  const source = api.source(named, 'named')
  const profiles = await api.client.results.profile({ source })
  expect(profiles.map(({ bars }) => bars.map(({ rows }) => rows))).toEqual(names.map(() => [3, 3, 3]))
  for (const x of names) {
    const { points } = await api.client.results.chart({ source, x, y: 'y', measure: 'count' })
    expect(points.map(({ y }) => y)).toEqual([3, 3, 3])
  }
})

test.each([
  ['bytes', ['1', '2']],
  ['txt', ['2', '3']],
  ['j', ['1', '2']],
  ['l', ['1', '2']],
])('empty is nothing of its type: %s', async (column, expected) => {
  const found = async (operator: 'empty' | 'filled') =>
    (await rowsOf('empties', { filters: [{ column, operator }] })).map((row) => row[0])
  expect(await found('empty')).toEqual(expected)
  expect([...(await found('empty')), ...(await found('filled'))].sort()).toEqual(['1', '2', '3'])
})
