import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { FileBench, failure } from './file-bench.ts'

const at = new FileBench()

describe('CSV', () => {
  test('finds delimiter, header and types', async () => {
    await at.put('a.csv', 'id;name;day\n1;Zoë;2024-02-29\n2;;\n')
    expect(await at.read({ path: 'a.csv' })).toEqual({
      columns: ['id int64', 'name text', 'day date'],
      rows: [
        ['1', 'Zoë', '2024-02-29'],
        ['2', null, null],
      ],
    })
  })

  test('tells the empty field from the empty text, and takes other texts for NULL', async () => {
    await at.put('a.csv', 'a,b\n,""\nNA,x\n')
    expect((await at.read({ path: 'a.csv', nullText: ['NA'] })).rows).toEqual([
      [null, ''],
      [null, 'x'],
    ])
  })

  test('reads a byte order mark, line breaks in quotes, and lines that end in different ways', async () => {
    await at.put('a.csv', '\ufeffa,b\r\n1,"x\r\ny"\r\n')
    expect(await at.read({ path: 'a.csv' })).toEqual({ columns: ['a int64', 'b text'], rows: [['1', 'x\r\ny']] })
    await at.put('mixed.csv', 'a,b\r\n1,y\n2,z\r\n')
    expect(await at.read({ path: 'mixed.csv' })).toEqual({
      columns: ['a int64', 'b text'],
      rows: [
        ['1', 'y'],
        ['2', 'z'],
      ],
    })
  })

  test('gives equal, empty and odd names of their own', async () => {
    await at.put('a.csv', 'id,ID,id,,"a ""b""",select\n1,2,3,4,5,6\n')
    expect((await at.read({ path: 'a.csv' })).columns).toEqual([
      'id int64',
      'ID_2 int64',
      'id_3 int64',
      'column_4 int64',
      'a "b" int64',
      'select int64',
    ])
  })

  test('numbers too long for a float stay exact', async () => {
    await at.put('a.csv', 'n,d,f\n99999999999999999999999,0.1234567890123456789,0.1\n')
    expect(await at.read({ path: 'a.csv' })).toEqual({
      columns: ['n decimal(38,0)', 'd decimal(38,19)', 'f float64'],
      rows: [['99999999999999999999999', '0.1234567890123456789', '0.1']],
    })
  })

  test('declared types win, and a name that is not there is refused', async () => {
    await at.put('a.csv', 'zip,amount,data,raw\n01234,"1,50","{""a"":1}",\\x00ff\n')
    const types = { zip: 'text', amount: 'decimal(10,2)', data: 'json', raw: 'blob' }
    expect(await at.read({ path: 'a.csv', types, decimalComma: true })).toEqual({
      columns: ['zip text', 'amount decimal(10,2)', 'data json', 'raw blob'],
      rows: [['01234', '1.50', '{"a":1}', '\\x00\\xFF']],
    })
    const error = await failure(at.read({ path: 'a.csv', types: { amuont: 'text' } }))
    expect(error).toMatchObject({ code: 'CONFIG_COLUMN', at: { field: 'types.amuont' }, hint: 'Did you mean amount?' })
  })

  test('a header alone gives columns and no rows', async () => {
    await at.put('a.csv', 'a,b\n')
    expect(await at.read({ path: 'a.csv' })).toEqual({ columns: ['a text', 'b text'], rows: [] })
  })

  test('an empty file needs declared columns', async () => {
    await at.put('a.csv', '')
    expect(await failure(at.read({ path: 'a.csv' }))).toMatchObject({ code: 'FILE_FORMAT', at: { field: 'path' } })
    expect(await at.read({ path: 'a.csv', types: { id: 'int64', tags: 'list(text)' } })).toEqual({
      columns: ['id int64', 'tags list(text)'],
      rows: [],
    })
  })

  test('without a header columns are numbered', async () => {
    await at.put('a.csv', '1,x\n2,y\n')
    expect(await at.read({ path: 'a.csv', header: false })).toMatchObject({
      columns: ['column_1 int64', 'column_2 text'],
    })
  })

  test('skips lines, comments and blank lines before the header', async () => {
    await at.put('a.csv', 'Report of today\n\n# note\na,b\n1,2\n# more\n3,4\n')
    const { columns, rows } = await at.read({ path: 'a.csv', skip: 1, comment: '#' })
    expect(columns).toEqual(['a int64', 'b int64'])
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  test('rows with too few or too many fields fail with their line, never vanish', async () => {
    await at.put('a.csv', 'a,b,c\n1,2,3\n4,5\n6,7,8\n')
    expect(await failure(at.read({ path: 'a.csv' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv, line 3: 2 fields where 3 are expected.',
      hint: expect.stringContaining('"shortRows": "pad"'),
    })
    expect((await at.read({ path: 'a.csv', shortRows: 'pad' })).rows).toEqual([
      ['1', '2', '3'],
      ['4', '5', null],
      ['6', '7', '8'],
    ])
  })

  test('a row with too many fields is told by its line, and lines before the header by their mark', async () => {
    await at.put('a.csv', 'a,b\n1,2\n1,2,3,4\n')
    const long = await failure(at.read({ path: 'a.csv' }))
    expect(long).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv, line 3: at least 3 fields where 2 are expected.',
    })
    expect(long.hint).toContain('"badRows": "skip"')
    expect(long.hint).not.toContain('shortRows')
    await at.put('b.csv', '# made by hand\n# version 2\na,b\n1,2\n')
    const marked = await failure(at.read({ path: 'b.csv' }))
    expect(marked.hint).toContain('"comment": "#"')
    expect((await at.read({ path: 'b.csv', comment: '#' })).rows).toEqual([['1', '2']])
  })

  test('a file that is not text', async () => {
    await at.put('a.csv', Buffer.from('a,"b\0\0c\n1,2\n'))
    expect(await failure(at.read({ path: 'a.csv' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv is not text: there are NUL bytes in it.',
      hint: expect.stringContaining('"format"'),
    })
  })

  test('bad rows are left out and counted when asked', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},x`)
    await at.put('a.csv', `a,b\n${lines.join('\n')}\noops,y\n1\n30000,z\n`)
    const { rows } = await at.read({ path: 'a.csv', badRows: 'skip' })
    expect(rows).toHaveLength(30_001)
    expect(rows.at(-1)).toEqual(['30000', 'z'])
    expect(at.counts.rejected).toBe(2)
    expect(at.logs).toEqual([
      { level: 'warn', message: expect.stringMatching(/^2 bad rows were left out \(line 30002: .*; line 30003: /) },
    ])
  })

  test('a late row of another type fails with its line', async () => {
    await at.put('a.csv', `a,b\n${'1,2\n'.repeat(30_000)}x,3\n`)
    const error = await failure(at.read({ path: 'a.csv' }))
    expect(error.code).toBe('FILE_FORMAT')
    expect(error.message).toBe('a.csv, line 30002: Column a holds "x", which is no int64.')
    expect(error.hint).toContain('"types"')
  })

  test.each([
    ['1', '1.5', 'int64'],
    ['1', '1e-1', 'int64'],
    ['1', '0x10', 'int64'],
    ['2024-01-01 10:00:00', '2024-01-01 10:00:00+05:00', 'timestamp'],
    ['2024-01-01 10:00:00+02:00', 'garbage', 'timestamptz'],
    ['10:00:00', '2024-01-01 10:00:00', 'time'],
    ['12345678901234567890.5', '1.25', 'decimal(38,1)'],
  ])('a late text that would only seem to fit after %j is no value: %j', async (usual, late, type) => {
    const lines = [...Array.from({ length: 30_000 }, () => `${usual},"two\nlines"`), `${late},x`, `${usual},y`]
    await at.put('a.csv', `a,b\n${lines.join('\n')}\n`)
    const error = await failure(at.read({ path: 'a.csv' }))
    expect(error.code).toBe('FILE_FORMAT')
    expect(error.message).toBe(`a.csv, line 60002: Column a holds "${late}", which is no ${type}.`)
    expect((await at.read({ path: 'a.csv', badRows: 'skip' })).rows).toHaveLength(30_001)
    expect(at.counts.rejected).toBe(1)
    expect(at.logs.at(-1)?.message).toBe(`1 bad row was left out (column a holds "${late}").`)
  })

  test('names that begin like numbers of other bases stay text', async () => {
    await at.put('a.csv', 'a,b,c\n0x1F,0b11,1\n0x20,0b10,2\n')
    expect((await at.read({ path: 'a.csv' })).rows).toEqual([
      ['0x1F', '0b11', '1'],
      ['0x20', '0b10', '2'],
    ])
    const read = at.read({ path: 'a.csv', types: { a: 'int64' } })
    expect((await failure(read)).message).toBe('a.csv, line 2: Column a holds "0x1F", which is no int64.')
  })

  test('a fraction in a column that is declared whole is an error as well', async () => {
    await at.put('a.csv', 'a,b\n1,x\n2.5,y\n')
    const error = await failure(at.read({ path: 'a.csv', types: { a: 'int32' } }))
    expect(error.message).toBe('a.csv, line 3: Column a holds "2.5", which is no int32.')
    expect((await at.read({ path: 'a.csv', types: { a: 'int32' }, badRows: 'skip' })).rows).toEqual([['1', 'x']])
  })

  test('more decimals than a column is declared with are an error, however they are written', async () => {
    await at.put('a.csv', 'a;b\n1,50;x\n1,999;y\n')
    const config = { path: 'a.csv', types: { a: 'decimal(10,2)' }, decimalComma: true }
    expect((await failure(at.read(config))).message).toBe(
      'a.csv, line 3: Column a holds "1,999", which is no decimal(10,2).',
    )
    expect((await at.read({ ...config, badRows: 'skip' })).rows).toEqual([['1.50', 'x']])
    await at.put('b.csv', 'a\n1.50\n1.999\n')
    expect((await failure(at.read({ path: 'b.csv', types: { a: 'decimal(30,2)' } }))).message).toBe(
      'b.csv, line 3: Column a holds "1.999", which is no decimal(30,2).',
    )
  })

  test('instants in a format of their own are read, and what is none fails', async () => {
    await at.put('a.csv', 'a,b\n01.02.2024 10:00 +0200,x\n')
    const config = { path: 'a.csv', types: { a: 'timestamptz' }, timestampFormat: '%d.%m.%Y %H:%M %z' }
    expect((await at.read(config)).rows).toEqual([['2024-02-01 08:00:00+00', 'x']])
    await at.put('a.csv', 'a,b\n01.02.2024 10:00 +0200,x\nnoon,y\n')
    expect((await failure(at.read(config))).message).toBe(
      'a.csv, line 3: Column a holds "noon", which is no timestamptz.',
    )
  })

  test('a quote that is not closed fails', async () => {
    await at.put('a.csv', 'a,b\n1,"x\n2,y\n')
    expect(await failure(at.read({ path: 'a.csv' }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.csv, line 2: Value with unterminated quote found.',
    })
  })

  test('stray quotes fail unless strict is off', async () => {
    await at.put('a.csv', 'a,b\n"x"y,1\n')
    expect((await failure(at.read({ path: 'a.csv' }))).code).toBe('FILE_FORMAT')
    expect((await at.read({ path: 'a.csv', strict: false })).rows).toHaveLength(1)
  })

  test('encodings, and a wrong one', async () => {
    await at.put('latin.csv', Buffer.from('a,b\ncafé,1\n', 'latin1'))
    await at.put('wide.csv', Buffer.from('\ufeffa,b\ncafé,1\n', 'utf16le'))
    expect((await at.read({ path: 'latin.csv', encoding: 'latin-1' })).rows).toEqual([['café', '1']])
    expect((await at.read({ path: 'wide.csv', encoding: 'utf-16' })).rows).toEqual([['café', '1']])
    const error = await failure(at.read({ path: 'latin.csv' }))
    expect(error).toMatchObject({ code: 'FILE_FORMAT', hint: 'Set "encoding" to latin-1 or utf-16.' })
  })

  test('date formats are found or given', async () => {
    await at.put('a.csv', 'd,t\n31.12.2024,31.12.2024 10:11\n')
    const config = { path: 'a.csv', dateFormat: '%d.%m.%Y', timestampFormat: '%d.%m.%Y %H:%M' }
    expect(await at.read(config)).toEqual({
      columns: ['d date', 't timestamp'],
      rows: [['2024-12-31', '2024-12-31 10:11:00']],
    })
    await at.put('b.csv', 'd,n\n01/02/2024,1\n31/12/2024,2\n')
    expect((await at.read({ path: 'b.csv' })).rows).toEqual([
      ['2024-02-01', '1'],
      ['2024-12-31', '2'],
    ])
  })

  test('dates that fit both orders of day and month stay text, with a warning', async () => {
    await at.put('a.csv', 'd,n\n1/1/85,1\n2/1/85,2\n')
    expect(await at.read({ path: 'a.csv' })).toEqual({
      columns: ['d text', 'n int64'],
      rows: [
        ['1/1/85', '1'],
        ['2/1/85', '2'],
      ],
    })
    expect(at.logs).toEqual([{ level: 'warn', message: expect.stringMatching(/^Dates in d fit .*set "dateFormat"/) }])
    expect((await at.read({ path: 'a.csv', dateFormat: '%m/%d/%y' })).rows[1]).toEqual(['1985-02-01', '2'])
    const error = await failure(at.read({ path: 'a.csv', types: { d: 'date' } }))
    expect(error.hint).toContain('"dateFormat"')
    await at.put('y.csv', 'd,t\n01-02-03,01-02-2003 10:00:00\n')
    expect((await at.read({ path: 'y.csv' })).columns).toEqual(['d text', 't text'])
    expect(at.logs).toHaveLength(2)
  })

  test('one file shows the order for the others', async () => {
    await at.put('a.csv', 'd\n01/02/2024\n')
    await at.put('b.csv', 'd\n31/12/2024\n')
    expect(await at.read({ path: ['a.csv', 'b.csv'] })).toEqual({
      columns: ['d date'],
      rows: [['2024-02-01'], ['2024-12-31']],
    })
    expect(at.logs).toEqual([])
  })

  test('all text', async () => {
    await at.put('a.csv', 'a,b\n01,2024-01-01\n')
    expect(await at.read({ path: 'a.csv', allText: true })).toEqual({
      columns: ['a text', 'b text'],
      rows: [['01', '2024-01-01']],
    })
  })

  test('gz and zst', async () => {
    await at.put('a.csv.gz', gzipSync('a,b\n1,2\n'))
    await at.put('b.csv.zst', zstdCompressSync('a,b\n3,4\n'))
    expect((await at.read({ path: '*.csv.*' })).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    await at.put('not.csv.gz', 'a,b\n1,2\n')
    expect((await failure(at.read({ path: 'not.csv.gz' }))).code).toBe('FILE_FORMAT')
  })
})
