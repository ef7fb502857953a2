import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { type World, world } from '../../helpers/engine.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { adminQuery, type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await adminQuery(
    database.url,
    'create table source as select i as id, md5(i::text) as name from generate_series(1, 300000) i',
  )
})
afterAll(() => database[Symbol.asyncDispose]())

const retry = { count: 3, delayMs: 10 }
const exact = [{ n: 300000, total: 45000150000 }]

/** Ends the server's side of the first connection that runs something like `pattern`, once it has begun. */
async function terminate(pattern: string): Promise<void> {
  for (;;) {
    const ended = await adminQuery(
      database.url,
      "select pg_terminate_backend(pid) as done from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query ilike $1 limit 1",
      [pattern],
    )
    if (ended.length > 0) return
  }
}

const attempts = (w: World) =>
  w.events.filter((event) => event.type === 'log' && event.level === 'warn' && /trying again/i.test(event.message))
    .length

describe('a connection that the server ends', () => {
  test('in the middle of a read is opened again and the rows end exact', async () => {
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const slow = 'select id, name from source where id % 1000 <> 0 or pg_sleep(0.002) is not null'
    const running = w.run({
      nodes: {
        q: { kind: 'query', retry, config: { connection: 'pg', sql: slow } },
        l: { kind: 'load', config: { connection: 'a', table: 't', mode: 'append' } },
      },
      edges: [{ from: 'q', to: 'l' }],
    })
    await terminate('%pg_sleep%')
    const outcome = await running
    expect(outcome.error).toBeUndefined()
    expect(attempts(w)).toBeGreaterThan(0)
    expect(w.sqlite('a', 'select count(*) as n, sum(id) as total from t')).toEqual(exact)
  })

  test('in the middle of a load is opened again and the table ends exact', async () => {
    await using w = await world({ pg: postgres.parseUrl(database.url), from: postgres.parseUrl(database.url) })
    const slow = 'select id, name from source where id % 1000 <> 0 or pg_sleep(0.002) is not null'
    const running = w.run({
      nodes: {
        q: { kind: 'query', config: { connection: 'from', sql: slow } },
        l: { kind: 'load', retry, config: { connection: 'pg', table: 'target', mode: 'append' } },
      },
      edges: [{ from: 'q', to: 'l' }],
    })
    await terminate('copy%target%from stdin%')
    const outcome = await running
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.l?.attempt).toBeGreaterThan(1)
    expect(await adminQuery(database.url, 'select count(*)::int as n, sum(id)::float8 as total from target')).toEqual(
      exact,
    )
  })

  test('without a retry fails the node that lost it, with the code and no rows', async () => {
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const running = w.run({
      nodes: {
        q: {
          kind: 'query',
          config: { connection: 'pg', sql: "select id, pg_sleep(0.05)::text, 'alone' as tag from source" },
        },
        l: { kind: 'load', config: { connection: 'a', table: 't', mode: 'append' } },
      },
      edges: [{ from: 'q', to: 'l' }],
    })
    await terminate("%'alone'%")
    const outcome = await running
    expect(outcome.error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true, at: { node: 'q' } })
    expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
  })

  test('a table dropped while the run is under way is named in the error', async () => {
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const outcome = await w.run({
      nodes: {
        drop: { kind: 'execute', config: { connection: 'pg', sql: 'create table gone (x int); drop table gone' } },
        q: { kind: 'table', config: { connection: 'pg', table: 'gone' } },
        l: { kind: 'load', config: { connection: 'a', table: 't', mode: 'append' } },
      },
      edges: [
        { from: 'drop', to: 'q', after: true },
        { from: 'q', to: 'l' },
      ],
    })
    expect(outcome.error).toMatchObject({ code: 'QUERY_MISSING', at: { node: 'q' } })
    expect(outcome.error?.message).toContain('gone')
  })
})

describe('a connection that MySQL ends', () => {
  let mariadb: FreshMariaDb
  beforeAll(async () => {
    mariadb = await freshMariaDb()
    await mariadb.sql('create table source as select seq as id, md5(seq) as name from seq_1_to_300000')
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())

  /** Kills the first connection that runs something like `pattern`, once it has begun. */
  async function kill(pattern: string): Promise<void> {
    for (;;) {
      const [found] = await mariadb.sql(
        'select id from information_schema.processlist where db = database() and id <> connection_id() and info like ?',
        [pattern],
      )
      if (found) {
        await mariadb.sql('kill ?', [found.id])
        return
      }
    }
  }

  const slow = 'select id, name from source where id % 1000 <> 0 or sleep(0.002) is not null'

  test('in the middle of a read is opened again and the rows end exact', async () => {
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const running = w.run({
      nodes: {
        q: { kind: 'query', retry, config: { connection: 'my', sql: slow } },
        l: { kind: 'load', config: { connection: 'a', table: 't', mode: 'append' } },
      },
      edges: [{ from: 'q', to: 'l' }],
    })
    await kill('select id, name%sleep%')
    const outcome = await running
    expect(outcome.error).toBeUndefined()
    expect(attempts(w)).toBeGreaterThan(0)
    expect(w.sqlite('a', 'select count(*) as n, sum(id) as total from t')).toEqual(exact)
  })

  test.each(['append', 'replace'])(
    'in the middle of a load is opened again and the table ends exact, mode %s',
    async (mode) => {
      await using w = await world({ my: mysql.parseUrl(mariadb.url), from: mysql.parseUrl(mariadb.url) })
      await mariadb.sql('create or replace table target (id bigint, name text)')
      const running = w.run({
        nodes: {
          q: { kind: 'query', config: { connection: 'from', sql: slow } },
          l: { kind: 'load', retry, config: { connection: 'my', table: 'target', mode } },
        },
        edges: [{ from: 'q', to: 'l' }],
      })
      await kill('load data%')
      const outcome = await running
      expect(outcome.error).toBeUndefined()
      expect(outcome.nodes.l?.attempt).toBeGreaterThan(1)
      expect(await mariadb.sql('select count(*) as n, cast(sum(id) as double) as total from target')).toEqual(exact)
      expect(await mariadb.sql("show tables like 'sluice%'")).toEqual([])
    },
  )
})
