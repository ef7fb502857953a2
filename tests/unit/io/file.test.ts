import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatType } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { file } from '../../../shared/nodes/file.ts'
import { explainFile } from '../../../src-main/engine/io/file/failures.ts'
import { fileSource } from '../../../src-main/engine/io/file.ts'
import { type Bench, bench, isStream } from '../../helpers/engine-io.ts'

let at: Bench
beforeEach(async () => {
  at = await bench()
})
afterEach(async () => at[Symbol.asyncDispose]())

const put = (name: string, content: string | Uint8Array) => writeFile(join(at.folder, name), content)

type Params = Parameters<Bench['context']>[1]

/** Columns as analysed, and rows as read, each value as DuckDB's text. */
async function read(config: Record<string, unknown>, more: Params = {}) {
  const context = at.context(file.config.parse(config), more as object)
  const columns = await fileSource.columns(context)
  const query = await fileSource.open(context)
  if (isStream(query)) throw new Error('A file is read by the engine.')
  try {
    const rows = await at.duck.text(query.select)
    await query.finished?.(at.duck)
    return { columns: columns?.map((column) => `${column.name} ${formatType(column.type)}`), rows }
  } catch (error) {
    throw query.explain?.(error) ?? error
  }
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError, got ${String(error)}`)
  return error
}

describe('CSV', () => {
  test('finds delimiter, header and types', async () => {
    await put('a.csv', 'id;name;day\n1;Zoë;2024-02-29\n2;;\n')
    expect(await read({ path: 'a.csv' })).toEqual({
      columns: ['id int64', 'name text', 'day date'],
      rows: [
        ['1', 'Zoë', '2024-02-29'],
        ['2', null, null],
      ],
    })
  })

  test('tells the empty field from the empty text, and takes other texts for NULL', async () => {
    await put('a.csv', 'a,b\n,""\nNA,x\n')
    expect((await read({ path: 'a.csv', nullText: ['NA'] })).rows).toEqual([
      [null, ''],
      [null, 'x'],
    ])
  })

  test('reads a byte order mark, line breaks in quotes, and lines that end in different ways', async () => {
    await put('a.csv', '\ufeffa,b\r\n1,"x\r\ny"\r\n')
    expect(await read({ path: 'a.csv' })).toEqual({ columns: ['a int64', 'b text'], rows: [['1', 'x\r\ny']] })
    await put('mixed.csv', 'a,b\r\n1,y\n2,z\r\n')
    expect(await read({ path: 'mixed.csv' })).toEqual({
      columns: ['a int64', 'b text'],
      rows: [
        ['1', 'y'],
        ['2', 'z'],
      ],
    })
  })

  test('gives equal, empty and odd names of their own', async () => {
    await put('a.csv', 'id,ID,id,,"a ""b""",select\n1,2,3,4,5,6\n')
    expect((await read({ path: 'a.csv' })).columns).toEqual([
      'id int64',
      'ID_2 int64',
      'id_3 int64',
      'column_4 int64',
      'a "b" int64',
      'select int64',
    ])
  })

  test('numbers too long for a float stay exact', async () => {
    await put('a.csv', 'n,d,f\n99999999999999999999999,0.1234567890123456789,0.1\n')
    expect(await read({ path: 'a.csv' })).toEqual({
      columns: ['n decimal(38,0)', 'd decimal(38,19)', 'f float64'],
      rows: [['99999999999999999999999', '0.1234567890123456789', '0.1']],
    })
  })

  test('declared types win, and a name that is not there is refused', async () => {
    await put('a.csv', 'zip,amount,data,raw\n01234,"1,50","{""a"":1}",\\x00ff\n')
    const types = { zip: 'text', amount: 'decimal(10,2)', data: 'json', raw: 'blob' }
    expect(await read({ path: 'a.csv', types, decimalComma: true })).toEqual({
      columns: ['zip text', 'amount decimal(10,2)', 'data json', 'raw blob'],
      rows: [['01234', '1.50', '{"a":1}', '\\x00\\xFF']],
    })
    const error = await failure(read({ path: 'a.csv', types: { amuont: 'text' } }))
    expect(error).toMatchObject({ code: 'CONFIG_COLUMN', at: { field: 'types.amuont' }, hint: 'Did you mean amount?' })
  })

  test('a header alone gives columns and no rows', async () => {
    await put('a.csv', 'a,b\n')
    expect(await read({ path: 'a.csv' })).toEqual({ columns: ['a text', 'b text'], rows: [] })
  })

  test('an empty file needs declared columns', async () => {
    await put('a.csv', '')
    expect(await failure(read({ path: 'a.csv' }))).toMatchObject({ code: 'FILE_FORMAT', at: { field: 'path' } })
    expect(await read({ path: 'a.csv', types: { id: 'int64', tags: 'list(text)' } })).toEqual({
      columns: ['id int64', 'tags list(text)'],
      rows: [],
    })
  })

  test('without a header columns are numbered', async () => {
    await put('a.csv', '1,x\n2,y\n')
    expect(await read({ path: 'a.csv', header: false })).toMatchObject({ columns: ['column_1 int64', 'column_2 text'] })
  })

  test('skips lines, comments and blank lines before the header', async () => {
    await put('a.csv', 'Report of today\n\n# note\na,b\n1,2\n# more\n3,4\n')
    const { columns, rows } = await read({ path: 'a.csv', skip: 1, comment: '#' })
    expect(columns).toEqual(['a int64', 'b int64'])
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  test('rows with too few or too many fields fail with their line, never vanish', async () => {
    await put('a.csv', 'a,b,c\n1,2,3\n4,5\n6,7,8\n')
    expect(await failure(read({ path: 'a.csv' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv, line 3: 2 fields where 3 are expected.',
      hint: expect.stringContaining('"shortRows": "pad"'),
    })
    expect((await read({ path: 'a.csv', shortRows: 'pad' })).rows).toEqual([
      ['1', '2', '3'],
      ['4', '5', null],
      ['6', '7', '8'],
    ])
  })

  test('a row with too many fields is told by its line, and lines before the header by their mark', async () => {
    await put('a.csv', 'a,b\n1,2\n1,2,3,4\n')
    const long = await failure(read({ path: 'a.csv' }))
    expect(long).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv, line 3: at least 3 fields where 2 are expected.',
    })
    expect(long.hint).toContain('"badRows": "skip"')
    expect(long.hint).not.toContain('shortRows')
    await put('b.csv', '# made by hand\n# version 2\na,b\n1,2\n')
    const marked = await failure(read({ path: 'b.csv' }))
    expect(marked.hint).toContain('"comment": "#"')
    expect((await read({ path: 'b.csv', comment: '#' })).rows).toEqual([['1', '2']])
  })

  test('a file that is not text', async () => {
    await put('a.csv', Buffer.from('a,"b\0\0c\n1,2\n'))
    expect(await failure(read({ path: 'a.csv' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv is not text: there are NUL bytes in it.',
      hint: expect.stringContaining('"format"'),
    })
  })

  test('bad rows are left out and counted when asked', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},x`)
    await put('a.csv', `a,b\n${lines.join('\n')}\noops,y\n1\n30000,z\n`)
    const { rows } = await read({ path: 'a.csv', badRows: 'skip' })
    expect(rows).toHaveLength(30_001)
    expect(rows.at(-1)).toEqual(['30000', 'z'])
    expect(at.counts.rejected).toBe(2)
    expect(at.logs).toEqual([
      { level: 'warn', message: expect.stringMatching(/^2 bad rows were left out \(line 30002: .*; line 30003: /) },
    ])
  })

  test('a late row of another type fails with its line', async () => {
    await put('a.csv', `a,b\n${'1,2\n'.repeat(30_000)}x,3\n`)
    const error = await failure(read({ path: 'a.csv' }))
    expect(error.code).toBe('FILE_FORMAT')
    expect(error.message).toContain('a.csv, line 30002: Error when converting column "a"')
    expect(error.hint).toContain('"types"')
  })

  test('a quote that is not closed fails', async () => {
    await put('a.csv', 'a,b\n1,"x\n2,y\n')
    expect(await failure(read({ path: 'a.csv' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv, line 2: Value with unterminated quote found.',
    })
  })

  test('stray quotes fail unless strict is off', async () => {
    await put('a.csv', 'a,b\n"x"y,1\n')
    expect((await failure(read({ path: 'a.csv' }))).code).toBe('FILE_FORMAT')
    expect((await read({ path: 'a.csv', strict: false })).rows).toHaveLength(1)
  })

  test('encodings, and a wrong one', async () => {
    await put('latin.csv', Buffer.from('a,b\ncafé,1\n', 'latin1'))
    await put('wide.csv', Buffer.from('\ufeffa,b\ncafé,1\n', 'utf16le'))
    expect((await read({ path: 'latin.csv', encoding: 'latin-1' })).rows).toEqual([['café', '1']])
    expect((await read({ path: 'wide.csv', encoding: 'utf-16' })).rows).toEqual([['café', '1']])
    const error = await failure(read({ path: 'latin.csv' }))
    expect(error).toMatchObject({ code: 'FILE_FORMAT', hint: 'Set "encoding" to latin-1 or utf-16.' })
  })

  test('date formats are found or given', async () => {
    await put('a.csv', 'd,t\n31.12.2024,31.12.2024 10:11\n')
    const config = { path: 'a.csv', dateFormat: '%d.%m.%Y', timestampFormat: '%d.%m.%Y %H:%M' }
    expect(await read(config)).toEqual({
      columns: ['d date', 't timestamp'],
      rows: [['2024-12-31', '2024-12-31 10:11:00']],
    })
    await put('b.csv', 'd,n\n01/02/2024,1\n31/12/2024,2\n')
    expect((await read({ path: 'b.csv' })).rows).toEqual([
      ['2024-02-01', '1'],
      ['2024-12-31', '2'],
    ])
  })

  test('dates that fit both orders of day and month stay text, with a warning', async () => {
    await put('a.csv', 'd,n\n1/1/85,1\n2/1/85,2\n')
    expect(await read({ path: 'a.csv' })).toEqual({
      columns: ['d text', 'n int64'],
      rows: [
        ['1/1/85', '1'],
        ['2/1/85', '2'],
      ],
    })
    expect(at.logs).toEqual([{ level: 'warn', message: expect.stringMatching(/^Dates in d fit .*set "dateFormat"/) }])
    expect((await read({ path: 'a.csv', dateFormat: '%m/%d/%y' })).rows[1]).toEqual(['1985-02-01', '2'])
    const error = await failure(read({ path: 'a.csv', types: { d: 'date' } }))
    expect(error.hint).toContain('"dateFormat"')
    await put('y.csv', 'd,t\n01-02-03,01-02-2003 10:00:00\n')
    expect((await read({ path: 'y.csv' })).columns).toEqual(['d text', 't text'])
    expect(at.logs).toHaveLength(2)
  })

  test('one file shows the order for the others', async () => {
    await put('a.csv', 'd\n01/02/2024\n')
    await put('b.csv', 'd\n31/12/2024\n')
    expect(await read({ path: ['a.csv', 'b.csv'] })).toEqual({
      columns: ['d date'],
      rows: [['2024-02-01'], ['2024-12-31']],
    })
    expect(at.logs).toEqual([])
  })

  test('all text', async () => {
    await put('a.csv', 'a,b\n01,2024-01-01\n')
    expect(await read({ path: 'a.csv', allText: true })).toEqual({
      columns: ['a text', 'b text'],
      rows: [['01', '2024-01-01']],
    })
  })

  test('gz and zst', async () => {
    await put('a.csv.gz', gzipSync('a,b\n1,2\n'))
    await put('b.csv.zst', zstdCompressSync('a,b\n3,4\n'))
    expect((await read({ path: '*.csv.*' })).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    await put('not.csv.gz', 'a,b\n1,2\n')
    expect((await failure(read({ path: 'not.csv.gz' }))).code).toBe('FILE_FORMAT')
  })
})

describe('several files', () => {
  test('are joined by name, with the file each row came from', async () => {
    await mkdir(join(at.folder, 'in'))
    await put('in/a.csv', 'id,name\n1,x\n')
    await put('in/b.csv', 'NAME;id;extra\ny;2.5;z\n')
    await put('in/c.csv', 'id,name\n')
    await put('in/d.csv', '')
    expect(await read({ path: 'in/*.csv', filename: 'source' })).toEqual({
      columns: ['id float64', 'name text', 'source text', 'extra text'],
      rows: [
        ['1.0', 'x', 'in/a.csv', null],
        ['2.5', 'y', 'in/b.csv', 'z'],
      ],
    })
  })

  test('bad rows of files with different shapes are counted together', async () => {
    await put('a.csv', 'a,b\n1,2\n3\n')
    await put('b.csv', 'b,a\n1,2\n3\n4,5,6\n')
    expect((await read({ path: ['a.csv', 'b.csv'], badRows: 'skip' })).rows).toHaveLength(2)
    expect(at.counts.rejected).toBe(3)
  })

  test('only the files that are named are given to the engine, patterns resolved', async () => {
    await put('a.csv', 'a\n1\n')
    await put('b.csv', 'a\n2\n')
    await put('c[1].csv', 'a\n3\n')
    const paths = (path: string | string[]) => fileSource.paths?.(file.config.parse({ path }), at.folder, {})
    expect(paths('[ab].csv')).toEqual([join(at.folder, 'a.csv'), join(at.folder, 'b.csv')])
    expect(paths('c[1].csv')).toEqual([join(at.folder, 'c[1].csv')])
    expect(paths(['b.csv', '*.csv'])).toHaveLength(3)
    expect((await read({ path: 'c[1].csv' })).rows).toEqual([['3']])
  })

  test('file names with quotes are names, not SQL', async () => {
    const name = "it's '); drop table x; --.csv"
    await put(name, 'a\n1\n')
    expect((await read({ path: name, filename: "f'ile" })).rows).toEqual([['1', name]])
  })
})

describe('paths', () => {
  test('a missing file names its neighbours', async () => {
    await put('orders.csv', 'a\n1\n')
    expect(await failure(read({ path: 'order.csv' }))).toMatchObject({
      code: 'FILE_MISSING',
      message: 'There is no file order.csv.',
      hint: 'Did you mean orders.csv?',
      at: { field: 'path' },
    })
    expect((await failure(read({ path: 'none/*.csv' }))).code).toBe('FILE_MISSING')
  })

  test('a folder is not a file', async () => {
    await mkdir(join(at.folder, 'd.csv'))
    expect(await failure(read({ path: 'd.csv' }))).toMatchObject({ code: 'FILE_FORMAT' })
  })

  test('a file without the right to read it', () => {
    const thrown = new Error('IO Error: Cannot open file "/data/a.csv": Permission denied')
    expect(explainFile(thrown, ['/data/a.csv'], '/data')).toMatchObject({
      code: 'FILE_DENIED',
      message: 'a.csv may not be read by this user.',
    })
  })

  test('a parameter is part of a name and leads nowhere else', async () => {
    await put('2024-01-01.csv', 'a\n1\n')
    await put('x.csv', 'a\n2\n')
    const day = (value: string) => ({ params: { day: { type: { kind: 'text' as const }, value } } })
    expect((await read({ path: '{{day}}.csv' }, day('2024-01-01'))).rows).toEqual([['1']])
    expect((await failure(read({ path: '{{day}}.csv' }, day('*')))).code).toBe('FILE_MISSING')
    expect((await failure(read({ path: 'in/{{day}}.csv' }, day('../x')))).code).toBe('CONFIG_PARAMETER')
    expect((await read({ path: '{{day}}' }, day(join(at.folder, 'x.csv')))).rows).toEqual([['2']])
    expect((await failure(read({ path: '{{other}}.csv' }, day('x')))).code).toBe('CONFIG_PARAMETER')
  })

  test('a name that tells no format', async () => {
    await put('data', 'a\n1\n')
    expect(await failure(read({ path: 'data' }))).toMatchObject({ code: 'CONFIG_INVALID', at: { field: 'format' } })
    expect((await read({ path: 'data', format: 'csv' })).rows).toEqual([['1']])
  })
})

describe('JSON', () => {
  test('an array, whole numbers exact, nested values kept', async () => {
    await put('a.json', '[{"id":9007199254740993,"tags":["x"],"more":{"a":1}},{"id":2}]')
    expect(await read({ path: 'a.json' })).toMatchObject({
      columns: ['id int64', 'tags list(text)', 'more json'],
      rows: [
        ['9007199254740993', '[x]', "{'a': 1}"],
        ['2', null, null],
      ],
    })
  })

  test('NDJSON with a late column and a declared type', async () => {
    await put('a.ndjson', '{"a":"7"}\n{"a":"8","b":true}\n')
    expect(await read({ path: 'a.ndjson', types: { a: 'int32' } })).toEqual({
      columns: ['a int32', 'b boolean'],
      rows: [
        ['7', null],
        ['8', 'true'],
      ],
    })
  })

  test('records inside the document', async () => {
    await put('a.json', '{"meta":{"n":2},"data":{"the items":[{"id":1,"price":"1.50"},{"id":2,"x":{"y":1}}]}}')
    const config = { path: 'a.json', records: 'data."the items"', types: { price: 'decimal(10,2)' }, filename: 'f' }
    expect(await read(config)).toEqual({
      columns: ['id int64', 'price decimal(10,2)', 'x json', 'f text'],
      rows: [
        ['1', '1.50', null, 'a.json'],
        ['2', null, "{'y': 1}", 'a.json'],
      ],
    })
    expect(await failure(read({ path: 'a.json', records: 'data.rows' }))).toMatchObject({
      code: 'FILE_FORMAT',
      at: { field: 'records' },
    })
    expect((await read({ path: 'a.json', records: 'meta' })).rows).toEqual([['2']])
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
    await put('a.json', JSON.stringify(rows))
    await put('a.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    await put('in.json', JSON.stringify({ data: { rows } }))
    expect(await read({ path: 'a.json' })).toEqual(expected)
    expect(await read({ path: 'a.ndjson' })).toEqual(expected)
    expect(await read({ path: 'in.json', records: 'data.rows' })).toEqual(expected)
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
    await put('a.json', JSON.stringify([row]))
    expect(await read({ path: 'a.json' })).toEqual({
      columns: ['us text', 'iso date', 't time', 'long text', 'days list(list(date))', 'odd list(text)', 'in json'],
      rows: [
        [
          '01-02-2000',
          '2000-02-01',
          '08:00:00',
          '2000-01-01T00:00:00.123456789',
          '[[2000-02-01], NULL, [2000-02-02, NULL]]',
          '[2000-02-01, 01-02-2000]',
          "{'at': '2000-01-01T08:00:00+02:00', 'DATE ': 01-02-2000}",
        ],
      ],
    })
    await put('days.json', '{"days":["2000-01-01T08:00:00+02:00"]}')
    expect(await read({ path: 'days.json', records: 'days' })).toEqual({
      columns: ['value timestamptz'],
      rows: [['2000-01-01 06:00:00+00']],
    })
  })

  test('a later value of another spelling fails, and reads with a declared type', async () => {
    const first = '{"at":"2000-01-01T08:00:00"}\n'.repeat(30_000)
    await put('a.ndjson', `${first}{"at":"2000-01-01T08:00:00+02:00"}\n`)
    expect(await failure(read({ path: 'a.ndjson' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message:
        'a.ndjson: Column at holds "2000-01-01T08:00:00+02:00", which is not written like its first values (TIMESTAMP).',
      hint: 'Give the column the type text in "types".',
    })
    expect((await read({ path: 'a.ndjson', types: { at: 'text' } })).rows.at(-1)).toEqual(['2000-01-01T08:00:00+02:00'])
  })

  test('broken JSON fails with its place', async () => {
    await put('a.ndjson', '{"a":1}\n{"a":\n')
    const error = await failure(read({ path: 'a.ndjson' }))
    expect(error.code).toBe('FILE_FORMAT')
    expect(error.message).toMatch(/^a\.ndjson, line \d, byte \d+: unexpected end of data/)
  })

  test('nothing in it', async () => {
    await put('a.json', '[]')
    expect((await read({ path: 'a.json' })).rows).toEqual([])
    expect(await read({ path: 'a.json', types: { id: 'int64' } })).toEqual({ columns: ['id int64'], rows: [] })
  })
})

describe('Parquet', () => {
  test('is read with its types', async () => {
    await at.duck.run(
      `COPY (SELECT 1::INTEGER a, 1.50::DECIMAL(38,10) b, '\\x00'::BLOB c) TO '${at.folder}/a.parquet' (FORMAT parquet)`,
    )
    expect(await read({ path: 'a.parquet', filename: 'f' })).toEqual({
      columns: ['a int32', 'b decimal(38,10)', 'c blob', 'f text'],
      rows: [['1', '1.5000000000', '\\x00', 'a.parquet']],
    })
  })

  test('something else under its name', async () => {
    await put('a.parquet', 'a,b\n1,2\n')
    expect(await failure(read({ path: 'a.parquet' }))).toMatchObject({ code: 'FILE_FORMAT' })
  })
})
