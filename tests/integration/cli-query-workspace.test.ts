import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { CliSandbox, finished } from '../helpers/cli.ts'
import { type FreshDatabase, freshDatabase } from '../helpers/postgres.ts'

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox
let pg: FreshDatabase

beforeAll(async () => {
  cli = await CliSandbox.create()
  pg = await freshDatabase()
  await pg.sql(`create table orders as select i as id, 'n' || i as name from generate_series(1, 3) i`)
  const lake = new DatabaseSync(cli.path('lake.db'))
  lake.exec('create table prices (id integer primary key, price integer); insert into prices values (2, 20), (3, 30)')
  lake.close()
  await cli.file('connections.json', { shop: pg.url, lake: 'sqlite:lake.db' })
})

afterAll(async () => {
  await Promise.all([pg.drop(), cli.remove()])
})

const join = 'select o.name, p.price from shop.orders o join lake.main.prices p using (id) where id > :least order by 1'
const query = ['query', '@workspace', join, '--param', 'least:int64=1']

test('rows of several databases are printed, and written to files', async () => {
  const printed = await cli.run([...query, '--format', 'csv'])
  expect(printed, printed.stderr).toMatchObject({ code: 0, stdout: 'name,price\nn2,20\nn3,30\n' })
  const whole = await cli.run([...query, '--format', 'json'])
  expect(JSON.parse(whole.stdout)).toEqual([
    { name: 'n2', price: 20 },
    { name: 'n3', price: 30 },
  ])
  const written = await cli.run([...query, '--output', 'rows.ndjson'])
  expect(written, written.stderr).toMatchObject({ code: 0, stdout: '' })
  expect(written.stderr).toContain('2 rows written')
  expect(await readFile(cli.path('rows.ndjson'), 'utf8')).toBe('{"name":"n2","price":20}\n{"name":"n3","price":30}\n')
})

test('EXPLAIN shows what each database is asked', async () => {
  const { stdout } = await cli.run([
    'query',
    '@workspace',
    'explain select price from lake.prices where id = 2',
    '--format',
    'csv',
  ])
  expect(stdout).toContain('SELECT ""id"", ""price"" FROM ""prices"" WHERE ""id"" = 2')
})

test('what does more than read is refused; a table that is not there names the nearest', async () => {
  const refused = await cli.run(['query', '@workspace', 'delete from lake.prices'])
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('QUERY_DENIED')
  const missing = await cli.run(['query', '@workspace', 'from lake.pricse'])
  expect(missing.stderr).toContain('lake.prices')
})

test('a reader that goes away ends the query quietly', async () => {
  const endless = 'select a.i from range(100000000) a(i), lake.prices'
  const child = cli.start(['query', '@workspace', endless, '--format', 'csv'])
  await once(child.stdout ?? child, 'data')
  const done = finished(child)
  child.stdout?.destroy()
  expect(await done).toMatchObject({ code: 0, stderr: '' })
})

test('no connection can be called so', async () => {
  const added = await cli.run(['connections', 'add', '@workspace', 'sqlite:x.db'])
  expect(added.code).not.toBe(0)
  expect(added.stderr).toContain('stands for all connections at once')
})
