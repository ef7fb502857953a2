import { describe, expect, test } from 'vitest'
import { FileBench, failure } from './file-bench.ts'

const at = new FileBench()

describe('JSON', () => {
  test('an array, whole numbers exact, nested values kept', async () => {
    await at.put('a.json', '[{"id":9007199254740993,"tags":["x"],"more":{"a":1}},{"id":2}]')
    expect(await at.read({ path: 'a.json' })).toMatchObject({
      columns: ['id int64', 'tags list(text)', 'more json'],
      rows: [
        ['9007199254740993', '[x]', '{"a":1}'],
        ['2', null, null],
      ],
    })
  })

  test('NDJSON with a late column and a declared type', async () => {
    await at.put('a.ndjson', '{"a":"7"}\n{"a":"8","b":true}\n')
    expect(await at.read({ path: 'a.ndjson', types: { a: 'int32' } })).toEqual({
      columns: ['a int32', 'b boolean'],
      rows: [
        ['7', null],
        ['8', 'true'],
      ],
    })
  })

  test('declared decimals are the numbers that are written, or an error', async () => {
    await at.put('a.json', '[{"d":0.1,"l":[1.10,"2.25",null],"s":"1234567890123456789.1234","x":1e3},{"d":null}]')
    const types = { d: 'decimal(38,30)', l: 'list(decimal(6,2))', s: 'decimal(30,4)', x: 'decimal' }
    expect((await at.read({ path: 'a.json', types })).rows).toEqual([
      [`0.1${'0'.repeat(29)}`, '[1.10, 2.25, NULL]', '1234567890123456789.1234', '1000.0000000000'],
      [null, null, null, null],
    ])
    await at.put('b.json', '{"all":[{"d":123456789012345.12}]}')
    const long = failure(at.read({ path: 'b.json', records: 'all', types: { d: 'decimal(30,2)' } }))
    expect(await long).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'b.json: Column d holds "123456789012345.12", which has more digits than are read exactly.',
      hint: expect.stringContaining('in double quotes'),
    })
    await at.put('c.json', '[{"d":1.999,"D":2}]')
    expect((await failure(at.read({ path: 'c.json', types: { d: 'decimal(10,2)' } }))).message).toBe(
      'c.json: Column d holds "1.999", which is no decimal(10,2).',
    )
  })

  test('records inside the document', async () => {
    await at.put('a.json', '{"meta":{"n":2},"data":{"the items":[{"id":1,"price":"1.50"},{"id":2,"x":{"y":1}}]}}')
    const config = { path: 'a.json', records: 'data."the items"', types: { price: 'decimal(10,2)' }, filename: 'f' }
    expect(await at.read(config)).toEqual({
      columns: ['id int64', 'price decimal(10,2)', 'x json', 'f text'],
      rows: [
        ['1', '1.50', null, 'a.json'],
        ['2', null, '{"y":1}', 'a.json'],
      ],
    })
    expect(await failure(at.read({ path: 'a.json', records: 'data.rows' }))).toMatchObject({
      code: 'FILE_FORMAT',
      at: { field: 'records' },
    })
    expect((await at.read({ path: 'a.json', records: 'meta' })).rows).toEqual([['2']])
  })

  test('a timestamp keeps its offset, and columns that mix spellings stay text', async () => {
    const rows = [
      {
        u: '2000-01-01T08:00:00+02:00',
        z: '2000-01-01T08:00:00.5Z',
        n: '2000-01-01T08:00:00',
        m: '2000-01-01T08:00:00Z',
      },
      { u: null, z: '2000-01-01T08:00:00-03:30', n: '2000-01-02T00:00:00', m: '2000-01-01T08:00:00' },
    ]
    const expected = {
      columns: ['u timestamptz', 'z timestamptz', 'n timestamp', 'm text'],
      rows: [
        ['2000-01-01 06:00:00+00', '2000-01-01 08:00:00.5+00', '2000-01-01 08:00:00', '2000-01-01T08:00:00Z'],
        [null, '2000-01-01 11:30:00+00', '2000-01-02 00:00:00', '2000-01-01T08:00:00'],
      ],
    }
    await at.put('a.json', JSON.stringify(rows))
    await at.put('a.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    await at.put('in.json', JSON.stringify({ data: { rows } }))
    expect(await at.read({ path: 'a.json' })).toEqual(expected)
    expect(await at.read({ path: 'a.ndjson' })).toEqual(expected)
    expect(await at.read({ path: 'in.json', records: 'data.rows' })).toEqual(expected)
  })

  test('only ISO dates and times are taken for such, in lists too; inside structures they stay as written', async () => {
    const row = {
      us: '01-02-2000',
      iso: '2000-02-01',
      t: '08:00:00',
      long: '2000-01-01T00:00:00.123456789',
      days: [['2000-02-01'], null, ['2000-02-02', null]],
      odd: ['2000-02-01', '01-02-2000'],
      in: { at: '2000-01-01T08:00:00+02:00', 'DATE ': '01-02-2000' },
    }
    await at.put('a.json', JSON.stringify([row]))
    expect(await at.read({ path: 'a.json' })).toEqual({
      columns: ['us text', 'iso date', 't time', 'long text', 'days list(list(date))', 'odd list(text)', 'in json'],
      rows: [
        [
          '01-02-2000',
          '2000-02-01',
          '08:00:00',
          '2000-01-01T00:00:00.123456789',
          '[[2000-02-01], NULL, [2000-02-02, NULL]]',
          '[2000-02-01, 01-02-2000]',
          '{"at":"2000-01-01T08:00:00+02:00","DATE ":"01-02-2000"}',
        ],
      ],
    })
    await at.put('days.json', '{"days":["2000-01-01T08:00:00+02:00"]}')
    expect(await at.read({ path: 'days.json', records: 'days' })).toEqual({
      columns: ['value timestamptz'],
      rows: [['2000-01-01 06:00:00+00']],
    })
  })

  test('a later value of another spelling fails, and reads with a declared type', async () => {
    const first = '{"at":"2000-01-01T08:00:00"}\n'.repeat(30_000)
    await at.put('a.ndjson', `${first}{"at":"2000-01-01T08:00:00+02:00"}\n`)
    expect(await failure(at.read({ path: 'a.ndjson' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message:
        'a.ndjson: Column at holds "2000-01-01T08:00:00+02:00", which is not written like its first values (TIMESTAMP).',
      hint: 'Give the column the type text in "types".',
    })
    expect((await at.read({ path: 'a.ndjson', types: { at: 'text' } })).rows.at(-1)).toEqual([
      '2000-01-01T08:00:00+02:00',
    ])
  })

  test('broken JSON fails with its place', async () => {
    await at.put('a.ndjson', '{"a":1}\n{"a":\n')
    const error = await failure(at.read({ path: 'a.ndjson' }))
    expect(error.code).toBe('FILE_FORMAT')
    expect(error.message).toMatch(/^a\.ndjson, line 2, byte \d+: unexpected end of data/)
  })

  test('keys and numbers that come late are neither lost nor rounded', async () => {
    const first = Array.from({ length: 30_000 }, (_, n) => `{"n":${n},"o":{"k":1}}`)
    await at.put('a.ndjson', `${first.join('\n')}\n{"n":1.5,"o":{"k":2.50,"l":[1, true]},"late":"yes"}\n`)
    const { columns, rows } = await at.read({ path: 'a.ndjson' })
    expect(columns).toEqual(['n float64', 'o json', 'late text'])
    expect(rows.at(0)).toEqual(['0.0', '{"k":1}', null])
    expect(rows.at(-1)).toEqual(['1.5', '{"k":2.5,"l":[1,true]}', 'yes'])
  })

  test('of a large file the first records are looked at, with a warning, and a later fraction is an error', async () => {
    const pad = 'x'.repeat(2_000)
    const lines = Array.from({ length: 35_000 }, (_, n) => `{"n":${n},"pad":"${pad}"}\n`)
    await at.put('a.ndjson', `${lines.join('')}{"n":1,"late":2}\n`)
    const { columns, rows } = await at.read({ path: 'a.ndjson', filename: 'f' })
    expect(columns).toEqual(['n int64', 'pad text', 'f text'])
    expect(rows).toHaveLength(35_001)
    expect(at.logs).toEqual([{ level: 'warn', message: expect.stringContaining('first 20,480 records') }])
    await at.put('b.ndjson', `${lines.join('')}{"n":1.5}\n`)
    expect(await failure(at.read({ path: 'b.ndjson' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'b.ndjson: Column n holds "1.5", which is no int64.',
    })
  })

  test('whole numbers of more than 64 bits are exact, inside objects too', async () => {
    const big = '18446744073709551616123456789'
    await at.put('a.json', `[{"n":${big},"f":1.5,"o":{"n":${big}}},{"n":5,"f":${big}}]`)
    const { columns, rows } = await at.read({ path: 'a.json' })
    expect(columns).toEqual(['n decimal(38,0)', 'f float64', 'o json'])
    expect(rows.map(([n]) => n)).toEqual([big, '5'])
    expect(rows[0]?.[2]).toBe(`{"n":${big}}`)
    await at.put('b.json', `{"all":[{"n":${big}}]}`)
    expect(await at.read({ path: 'b.json', records: 'all' })).toEqual({ columns: ['n decimal(38,0)'], rows: [[big]] })
  })

  test('keys that differ only in case are columns of their own, with a number', async () => {
    await at.put('a.json', '[{"id":1,"ID":3,"x":"2024-01-01"},{"Id":5,"ID":12345678901234567890,"x":null}]')
    const { columns, rows } = await at.read({ path: 'a.json', filename: 'f' })
    expect(columns).toEqual(['id int64', 'ID_2 decimal(38,0)', 'x date', 'Id_3 int64', 'f text'])
    expect(rows).toEqual([
      ['1', '3', '2024-01-01', null, 'a.json'],
      [null, '12345678901234567890', null, '5', 'a.json'],
    ])
    await at.put('b.json', '[{"id":1,"ID_1":2}]')
    expect(await at.read({ path: 'b.json' })).toEqual({ columns: ['id int64', 'ID_1 int64'], rows: [['1', '2']] })
  })

  test('a record of more than 16 MiB is told', async () => {
    await at.put('a.ndjson', `{"a":1}\n{"a":"${'x'.repeat(40 * 1024 * 1024)}"}\n`)
    expect((await failure(at.read({ path: 'a.ndjson' }))).message).toBe('a.ndjson: a record is larger than 16 MiB.')
  })

  test('nothing in it', async () => {
    for (const [name, text, records] of [
      ['a.json', '[]', ''],
      ['b.ndjson', '\n', ''],
      ['c.json', '{"d":[]}', 'd'],
    ] as const) {
      await at.put(name, text)
      expect(await failure(at.read({ path: name, records }))).toMatchObject({
        code: 'FILE_FORMAT',
        message: `${name} holds no records, so their columns are not known.`,
        hint: expect.stringContaining('"types"'),
      })
    }
    expect(await at.read({ path: 'a.json', types: { id: 'int64' } })).toEqual({ columns: ['id int64'], rows: [] })
  })
})

describe('Parquet', () => {
  test('is read with its types', async () => {
    await at.duck.run(
      `COPY (SELECT 1::INTEGER a, 1.50::DECIMAL(38,10) b, '\\x00'::BLOB c) TO '${at.folder}/a.parquet' (FORMAT parquet)`,
    )
    expect(await at.read({ path: 'a.parquet', filename: 'f' })).toEqual({
      columns: ['a int32', 'b decimal(38,10)', 'c blob', 'f text'],
      rows: [['1', '1.5000000000', '\\x00', 'a.parquet']],
    })
  })

  test('something else under its name', async () => {
    await at.put('a.parquet', 'a,b\n1,2\n')
    expect(await failure(at.read({ path: 'a.parquet' }))).toMatchObject({ code: 'FILE_FORMAT' })
  })
})
