import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowFilter, RowView } from '../../../shared/contract/results.ts'
import { resultsApi } from '../../helpers/results-api.ts'

const everything = `
  select * from (values
    (1::bigint, 9007199254740993::bigint, 12345678901234567890.123456::decimal(30,6), 'NaN'::double, true, date '2024-02-29',
     timestamp '2024-02-29 23:59:59.123456', timestamptz '2024-02-29 12:00:00+02', '\\x00\\xFF'::blob, '', '{"a":12345678901234567890}'::json, [1,2], interval 3 days, 'Ärger'),
    (2, -9223372036854775808, 0.000001, 'Infinity'::double, false, date '1969-12-31',
     timestamp '1999-01-01 00:00:00', timestamptz '1999-01-01 00:00:00+00', ''::blob, NULL, '[1]'::json, []::int[], interval 2 hours, 'tab	and
line "quoted"'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'NULL', NULL, NULL, NULL, repeat('€', 5000))
  ) t(id, big, dec, f, b, d, ts, tz, bytes, txt, j, l, i, s)`

let api: Awaited<ReturnType<typeof resultsApi>>
let run = ''
beforeAll(async () => {
  api = await resultsApi()
  run = await api.run({
    nodes: {
      all: { kind: 'sql', config: { sql: everything } },
      many: {
        kind: 'sql',
        config: {
          sql: `select i as id, i % 7 as k, 'Name ' || i as name, date '2020-01-01' + (i % 4000)::int as day, case when i % 5 = 0 then null else i / 4.0 end as amount from range(200000) r(i)`,
        },
      },
      split: { kind: 'filter', config: { where: 'k = 3' } },
    },
    edges: [{ from: 'many', to: 'split' }],
  })
})
afterAll(() => api[Symbol.asyncDispose]())

const window = (node: string, view: RowView = {}, offset = 0, limit = 100, port = 'out') =>
  api.client.results.window({ source: api.source(run, node, port), view, offset, limit })
const ids = async (node: string, ...filters: RowFilter[]) =>
  (await window(node, { filters })).rows.map((row) => Number(row[0]))

describe('cells', () => {
  test('are exact texts, NULL apart from an empty text and from the text NULL', async () => {
    const { rows, complete, total } = await window('all')
    expect({ complete, total }).toEqual({ complete: true, total: 3 })
    expect(rows[0]?.slice(0, 13)).toEqual([
      '1',
      '9007199254740993',
      '12345678901234567890.123456',
      'NaN',
      'true',
      '2024-02-29',
      '2024-02-29 23:59:59.123456',
      '2024-02-29 10:00:00+00',
      '\\x00ff',
      '',
      '{"a":12345678901234567890}',
      '[1,2]',
      '3 days',
    ])
    expect(rows[1]?.slice(1, 4)).toEqual(['-9223372036854775808', '0.000001', 'Infinity'])
    expect(rows.map((row) => row[9])).toEqual(['', null, 'NULL'])
  })

  test('that are long are cut in windows and whole by themselves', async () => {
    const { rows, cut } = await window('all')
    expect(rows[2]?.[13]).toBe('€'.repeat(1000))
    expect(cut).toEqual([{ row: 2, column: 13, length: 5000 }])
    const cell = await api.client.results.cell({ source: api.source(run, 'all'), row: 2, column: 's' })
    expect(cell).toEqual({ text: '€'.repeat(5000), length: 5000 })
  })

  test('are found by their place in the view', async () => {
    const view: RowView = {
      sort: [{ column: 'id', direction: 'desc' }],
      filters: [{ column: 'k', operator: '=', value: '1' }],
    }
    const cell = await api.client.results.cell({ source: api.source(run, 'many'), view, row: 1, column: 'name' })
    expect(cell.text).toBe('Name 199991')
  })
})

describe('filters', () => {
  test.each<[string, Omit<RowFilter, 'column'> & { column: string }, number[]]>([
    ['a number with more digits than a double', { column: 'big', operator: '=', value: '9007199254740993' }, [1]],
    ['a number beyond the column', { column: 'big', operator: '<', value: '99999999999999999999' }, [1, 2]],
    ['a fraction against whole numbers', { column: 'id', operator: '>', value: '1.5' }, [2, 3]],
    ['more decimals than the column', { column: 'dec', operator: '>', value: '0.0000005' }, [1, 2]],
    ['not equal, which NULL is too', { column: 'big', operator: '!=', value: '9007199254740993' }, [2, 3]],
    ['a float that is not finite', { column: 'f', operator: '=', value: 'inf' }, [2]],
    ['a boolean', { column: 'b', operator: '=', value: 'TRUE' }, [1]],
    ['a date', { column: 'd', operator: '>=', value: '2000-01-01' }, [1]],
    ['a moment with zone', { column: 'tz', operator: '=', value: '2024-02-29 10:00:00+00' }, [1]],
    ['bytes in hex', { column: 'bytes', operator: '=', value: '\\x00FF' }, [1]],
    ['an empty text alone', { column: 'txt', operator: '=', value: '' }, [1]],
    ['empty, which NULL is too', { column: 'txt', operator: 'empty' }, [1, 2]],
    ['filled', { column: 'txt', operator: 'filled' }, [3]],
    ['NULL alone', { column: 'txt', operator: 'null' }, [2]],
    ['an interval', { column: 'i', operator: '>', value: '1 day' }, [1]],
    ['a list by its text', { column: 'l', operator: '=', value: '[1,2]' }, [1]],
    ['part of a text, case left aside', { column: 's', operator: 'contains', value: 'ärGER' }, [1]],
    ['the digits of a number', { column: 'big', operator: 'ends', value: '993' }, [1]],
  ])('%s', async (_, filter, expected) => {
    expect(await ids('all', filter)).toEqual(expected)
  })

  test.each([
    ['id', 'ten'],
    ['id', ''],
    ['dec', '1,5'],
    ['d', '2024-13-01'],
    ['b', 'maybe'],
    ['bytes', 'xyz'],
  ])('say which one does not fit its column: %s = %s', async (column, value) => {
    const filters: RowFilter[] = [
      { column: 'id', operator: '>', value: '0' },
      { column, operator: '=', value },
    ]
    const failure = await window('all', { filters }).catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject({ data: { code: 'CONFIG_INVALID', at: { field: 'filters.1' } } })
  })

  test('and search and sort work on all rows, several columns at a time', async () => {
    const view: RowView = {
      filters: [{ column: 'k', operator: '=', value: '2' }],
      search: 'nAME 1999',
      sort: [
        { column: 'amount', direction: 'desc' },
        { column: 'id', direction: 'asc' },
      ],
    }
    const { rows, total } = await window('many', view)
    const expected = Array.from({ length: 200_000 }, (_, id) => id)
      .filter((id) => id % 7 === 2 && `Name ${id}`.includes('Name 1999'))
      .sort((a, b) => Number(a % 5 === 0) - Number(b % 5 === 0) || (a % 5 === 0 ? a - b : b - a))
    expect(rows.map((row) => Number(row[0]))).toEqual(expected)
    expect(total).toBe(expected.length)
  })
})

test('every port has its rows', async () => {
  const rest = await window('split', {}, 0, 3, 'rest')
  expect(rest.rows.map((row) => row[0])).toEqual(['0', '1', '2'])
  expect(rest.total + (await window('split')).total).toBe(200_000)
})

test('rows that are not kept are said to be so', async () => {
  const failure = await window('nobody').catch((thrown: unknown) => thrown)
  expect(failure).toMatchObject({ data: { code: 'FILE_MISSING', at: { node: 'nobody' } } })
})

test('an order nobody waits for any more is given up, and the next one is read', async () => {
  const abort = new AbortController()
  const view: RowView = { sort: [{ column: 'name', direction: 'desc' }] }
  const source = api.source(run, 'many')
  const given = api.client.results.window({ source, view, offset: 0, limit: 10 }, { signal: abort.signal })
  abort.abort()
  await expect(given).rejects.toMatchObject({ data: { code: 'RUN_CANCELLED' } })
  const { rows } = await window('many', view, 0, 1)
  expect(rows[0]?.[2]).toBe('Name 99999')
})
