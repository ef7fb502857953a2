import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeFile as definition } from '../../../shared/nodes/write-file.ts'
import { quoteText as literal } from '../../../shared/sql/duckdb.ts'
import { writeFileSink } from '../../../src-main/engine/io/write-file.ts'
import type { NodeContext, NodeInput } from '../../../src-main/engine/node-context.ts'
import { type Bench, bench, inputOf } from '../../helpers/engine-io.ts'

let at: Bench
beforeEach(async () => {
  at = await bench()
})
afterEach(async () => at[Symbol.asyncDispose]())

const everything = `
  SELECT 9007199254740993::BIGINT AS i, 12345678901234567890.12::DECIMAL(38,2) AS d, 0.1::DOUBLE AS f, true AS b, '' AS t,
    'a "q", ü' AS q, DATE '2024-02-29' AS day, TIMESTAMP '0001-01-01 00:00:00.000001' AS ts,
    TIMESTAMPTZ '2024-01-01 00:00:00+00' AS tz, '\\x00\\xFF'::BLOB AS raw, [1, NULL] AS l, '{"a":[1]}'::JSON AS j,
    INTERVAL 1 DAY AS span, 'NaN'::DOUBLE AS nan
  UNION ALL SELECT NULL, NULL, '-Infinity'::DOUBLE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`

async function write(
  config: Record<string, unknown>,
  select: string,
  dryRun = false,
  more: object = {},
  input: Partial<NodeInput> = {},
) {
  const columns = await at.duck.columns(select)
  const parsed = definition.config.parse(config)
  const context: NodeContext<typeof parsed> = at.context(parsed, more)
  const tools = {
    duck: at.duck,
    dryRun,
    writeSession: () => Promise.reject(new Error('A file needs no database.')),
  }
  return (await writeFileSink.run(context, { ...inputOf(columns, [], `(${select})`), ...input }, tools)).counts
}

const text = (name: string) => readFile(join(at.folder, name), 'utf8')
const here = () => readdir(at.folder)

describe('values', () => {
  test('in CSV', async () => {
    expect(await write({ path: 'a.csv' }, everything)).toMatchObject({
      rowsIn: 2,
      bytes: (await text('a.csv')).length + 1,
    })
    expect(await text('a.csv')).toBe(
      'i,d,f,b,t,q,day,ts,tz,raw,l,j,span,nan\n' +
        '9007199254740993,12345678901234567890.12,0.1,true,"","a ""q"", ü",2024-02-29,0001-01-01 00:00:00.000001,' +
        '2024-01-01 00:00:00+00,\\x00ff,"[1,null]","{""a"":[1]}",1 day,NaN\n' +
        ',,-Infinity,,,,,,,,,,,\n',
    )
  })

  test('in JSON and NDJSON', async () => {
    await write({ path: 'a.ndjson' }, everything)
    const [line = '', last = ''] = (await text('a.ndjson')).split('\n')
    expect(line).toContain('"i":9007199254740993,"d":12345678901234567890.12,"f":0.1,')
    expect(JSON.parse(line)).toMatchObject({
      b: true,
      t: '',
      q: 'a "q", ü',
      day: '2024-02-29',
      ts: '0001-01-01 00:00:00.000001',
      tz: '2024-01-01 00:00:00+00',
      raw: '\\x00ff',
      l: [1, null],
      j: { a: [1] },
      span: '1 day',
      nan: 'NaN',
    })
    expect(JSON.parse(last)).toMatchObject({ i: null, f: '-Infinity', t: null })
    await write({ path: 'a.json' }, everything)
    expect(JSON.parse(await text('a.json'))).toHaveLength(2)
  })

  test('decimals with all their digits and short floats as they are', async () => {
    const select = `SELECT 1.50::DECIMAL(10,2) AS d, 0.1::FLOAT AS f, [2.50, NULL]::DECIMAL(4,2)[] AS l, ['NaN'::FLOAT, 0.3::FLOAT] AS g
      UNION ALL SELECT NULL, 1e-7::FLOAT, NULL, NULL`
    const rows = ['{"d":1.50,"f":0.1,"l":[2.50,null],"g":["NaN",0.3]}', '{"d":null,"f":1e-7,"l":null,"g":null}']
    await write({ path: 'd.ndjson' }, select)
    expect(await text('d.ndjson')).toBe(`${rows.join('\n')}\n`)
    await write({ path: 'd.json' }, select)
    expect(await text('d.json')).toBe(`[\n\t${rows.join(',\n\t')}\n]\n`)
  })

  test('that are JSON keep the text of their numbers, in lists too', async () => {
    const exact = '{"n": 12345678901234567890123, "d":1.10,\n "f":0.1234567890123456789, "t":"a\\nb"}'
    const select = `SELECT 1 AS "i ""d", j, [j, NULL] AS l, [[j]] AS ll, NULL::JSON AS n, 'ü' AS t, [1.5] AS p
      FROM (SELECT '${exact}'::JSON AS j) UNION ALL SELECT NULL, 'null', NULL, NULL, NULL, NULL, []`
    const line = exact.replace('\n ', '  ')
    const rows = [
      `{"i \\"d":1,"j":${line},"l":[${line},null],"ll":[[${line}]],"n":null,"t":"ü","p":[1.5]}`,
      '{"i \\"d":null,"j":null,"l":null,"ll":null,"n":null,"t":null,"p":[]}',
    ]
    await write({ path: 'a.ndjson' }, select)
    expect(await text('a.ndjson')).toBe(`${rows.join('\n')}\n`)
    await write({ path: 'a.json' }, select)
    expect(await text('a.json')).toBe(`[\n\t${rows.join(',\n\t')}\n]\n`)
    await write({ path: 'a.csv', header: false }, `SELECT j, l FROM (${select}) LIMIT 1`)
    const quoted = exact.replaceAll('"', '""')
    expect(await text('a.csv')).toBe(`"${quoted}","[${quoted},null]"\n`)
    await write({ path: 'none.json' }, `SELECT * FROM (${select}) WHERE false`)
    expect(JSON.parse(await text('none.json'))).toEqual([])
  })

  test('in Parquet, with their types', async () => {
    await write({ path: 'a.parquet', compression: 'zstd', rowGroupSize: 2048 }, everything)
    const columns = await at.duck.columns(`SELECT * FROM ${literal(join(at.folder, 'a.parquet'))}`)
    expect(columns.map((column) => column.type.kind).join(' ')).toBe(
      'int64 decimal float64 boolean text text date timestamp timestamptz blob list text text float64',
    )
    const [meta] = await at.duck.text(
      `SELECT DISTINCT compression FROM parquet_metadata(${literal(join(at.folder, 'a.parquet'))})`,
    )
    expect(meta).toEqual(['ZSTD'])
  })

  test('in Parquet, in smaller groups where rows are long', async () => {
    const groups = async (type: string, rowBytes: number | undefined) => {
      const select = `SELECT range::${type} AS v FROM range(40000)`
      await write({ path: 'g.parquet' }, select, false, {}, { rowBytes: async () => rowBytes })
      const metadata = `parquet_metadata(${literal(join(at.folder, 'g.parquet'))})`
      return Number((await at.duck.text(`SELECT max(row_group_num_rows) FROM ${metadata}`))[0]?.[0])
    }
    expect(await groups('BIGINT', 20_000)).toBe(40_000)
    expect(await groups('VARCHAR', undefined)).toBe(30_720)
    expect(await groups('VARCHAR', 100)).toBe(30_720)
    expect(await groups('VARCHAR', 8_000)).toBeLessThanOrEqual(6_144)
    expect(await groups('VARCHAR', 1_000_000)).toBe(2_048)
  })

  test('with settings of their own', async () => {
    const select = `SELECT 1 AS "a b", NULL::VARCHAR AS c, '' AS d`
    await write({ path: 'a.csv', delimiter: ';', nullText: 'NA', header: false, quoteAll: true }, select)
    expect(await text('a.csv')).toBe('"1";NA;""\n')
    await write({ path: 'a.tsv' }, select)
    expect(await text('a.tsv')).toBe('a b\tc\td\n1\t\t""\n')
    await write({ path: 'a.csv.gz' }, select)
    expect(gunzipSync(await readFile(join(at.folder, 'a.csv.gz'))).toString()).toBe('a b,c,d\n1,,""\n')
  })

  test('without rows the file is valid', async () => {
    const none = 'SELECT 1 AS a, 2 AS b WHERE false'
    for (const path of ['a.csv', 'a.json', 'a.ndjson', 'a.parquet']) {
      expect(await write({ path }, none)).toMatchObject({ rowsIn: 0 })
    }
    expect(await text('a.csv')).toBe('a,b\n')
    expect(JSON.parse(await text('a.json'))).toEqual([])
    expect(await text('a.ndjson')).toBe('')
    expect(await at.duck.columns(`SELECT * FROM ${literal(join(at.folder, 'a.parquet'))}`)).toHaveLength(2)
  })
})

describe('the file', () => {
  const broken = `SELECT CASE WHEN range = 50000 THEN error('no') ELSE range END AS a FROM range(100000)`

  test('is the old one after a failure, and nothing is left', async () => {
    await writeFile(join(at.folder, 'a.csv'), 'old')
    await expect(write({ path: 'a.csv' }, broken)).rejects.toThrow()
    await expect(write({ path: 'b.csv' }, broken)).rejects.toThrow()
    expect(await here()).toEqual(['a.csv'])
    expect(await text('a.csv')).toBe('old')
  })

  test('is the old one after a stop', async () => {
    await writeFile(join(at.folder, 'a.csv'), 'old')
    const endless = 'SELECT range AS a FROM range(1000000000000)'
    const work = write({ path: 'a.csv' }, endless)
    const started = async (): Promise<void> => {
      const part = (await here()).find((name) => name.endsWith('.part'))
      const size = part === undefined ? 0 : (await stat(join(at.folder, part))).size
      if (size === 0) return new Promise(setImmediate).then(started)
    }
    await started()
    at.controller.abort()
    await expect(work).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(await here()).toEqual(['a.csv'])
    expect(await text('a.csv')).toBe('old')
  })

  test('keeps its rights and stays behind a link when it is replaced', async () => {
    await mkdir(join(at.folder, 'real'))
    await writeFile(join(at.folder, 'real/a.csv'), 'old')
    await chmod(join(at.folder, 'real/a.csv'), 0o640)
    await symlink(join(at.folder, 'real/a.csv'), join(at.folder, 'link.csv'))
    await write({ path: 'link.csv' }, 'SELECT 1 AS a')
    expect(await text('real/a.csv')).toBe('a\n1\n')
    expect((await stat(join(at.folder, 'real/a.csv'))).mode & 0o777).toBe(0o640)
    expect(await readdir(join(at.folder, 'real'))).toEqual(['a.csv'])
  })

  test('is refused when it may not be replaced', async () => {
    await writeFile(join(at.folder, 'a.csv'), 'old')
    await expect(write({ path: 'a.csv', ifExists: 'fail' }, 'SELECT 1 AS a')).rejects.toMatchObject({
      code: 'FILE_WRITE',
      at: { field: 'ifExists' },
    })
    expect(await text('a.csv')).toBe('old')
  })

  test('is not kept by a dry run', async () => {
    expect(await write({ path: 'a.csv' }, 'SELECT 1 AS a', true)).toMatchObject({ rowsIn: 1, bytes: 4 })
    expect(await here()).toEqual([])
  })

  test('needs its folder, or creates it when asked', async () => {
    await expect(write({ path: 'x/y/a.csv' }, 'SELECT 1 AS a')).rejects.toMatchObject({ code: 'FILE_WRITE' })
    await write({ path: 'x/y/a.csv', createFolder: true }, 'SELECT 1 AS a')
    expect(await text('x/y/a.csv')).toBe('a\n1\n')
    await expect(write({ path: 'x/y/a.csv/b.csv', createFolder: true }, 'SELECT 1 AS a')).rejects.toMatchObject({
      code: 'FILE_WRITE',
    })
    await expect(write({ path: 'x', format: 'csv' }, 'SELECT 1 AS a')).rejects.toMatchObject({ code: 'FILE_WRITE' })
  })

  test('is not written by two nodes at once', async () => {
    const rows = 'SELECT range AS a FROM range(200000)'
    const results = await Promise.allSettled([write({ path: 'a.csv' }, rows), write({ path: 'a.csv' }, rows)])
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1)
    expect((await text('a.csv')).split('\n')).toHaveLength(200_002)
    expect(await here()).toEqual(['a.csv'])
  })

  test('what killed processes left of it goes with the next run; what living ones write stays', async () => {
    const config = definition.config.parse({ path: 'a.csv' })
    const [ours = ''] = writeFileSink.paths?.(config, at.folder) ?? []
    const partOf = (pid: number) => ours.replace(/\d+\.part$/, `${pid}.part`)
    const dead = spawnSync(process.execPath, ['--version']).pid
    for (const path of [ours, partOf(dead), partOf(process.ppid), partOf(dead).replace('a.csv', 'b.csv')])
      await writeFile(path, 'part of it')
    await write({ path: 'a.csv' }, 'SELECT 1 AS a')
    const kept = [partOf(process.ppid), partOf(dead).replace('a.csv', 'b.csv')].map((path) => basename(path))
    expect((await here()).sort()).toEqual([...kept, 'a.csv'].sort())
    expect(await text('a.csv')).toBe('a\n1\n')
  })

  test('has a name with quotes and a parameter', async () => {
    const params = { day: { type: { kind: 'date' as const }, value: '2024-01-01' } }
    await write({ path: "it's {{day}}.csv" }, 'SELECT 1 AS a', false, { params })
    expect(await here()).toEqual(["it's 2024-01-01.csv"])
  })

  test('is all that the engine may write', async () => {
    const config = definition.config.parse({ path: 'out/a.csv' })
    const paths = writeFileSink.paths?.(config, at.folder) ?? []
    expect(paths).toHaveLength(1)
    expect(paths[0]).toMatch(/\/out\/\.a\.csv\.[0-9a-f]{8}-\d+\.part$/)
  })
})
