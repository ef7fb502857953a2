import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workspaceConnection } from '../../../shared/connections.ts'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

let pg: FreshDatabase
let my: FreshMariaDb
let folder: string

beforeAll(async () => {
  ;[pg, my, folder] = await Promise.all([freshDatabase(), freshMariaDb(), mkdtemp(join(tmpdir(), 'sluice-workbench-'))])
  await pg.sql('create table orders as select i as id, i % 5 as customer from generate_series(1, 2000) i')
  await pg.sql(
    // Fast at first, and then almost still.
    'create view slow as select i as id, i < 400000 or pg_sleep(0.05) is not null as fine from generate_series(1, 1000000) i',
  )
  await my.sql(`create table customers as select seq as id, concat('c', seq) as name from seq_0_to_4`)
  await my.sql('create view waiting as select 1 as id, sleep(600) as slept')
  const lake = new DatabaseSync(join(folder, 'lake.db'))
  lake.exec('create table prices (id integer primary key, price real); insert into prices values (1, 1.5), (2, 2.5)')
  lake.close()
})

afterAll(async () => {
  await Promise.all([pg.drop(), my.drop(), rm(folder, { recursive: true, force: true })])
})

const connection = workspaceConnection
const api = () => queriesApi({ shop: pg.url, erp: my.url, lake: `sqlite:${join(folder, 'lake.db')}` })

const inPostgres = async (text: string) =>
  (
    await pg.sql(
      `select 1 from pg_stat_activity where datname = current_database() and state = 'active' and query like $1 and pid <> pg_backend_pid()`,
      [`%${text}%`],
    )
  ).length
const inMariaDb = async () =>
  (
    await my.sql(
      `select 1 from information_schema.processlist where db = ? and command <> 'Sleep' and id <> connection_id()`,
      [my.name],
    )
  ).length

const until = async (ready: () => Promise<boolean>) => {
  while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 20))
}

const failureOf = (events: readonly QueryEvent[]) => events.find((event) => event.type === 'failed')?.error

test('the rows of a join are windowed, counted and remembered like those of one connection', async () => {
  await using here = await api()
  const sql =
    'select c.name, count(*) as n, max(p.price) as price from shop.orders o join erp.customers c on c.id = o.customer left join lake.prices p on p.id = c.id group by all order by 1'
  expect(await here.rows(sql, { connection })).toEqual([
    ['c0', '400', null],
    ['c1', '400', '1.5'],
    ['c2', '400', '2.5'],
    ['c3', '400', null],
    ['c4', '400', null],
  ])
  const [entry] = await here.client.queries.history({})
  expect(entry).toMatchObject({ connection, sql, state: 'done', rows: 5 })
})

test('parameters are bound with their types', async () => {
  await using here = await api()
  const params = { some: { type: 'int' as const, value: '1998' } }
  expect(
    await here.rows('select id, :some from shop.orders where id > :some order by id', { connection, params }),
  ).toEqual([
    ['1999', '1998'],
    ['2000', '1998'],
  ])
})

test('several statements run in order, and the place of a failure counts in the whole text', async () => {
  await using here = await api()
  const sql = 'select 1 as one;\nselect * from shop.ordres'
  const events = await here.run(sql, { connection })
  expect(events.filter(({ type }) => type === 'done')).toHaveLength(1)
  expect(failureOf(events)).toMatchObject({
    code: 'QUERY_MISSING',
    at: { connection: 'shop', position: sql.indexOf('shop.ordres') },
  })
})

test('a plan shows what each source is asked, with its values', async () => {
  await using here = await api()
  const wish = {
    session: 'tab',
    ...here.place,
    connection,
    params: {},
    sql: 'select o.id from shop.orders o join lake.prices p on p.id = o.id where p.id = 2',
  }
  for (const analyze of [false, true]) {
    const { plan, text } = await here.client.queries.explain({ ...wish, analyze })
    expect(text).toContain('Read lake.prices\nSELECT "id" FROM "prices" WHERE "id" = 2')
    expect(JSON.stringify(plan)).toContain('"title":"Read shop.public.orders"')
  }
  expect(await here.rows('explain select count(*) from lake.prices', { connection })).toContainEqual([
    'SELECT "id" FROM "prices"',
  ])
})

test('rows cannot be changed, and there is no transaction to leave open', async () => {
  await using here = await api()
  const place = { ...here.place, connection }
  expect(await here.client.queries.editable({ ...place, sql: 'select * from lake.prices' })).toMatchObject({
    table: null,
  })
  const edit = {
    session: 'tab',
    ...place,
    schema: null,
    table: 'prices',
    edits: [{ kind: 'insert' as const, after: {} }],
  }
  await expect(here.client.queries.edit(edit)).rejects.toThrow('Rows of several databases cannot be changed together.')
  expect(failureOf(await here.run('select 1', { connection, manual: true }))).toMatchObject({ code: 'RUN_STATE' })
})

describe('while a source is slow', () => {
  test('the first rows are there, and Stop ends it at the server', async () => {
    await using here = await api()
    const seen: string[] = []
    for await (const event of await here.start('select * from shop.slow', { connection })) {
      if (event.type === 'statement' || event.type === 'session') continue
      seen.push(event.type === 'failed' ? event.error.code : event.type)
      if (event.type !== 'rows') continue
      const source = { query: event.query, statement: event.statement }
      const { rows } = await here.client.results.window({ source, offset: 0, limit: 1 })
      expect(rows[0]?.[0]).toBe('1')
      expect(await inPostgres('slow')).toBe(1)
      void here.client.queries.stop({ session: 'tab' })
    }
    expect(seen.filter((type) => type !== 'progress')).toEqual(['rows', 'RUN_CANCELLED'])
    await until(async () => (await inPostgres('slow')) === 0)
    expect(await here.rows('select count(*) from shop.orders', { connection })).toEqual([['2000']])
  })

  test('Stop ends all of them, also those that have given nothing yet', async () => {
    await using here = await api()
    const running = here.run('select * from erp.waiting w join shop.slow s on s.id = w.id', { connection })
    await until(async () => (await inMariaDb()) + (await inPostgres('slow')) > 0)
    await here.client.queries.stop({ session: 'tab' })
    expect(failureOf(await running)).toMatchObject({ code: 'RUN_CANCELLED' })
    await until(async () => (await inMariaDb()) + (await inPostgres('slow')) === 0)
  })

  test('a limit that is reached ends it at the server, too', async () => {
    await using here = await api()
    expect(await here.rows('select id from shop.slow where fine limit 2', { connection })).toHaveLength(2)
    await until(async () => (await inPostgres('slow')) === 0)
  })

  test('a server that goes away is named, and the others are let go', async () => {
    await using here = await api()
    const running = here.run('select * from shop.slow s join lake.prices p on p.id = s.id', { connection })
    await until(async () => (await inPostgres('slow')) > 0)
    await pg.sql(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    const error = failureOf(await running)
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', at: { connection: 'shop' } })
    expect(error?.message).toMatch(/^shop: /)
    expect(await here.rows('select count(*) from shop.orders', { connection })).toEqual([['2000']])
  })
})

test('a connection that cannot be reached is named, with what is wrong, and without its secrets', async () => {
  const { hostname, port } = new URL(my.url)
  await using here = await queriesApi({ shop: pg.url.replace(/\/[^/]*$/, '/no_such_database'), lake: 'sqlite:none.db' })
  const login = {
    dialect: 'mysql' as const,
    host: hostname,
    port: Number(port),
    user: 'nobody',
    password: 'hunter2-secret',
  }
  await here.workspace.connections.add('erp', { ...login, database: my.name }, '/')
  await here.workspace.connections.add('far', { ...login, port: 1 }, '/')
  const fail = async (sql: string) => failureOf(await here.run(sql, { connection }))
  const denied = await fail('select 1 from erp.customers')
  expect(denied).toMatchObject({ code: 'CONNECTION_AUTH', at: { connection: 'erp', position: 14 } })
  expect(denied?.message).toMatch(/^erp: /)
  expect(denied?.hint).toBeDefined()
  expect(JSON.stringify(denied)).not.toContain('hunter2')
  for (const [sql, code, name] of [
    ['select 1 from shop.orders', 'CONNECTION_DATABASE', 'shop'],
    ['select 1 from far.customers', 'CONNECTION_REFUSED', 'far'],
    ['select 1 from lake.prices', 'CONNECTION_FILE', 'lake'],
  ] as const) {
    expect(await fail(sql)).toMatchObject({ code, message: expect.stringMatching(new RegExp(`^${name}: `)) })
  }
})

test('nothing is left on the disk once a statement has ended', async () => {
  await using here = await api()
  await here.rows('select count(*) from shop.orders a join shop.orders b using (id)', { connection })
  await here.run('select nothing from shop.orders', { connection })
  expect(await readdir(join(here.sessions.rows.folder, 'scratch'))).toEqual([])
})
