import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { copyFormats, ExportProgress, RowView } from '../../../shared/contract/results.ts'
import type { Column } from '../../../shared/data/types.ts'
import { copyPieces } from '../../../src-main/services/results/copy-text.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { resultsApi } from '../../helpers/results-api.ts'

const odd = `select * from (values
  (9007199254740993::bigint, 0.10::decimal(10,2), 'NaN'::double, true, '', '{"n":12345678901234567890}'::json, '\\xAB'::blob),
  (NULL, 123456789.01, 1e300, NULL, 'a|b' || chr(9) || 'c' || chr(10) || 'it''s "d"', NULL, NULL)) t(big, dec, f, b, txt, j, x)`

let api: Awaited<ReturnType<typeof resultsApi>>
let run = ''
beforeAll(async () => {
  api = await resultsApi()
  run = await api.run({
    nodes: {
      odd: { kind: 'sql', config: { sql: odd } },
      many: {
        kind: 'sql',
        config: {
          sql: `select i as id, ['red', 'green', 'blue', null][1 + i % 4] as colour, timestamp '2020-01-01' + to_hours(i) as at, i / 8.0 as amount from range(50000) r(i)`,
        },
      },
      big: {
        kind: 'sql',
        config: { sql: "select i as id, repeat('x', 100) as pad, random() as r from range(3000000) r(i)" },
      },
    },
  })
})
afterAll(() => api[Symbol.asyncDispose]())

const copy = async (format: (typeof copyFormats)[number], rest: object = {}) =>
  (await api.copy({ source: api.source(run, 'odd'), format, offset: 0, limit: 100, ...rest })).text

describe('rows as text', () => {
  test('TSV leaves NULL blank and quotes what would break a spreadsheet', async () => {
    expect(await copy('tsv', { columns: ['big', 'txt', 'b'] })).toBe(
      'big\ttxt\tb\n9007199254740993\t\ttrue\n\t"a|b\tc\nit\'s ""d"""\t',
    )
    expect(await copy('tsv', { columns: ['big'], header: false, limit: 1 })).toBe('9007199254740993')
  })

  test('CSV tells NULL from an empty text', async () => {
    expect(await copy('csv', { columns: ['txt', 'big'] })).toBe('txt,big\n"",9007199254740993\n"a|b\tc\nit\'s ""d""",')
  })

  test('JSON keeps all digits', async () => {
    const text = await copy('json')
    expect(text.split('\n')[1]).toBe(
      '  {"big": 9007199254740993, "dec": 0.10, "f": "NaN", "b": true, "txt": "", "j": {"n":12345678901234567890}, "x": "\\\\xab"},',
    )
    expect(JSON.parse(text)[1]).toMatchObject({ big: null, f: 1e300, j: null })
  })

  test('Markdown is one table', async () => {
    expect(await copy('markdown', { columns: ['dec', 'txt'] })).toBe(
      '| dec | txt |\n| ---: | --- |\n| 0.10 |  |\n| 123456789.01 | a\\|b\tc<br>it\'s "d" |',
    )
  })

  test('INSERTs are literals of their types', async () => {
    expect(await copy('insert', { table: 'shop.items' })).toBe(
      `INSERT INTO "shop"."items" ("big", "dec", "f", "b", "txt", "j", "x") VALUES\n` +
        `  (9007199254740993, 0.10, 'NaN', TRUE, '', '{"n":12345678901234567890}', '\\xab'::BLOB),\n` +
        `  (NULL, 123456789.01, 1e+300, NULL, 'a|b\tc\nit''s "d"', NULL, NULL);`,
    )
  })

  test.each([
    ['mysql', "INSERT INTO `items` (`txt`, `x`) VALUES\n  ('', X'ab'),\n  ('a|b\tc\nit''s \"d\"', NULL);"],
    ['postgres', `INSERT INTO "items" ("txt", "x") VALUES\n  ('', '\\xab'),\n  ('a|b\tc\nit''s "d"', NULL);`],
  ] as const)('INSERTs are in the SQL of %s', async (dialect, expected) => {
    expect(await copy('insert', { table: 'items', columns: ['txt', 'x'], dialect })).toBe(expected)
  })

  test('lists are INSERTed as arrays of Postgres', async () => {
    const columns: Column[] = [
      { name: 'words', type: { kind: 'list', of: { kind: 'text' } } },
      { name: 'docs', type: { kind: 'list', of: { kind: 'json' } } },
      { name: 'grid', type: { kind: 'list', of: { kind: 'int32' } } },
    ]
    const rows = [['["it\'s","a \\"b\\"",null,""]', '[{"a": "b c"}]', '{{1,2},{3,4}}']]
    const pieces: string[] = []
    for await (const { text } of copyPieces(columns, [rows], {
      format: 'insert',
      header: false,
      table: 'kept',
      dialect: 'postgres',
    }))
      pieces.push(text)
    await using fresh = await freshDatabase()
    await fresh.sql('create table kept (words text[], docs jsonb[], grid int[])')
    await fresh.sql(pieces.join(''))
    const read = "select to_json(words)::text w, docs[1] ->> 'a' d, grid::text g from kept"
    expect(await fresh.sql(read)).toEqual([{ w: '["it\'s","a \\"b\\"",null,""]', d: 'b c', g: '{{1,2},{3,4}}' }])
  })

  test('any range, in the order of the view', async () => {
    const view: RowView = { sort: [{ column: 'id', direction: 'desc' }] }
    const { text, rows } = await api.copy({
      source: api.source(run, 'many'),
      view,
      format: 'tsv',
      header: false,
      columns: ['id'],
      offset: 5,
      limit: 12_000,
    })
    const lines = text.split('\n')
    expect([rows, lines[0], lines.at(-1)]).toEqual([12_000, '49994', '37995'])
  })

  test('many rows come in pieces that make one text', async () => {
    const request = { source: api.source(run, 'many'), columns: ['id', 'colour'], offset: 10, limit: 5_100 }
    const pieces: string[] = []
    for await (const { text } of await api.client.results.copy({ ...request, format: 'json' })) pieces.push(text)
    expect(pieces.length).toBeGreaterThan(2)
    const ids = JSON.parse(pieces.join('')).map(({ id }: { id: number }) => id)
    expect(ids).toEqual(Array.from({ length: 5_100 }, (_, index) => index + 10))
    const statements = (await api.copy({ ...request, format: 'insert' })).text.split(/;\n?/)
    expect(statements.map((statement) => statement.match(/^ {2}\(/gm)?.length)).toEqual([
      ...Array.from({ length: 10 }, () => 500),
      100,
      undefined,
    ])
    expect((await api.copy({ ...request, format: 'csv' })).text.split('\n')).toHaveLength(5_101)
  })

  test('no rows are a header, or an empty list', async () => {
    const none = { source: api.source(run, 'odd'), columns: ['big', 'b'], offset: 5, limit: 5 }
    expect(await api.copy({ ...none, format: 'tsv' })).toEqual({ text: 'big\tb', rows: 0 })
    expect(await api.copy({ ...none, format: 'json' })).toEqual({ text: '[]', rows: 0 })
    expect(await api.copy({ ...none, format: 'insert' })).toEqual({ text: '', rows: 0 })
  })
})

async function exported(request: Parameters<typeof api.client.results.export>[0]): Promise<ExportProgress[]> {
  const events: ExportProgress[] = []
  for await (const event of await api.client.results.export(request)) events.push(event)
  return events
}

describe('exports', () => {
  test.each(['csv', 'json', 'ndjson', 'parquet'] as const)('%s holds what the view shows', async (format) => {
    const path = join(api.home, `out.${format}`)
    const view: RowView = {
      filters: [{ column: 'colour', operator: '=', value: 'red' }],
      sort: [{ column: 'id', direction: 'desc' }],
    }
    const source = api.source(run, 'many')
    const events = await exported({ source, view, format, path, columns: ['id', 'at'] })
    expect(events.at(-1)).toMatchObject({ rows: 12_500, total: 12_500, done: true })
    const reader = { csv: 'read_csv', json: 'read_json', ndjson: 'read_json', parquet: 'read_parquet' }[format]
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const rows = (await connection.runAndReadAll(`select * from ${reader}('${path}')`)).getRowsJson()
    expect(rows.length).toBe(12_500)
    expect(rows[0]).toEqual(['49996', '2025-09-14 04:00:00'])
    connection.closeSync()
  })

  test('write exact numbers', async () => {
    const path = join(api.home, 'exact.ndjson')
    await exported({ source: api.source(run, 'odd'), format: 'ndjson', path, columns: ['big', 'dec', 'f', 'x'] })
    expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(
      '{"big":9007199254740993,"dec":0.10,"f":"NaN","x":"\\\\xab"}',
    )
  })

  test('tell how far they are, and leave nothing when they are stopped', async () => {
    const path = join(api.home, 'stopped.csv')
    const stream = await api.client.results.export({
      source: api.source(run, 'big'),
      view: { sort: [{ column: 'r', direction: 'asc' }] },
      format: 'csv',
      path,
    })
    const first = await stream.next()
    expect(first.value).toMatchObject({ total: 3_000_000, done: false })
    await stream.return(undefined)
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(api.home).filter((name) => name.includes('stopped'))).toEqual([])
  })

  test('say when the folder is not there', async () => {
    const path = join(api.home, 'nowhere', 'out.csv')
    await expect(exported({ source: api.source(run, 'odd'), format: 'csv', path })).rejects.toMatchObject({
      data: { code: 'FILE_WRITE' },
    })
  })
})

describe('rows with types that no column type holds', () => {
  test('are shown, measured, filtered and searched as text', async () => {
    const strange =
      "select '101'::BIT as b, '10:00:00+02'::TIMETZ as t, ['01'::BIT] as bs union all select null, null, null"
    const source = api.source(
      await api.run({ nodes: { strange: { kind: 'sql', config: { sql: strange } } } }),
      'strange',
    )
    const window = await api.client.results.window({ source, offset: 0, limit: 10 })
    expect(window.rows).toEqual([
      ['101', '10:00:00+02', '["01"]'],
      [null, null, null],
    ])
    const [b, t] = await api.client.results.profile({ source })
    expect(b).toMatchObject({ nulls: 1, distinct: 1, min: '101' })
    expect(t?.bars.map(({ label }) => label)).toEqual(['10:00:00+02'])
    const found = async (view: RowView) =>
      (await api.client.results.window({ source, view, offset: 0, limit: 1 })).total
    expect(await found({ filters: [{ column: 'b', operator: 'starts', value: '10' }] })).toBe(1)
    expect(await found({ search: ':00+' })).toBe(1)
  })
})

test('first rows can be read while the query runs, then all of them', async () => {
  const id = await api.start({
    nodes: {
      slow: { kind: 'sql', config: { sql: 'select i as id from range(1500) r(i)' } },
      wait: {
        kind: 'sql',
        config: {
          sql: 'select count(*) as n from (select hash(i, j) as h from range(30000) a(i), range(8000) b(j)) where h % 7 = 0',
        },
      },
    },
  })
  const source = api.source(id, 'slow')
  await expect
    .poll(async () => (await api.client.results.window({ source, offset: 0, limit: 5 })).rows.length, {
      timeout: 20_000,
    })
    .toBe(5)
  const early = await api.client.results.window({ source, offset: 0, limit: 5 })
  expect(early.rows[4]).toEqual(['4'])
  await api.client.runs.stop({ run: id })
  for await (const _ of await api.client.runs.watch({ run: id }));
  const { total, complete } = await api.client.results.window({ source, offset: 0, limit: 5 })
  expect({ total, complete }).toEqual({ total: 1500, complete: true })
})
