import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { CliSandbox, finished, ndjson } from '../helpers/cli.ts'
import { freshMariaDb } from '../helpers/mariadb.ts'
import { freshDatabase } from '../helpers/postgres.ts'

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox
beforeAll(async () => {
  cli = await CliSandbox.create()
  const shop = new DatabaseSync(cli.path('shop.db'))
  shop.exec('create table orders(id integer primary key, who text, amount double, total bigint)')
  const insert = shop.prepare('insert into orders values (?, ?, ?, ?)')
  insert.run(1, 'Ada "the first", Countess', 1.5, 9007199254740993n)
  insert.run(2, '', null, 2)
  insert.run(3, null, 0.1, 3)
  await cli.file('connections.json', { shop: 'sqlite:shop.db' })
})
afterAll(() => cli.remove())

const orders = 'select id, who, amount, total from orders order by id'

test('csv keeps an empty text apart from NULL, and every digit', async () => {
  const { code, stdout } = await cli.run(['query', 'shop', orders, '--format', 'csv'])
  expect(code).toBe(0)
  expect(stdout).toBe('id,who,amount,total\n1,"Ada ""the first"", Countess",1.5,9007199254740993\n2,"",,2\n3,,0.1,3\n')
})

test('csv is the same from every database', async () => {
  const fresh = await freshDatabase()
  const columns = '(flag boolean, price decimal(10,2), day date, note text, ratio double precision)'
  const values = "(true, 1.50, '2024-01-01', 'a b', 1.5), (false, null, null, '', null), (null, 2, null, 'a,b', null)"
  try {
    const from = async (connection: string) => {
      await cli.run(['query', 'db', `create table odd ${columns}`, '-c', connection])
      await cli.run(['query', 'db', `insert into odd values ${values}`, '-c', connection])
      return (await cli.run(['query', 'db', 'select * from odd', '--format', 'csv', '-c', connection])).stdout
    }
    const expected = 'flag,price,day,note,ratio\ntrue,1.50,2024-01-01,a b,1.5\nfalse,,,"",\n,2.00,,"a,b",\n'
    expect(await from(`db=sqlite:${cli.path('odd.db')}`)).toBe(expected)
    expect(await from(`db=${fresh.url}`)).toBe(expected)
  } finally {
    await fresh[Symbol.asyncDispose]()
  }
})

test('a mistyped path of a database, and a file that cannot be, are told in the words of this command', async () => {
  const typo = await cli.run(['query', 'db', 'select 1', '-c', `db=sqlite:${cli.path('typo.db')}`])
  expect(typo.code).toBe(1)
  expect(typo.stderr).toContain('There is no SQLite database at')
  expect(existsSync(cli.path('typo.db'))).toBe(false)
  const folder = await cli.run(['query', 'shop', orders, '--output', 'nowhere/out.csv'])
  expect(folder.stderr).toContain('Name a file in a folder that is there.')
  const format = await cli.run(['query', 'shop', orders, '--output', 'out.xyz'])
  expect(format).toMatchObject({ code: 2 })
  expect(format.stderr).toContain('--format csv')
})

test('json and ndjson write integers with all their digits', async () => {
  const lines = (await cli.run(['query', 'shop', orders, '--format', 'ndjson'])).stdout
  expect(lines).toContain('"total":9007199254740993')
  expect(ndjson(lines).map(({ id, who }) => [id, who])).toEqual([
    [1, 'Ada "the first", Countess'],
    [2, ''],
    [3, null],
  ])
  const whole = (await cli.run(['query', 'shop', orders, '--format', 'json'])).stdout
  expect(JSON.parse(whole)).toEqual(ndjson(lines))
  const none = await cli.run(['query', 'shop', 'select id from orders where id > 9', '--format', 'json'])
  expect(JSON.parse(none.stdout)).toEqual([])
})

test('a table shows NULL, counts the rows, and cannot be broken by what the rows hold', async () => {
  const { stdout } = await cli.run(['query', 'shop', "select 'a' || char(10, 27) || '[2J' as x, null as y"])
  expect(stdout).toContain('a⏎␛[2J')
  expect(stdout).toContain('NULL')
  expect(stdout).toContain('(1 row)')
})

test('parquet and csv files are written whole, and parquet reads back', async () => {
  const written = await cli.run(['query', 'shop', orders, '--output', 'orders.parquet'])
  expect(written, written.stderr).toMatchObject({ code: 0, stdout: '' })
  expect(written.stderr).toContain('3 rows written')
  await cli.file('read.pipeline.json', {
    sluice: 1,
    name: 'Read',
    nodes: { rows: { kind: 'file', config: { path: 'orders.parquet' } } },
    edges: [],
  })
  const read = await cli.run(['run', 'read.pipeline.json'])
  expect(read.stdout).toContain('9007199254740993')
  await cli.run(['query', 'shop', 'select id from orders order by id', '--output', 'ids.csv'])
  expect(await readFile(cli.path('ids.csv'), 'utf8')).toBe('id\n1\n2\n3\n')
  const failed = await cli.run(['query', 'shop', 'select nothing from nowhere', '--output', 'none.csv'])
  expect(failed.code).toBe(1)
  await expect(readFile(cli.path('none.csv'))).rejects.toThrow()
})

test('parameters are bound: text that looks like SQL stays text; types can be named', async () => {
  const evil = "x'; drop table orders; --"
  const args = ['query', 'shop', 'select :v as v, typeof(:n) as t', '--format', 'ndjson', '--param', `v=${evil}`]
  const { stdout } = await cli.run([...args, '--param', 'n:int64=5'])
  expect(ndjson(stdout)).toEqual([{ v: evil, t: 'integer' }])
  const wrong = await cli.run([...args, '--param', 'n:int64=five'])
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('CONFIG_PARAMETER')
})

test('a procedure shows all its results as tables, with values that are none of their kind; other formats tell that there are more', async () => {
  await using fresh = await freshMariaDb()
  await fresh.sql('create table flags(flag boolean)')
  await fresh.sql(
    'create procedure both_of() begin select 7 as n; select 5 as odd, flag from flags; select flag from flags; end',
  )
  await fresh.sql('insert into flags values (5), (1)')
  const call = (...more: string[]) => cli.run(['query', 'db', 'call both_of()', '-c', `db=${fresh.url}`, ...more])
  const tables = await call()
  expect(tables.code).toBe(0)
  expect(tables.stdout.replace(/ +$/gm, '')).toBe(
    'n\n─\n7\n(1 row)\n\nodd  flag\n───  ────\n  5     5\n  5     1\n(2 rows)\n\nflag\n────\n   5\n   1\n(2 rows)\n',
  )
  const json = await call('--format', 'json')
  expect(JSON.parse(json.stdout)).toEqual([{ n: 7 }])
  expect(json.stderr).toContain('The first of 3 results')
})

test('a statement without rows says how many it changed; SQL comes from stdin with -', async () => {
  const changed = await cli.run(['query', 'shop', '-'], { input: 'update orders set amount = 2 where id < 3' })
  expect(changed).toMatchObject({ code: 0, stdout: '' })
  expect(changed.stderr).toContain('2 rows changed')
})

test('errors of the database come with a code and without a stack; unknown connections name the nearest', async () => {
  const bad = await cli.run(['query', 'shop', 'selec 1'])
  expect(bad.code).toBe(1)
  expect(bad.stderr).toContain('QUERY_SYNTAX')
  expect(bad.stderr).not.toMatch(/\.ts:\d+/)
  const unknown = await cli.run(['query', 'shpo', 'select 1'])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('Did you mean "shop"?')
})

test('a reader that goes away ends the query quietly', async () => {
  const child = cli.start([
    'query',
    'shop',
    'with recursive t(n) as (select 1 union all select n + 1 from t) select n from t',
    '--format',
    'csv',
  ])
  await once(child.stdout ?? child, 'data')
  const done = finished(child)
  child.stdout?.destroy()
  const { code, stderr } = await done
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test.runIf(process.platform === 'linux')('a full disk under the output fails the query, in plain words', async () => {
  const script = 'mkdir -p full && mount -t tmpfs -o size=64k none full && exec "$@" > full/rows.csv'
  const entry = fileURLToPath(new URL('../../src-main/hosts/cli/main.ts', import.meta.url))
  const sql = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) select i from n'
  const query = [process.execPath, entry, 'query', 'shop', sql, '--format', 'csv']
  const { status, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script, 'sh', ...query], {
    cwd: cli.folder,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', SLUICE_HOME: cli.path('home') },
  })
  expect(status).toBe(1)
  expect(stderr).toContain('LIMIT_DISK')
  expect(stderr).toContain('The disk that takes what is printed is full')
})
