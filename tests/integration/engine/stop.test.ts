import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { type Doc, rowsNode, type World, world } from '../../helpers/engine.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { adminQuery, type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n'
const load = (connection: string, table: string, mode = 'replace') => ({
  kind: 'load',
  config: { connection, table, mode },
})

/** Runs, stops once `ready` says so, and tells how the run ended. */
async function stopped(w: World, doc: Doc, ready: () => Promise<boolean>, options = {}) {
  const controller = new AbortController()
  const running = w.run(doc, { signal: controller.signal, ...options })
  while (!(await ready())) await new Promise((resolve) => setImmediate(resolve))
  controller.abort()
  const outcome = await running
  return outcome
}

const busy = async (pattern: string) =>
  (
    await adminQuery(
      database.url,
      "select 1 from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like $1",
      [pattern],
    )
  ).length > 0

const started = (w: World, node: string) => async () =>
  w.events.some((event) => event.type === 'progress' && (event.nodes[node]?.rowsOut ?? 0) > 0)

describe('Stop', () => {
  test('cancels a sleeping Postgres query and leaves nothing running', async () => {
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const doc = {
      nodes: {
        q: { kind: 'query', config: { connection: 'pg', sql: 'select pg_sleep(600)::text as s' } },
        l: load('a', 't'),
      },
      edges: [{ from: 'q', to: 'l' }],
    }
    const outcome = await stopped(w, doc, () => busy('%pg_sleep(600)%'))
    expect(outcome.state).toBe('cancelled')
    expect(Object.values(outcome.nodes).map((node) => node.state)).toEqual(['cancelled', 'cancelled'])
    expect(await busy('%pg_sleep(600)%')).toBe(false)
    expect(w.events.filter((event) => event.type === 'run').map((event) => event.state)).toEqual([
      'running',
      'cancelling',
      'cancelled',
    ])
  })

  test('rolls a load into Postgres back', async () => {
    await adminQuery(database.url, 'create table kept (i bigint)')
    await adminQuery(database.url, 'insert into kept values (42)')
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const doc = {
      nodes: { q: { kind: 'query', config: { connection: 'a', sql: endless } }, l: load('pg', 'kept', 'truncate') },
      edges: [{ from: 'q', to: 'l' }],
    }
    const outcome = await stopped(w, doc, started(w, 'q'))
    expect(outcome.state).toBe('cancelled')
    expect(await adminQuery(database.url, 'select i::int from kept')).toEqual([{ i: 42 }])
    expect(await busy('%kept%')).toBe(false)
  })

  test('cancels a sleeping MySQL query and leaves nothing running', async () => {
    await using mariadb = await freshMariaDb()
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const sleeping = async () =>
      (
        await mariadb.sql(
          "select id from information_schema.processlist where db = database() and info = 'select sleep(30) as s'",
        )
      ).length > 0
    const doc = {
      nodes: {
        q: { kind: 'query', config: { connection: 'my', sql: 'select sleep(30) as s' } },
        l: load('a', 't'),
      },
      edges: [{ from: 'q', to: 'l' }],
    }
    const outcome = await stopped(w, doc, sleeping)
    expect(outcome.state).toBe('cancelled')
    expect(await sleeping()).toBe(false)
  })

  test.each(['truncate', 'replace', 'upsert'])('rolls a load into MySQL back, mode %s', async (mode) => {
    await using mariadb = await freshMariaDb()
    await mariadb.sql('create table kept (i bigint primary key)')
    await mariadb.sql('insert into kept values (42)')
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const l = { kind: 'load', config: { connection: 'my', table: 'kept', mode, keys: mode === 'upsert' ? ['i'] : [] } }
    const doc = {
      nodes: { q: { kind: 'query', config: { connection: 'a', sql: endless } }, l },
      edges: [{ from: 'q', to: 'l' }],
    }
    const outcome = await stopped(w, doc, started(w, 'q'))
    expect(outcome.state).toBe('cancelled')
    expect(await mariadb.sql('select i from kept')).toEqual([{ i: 42 }])
    expect(await mariadb.sql('show tables')).toHaveLength(1)
    // What is left to undo, the server undoes by itself.
    const others = 'select info from information_schema.processlist where db = database() and id <> connection_id()'
    while ((await mariadb.sql(others)).length > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  test('rolls a load into SQLite back', async () => {
    await using w = await world()
    await w.run({
      nodes: { s: rowsNode({ i: 'int64' }, [['42']]), l: load('b', 'kept') },
      edges: [{ from: 's', to: 'l' }],
    })
    w.events.length = 0
    const doc = {
      nodes: { q: { kind: 'query', config: { connection: 'a', sql: endless } }, l: load('b', 'kept') },
      edges: [{ from: 'q', to: 'l' }],
    }
    const outcome = await stopped(w, doc, started(w, 'q'))
    expect(outcome.state).toBe('cancelled')
    expect(w.sqlite('b', 'select i from kept')).toEqual([{ i: 42 }])
  })

  test('ends a SQLite statement that gives no row', async () => {
    await using w = await world()
    const doc = {
      nodes: { q: { kind: 'query', config: { connection: 'a', sql: `select count(*) as n from (${endless})` } } },
    }
    const outcome = await stopped(w, doc, async () =>
      w.events.some((event) => event.type === 'node' && event.state === 'running'),
    )
    expect(outcome.state).toBe('cancelled')
  })

  test('interrupts a transform that would take for ever', async () => {
    await using w = await world()
    const doc = {
      nodes: {
        s: rowsNode({ i: 'int64' }, [['1']]),
        long: {
          kind: 'sql',
          config: { sql: 'select sum(a.range * b.range) as s from range(100000000) a, range(1000000) b, "in"' },
        },
      },
      edges: [{ from: 's', to: 'long' }],
    }
    const outcome = await stopped(
      w,
      doc,
      async () => w.events.some((event) => event.type === 'node' && event.node === 'long' && event.state === 'running'),
      { mode: 'inspect' },
    )
    expect(outcome.state).toBe('cancelled')
  })

  test('ends an HTTP source that never answers', async () => {
    let asked = 0
    const server = createServer(() => {
      asked++
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      await using w = await world()
      const doc = {
        nodes: {
          h: { kind: 'http', config: { url: `http://127.0.0.1:${port}/`, columns: [{ name: 'x', type: 'text' }] } },
          l: load('a', 't'),
        },
        edges: [{ from: 'h', to: 'l' }],
      }
      const outcome = await stopped(w, doc, async () => asked > 0)
      expect(outcome.state).toBe('cancelled')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('before the first node runs nothing', async () => {
    await using w = await world()
    const outcome = await w.run(
      { nodes: { s: rowsNode({ i: 'int64' }, [['1']]), l: load('a', 't') }, edges: [{ from: 's', to: 'l' }] },
      { signal: AbortSignal.abort() },
    )
    expect(outcome.state).toBe('cancelled')
    expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
  })
})

describe('time limit', () => {
  test('fails the node, not the run as cancelled, and a retry gets a fresh limit', async () => {
    await using w = await world()
    const slow = {
      kind: 'query',
      timeoutMs: 300,
      retry: { count: 1, delayMs: 1 },
      config: { connection: 'a', sql: `select count(*) as n from (${endless})` },
    }
    const outcome = await w.run({
      nodes: { slow, other: rowsNode({ i: 'int64' }, [['1']]), l: load('b', 't') },
      edges: [{ from: 'other', to: 'l' }],
    })
    expect(outcome.state).toBe('failed')
    expect(outcome.error).toMatchObject({ code: 'LIMIT_TIME', at: { node: 'slow' } })
    expect(outcome.nodes.slow?.attempt).toBe(2)
    expect(outcome.nodes.l?.state).toBe('completed')
  })
})
