import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { file } from '../../../shared/nodes/file.ts'
import { explainFile } from '../../../src-main/engine/io/file/failures.ts'
import { fileSource } from '../../../src-main/engine/io/file.ts'
import { FileBench, failure } from './file-bench.ts'

const at = new FileBench()

describe('several files', () => {
  test('are joined by name, with the file each row came from', async () => {
    await mkdir(join(at.folder, 'in'))
    await at.put('in/a.csv', 'id,name\n1,x\n')
    await at.put('in/b.csv', 'NAME;id;extra\ny;2.5;z\n')
    await at.put('in/c.csv', 'id,name\n')
    await at.put('in/d.csv', '')
    expect(await at.read({ path: 'in/*.csv', filename: 'source' })).toEqual({
      columns: ['id float64', 'name text', 'source text', 'extra text'],
      rows: [
        ['1.0', 'x', 'in/a.csv', null],
        ['2.5', 'y', 'in/b.csv', 'z'],
      ],
    })
  })

  test('bad rows of files with different shapes are counted together', async () => {
    await at.put('a.csv', 'a,b\n1,2\n3\n')
    await at.put('b.csv', 'b,a\n1,2\n3\n4,5,6\n')
    expect((await at.read({ path: ['a.csv', 'b.csv'], badRows: 'skip' })).rows).toHaveLength(2)
    expect(at.counts.rejected).toBe(3)
  })

  test('only the files that are named are given to the engine, patterns resolved', async () => {
    await at.put('a.csv', 'a\n1\n')
    await at.put('b.csv', 'a\n2\n')
    await at.put('c[1].csv', 'a\n3\n')
    const paths = (path: string | string[]) => fileSource.paths?.(file.config.parse({ path }), at.folder, {})
    expect(paths('[ab].csv')).toEqual([join(at.folder, 'a.csv'), join(at.folder, 'b.csv')])
    expect(paths('c[1].csv')).toEqual([join(at.folder, 'c[1].csv')])
    expect(paths(['b.csv', '*.csv'])).toHaveLength(3)
    expect((await at.read({ path: 'c[1].csv' })).rows).toEqual([['3']])
  })

  test('files that a pattern finds are read by their names, whatever signs of patterns are in those', async () => {
    const names = ['report[1].csv', 'report1.csv', 'a*.csv', 'ab.csv', 'q?.csv', 'qq.csv']
    await mkdir(join(at.folder, 'in'))
    for (const name of names) await at.put(`in/${name}`, `v\n${name}\n`)
    const { rows } = await at.read({ path: 'in/*.csv', filename: 'f' })
    expect(rows.map(([value]) => value).sort()).toEqual([...names].sort())
    expect(rows.every(([value, name]) => name === `in/${value}`)).toBe(true)
    for (const name of names) expect((await at.read({ path: `in/${name}` })).rows).toEqual([[name]])
  })

  test('file names with quotes are names, not SQL', async () => {
    const name = "it's '); drop table x; --.csv"
    await at.put(name, 'a\n1\n')
    expect((await at.read({ path: name, filename: "f'ile" })).rows).toEqual([['1', name]])
  })
})

describe('paths', () => {
  test('a missing file names its neighbours', async () => {
    await at.put('orders.csv', 'a\n1\n')
    expect(await failure(at.read({ path: 'order.csv' }))).toMatchObject({
      code: 'FILE_MISSING',
      message: 'There is no file order.csv.',
      hint: 'Did you mean orders.csv?',
      at: { field: 'path' },
    })
    expect((await failure(at.read({ path: 'none/*.csv' }))).code).toBe('FILE_MISSING')
  })

  test('a folder is not a file', async () => {
    await mkdir(join(at.folder, 'd.csv'))
    expect(await failure(at.read({ path: 'd.csv' }))).toMatchObject({ code: 'FILE_FORMAT' })
  })

  test('a file without the right to read it', () => {
    const thrown = new Error('IO Error: Cannot open file "/data/a.csv": Permission denied')
    expect(explainFile(thrown, ['/data/a.csv'], '/data')).toMatchObject({
      code: 'FILE_DENIED',
      message: 'a.csv may not be read by this user.',
    })
  })

  test('a parameter is part of a name and leads nowhere else', async () => {
    await at.put('2024-01-01.csv', 'a\n1\n')
    await at.put('x.csv', 'a\n2\n')
    const day = (value: string) => ({ params: { day: { type: { kind: 'text' as const }, value } } })
    expect((await at.read({ path: '{{day}}.csv' }, day('2024-01-01'))).rows).toEqual([['1']])
    expect((await failure(at.read({ path: '{{day}}.csv' }, day('*')))).code).toBe('FILE_MISSING')
    expect((await failure(at.read({ path: 'in/{{day}}.csv' }, day('../x')))).code).toBe('CONFIG_PARAMETER')
    expect((await at.read({ path: '{{day}}' }, day(join(at.folder, 'x.csv')))).rows).toEqual([['2']])
    expect((await failure(at.read({ path: '{{other}}.csv' }, day('x')))).code).toBe('CONFIG_PARAMETER')
  })

  test('a name that tells no format', async () => {
    await at.put('data', 'a\n1\n')
    expect(await failure(at.read({ path: 'data' }))).toMatchObject({ code: 'CONFIG_INVALID', at: { field: 'format' } })
    expect((await at.read({ path: 'data', format: 'csv' })).rows).toEqual([['1']])
  })
})
