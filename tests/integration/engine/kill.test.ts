import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { rowsNode, type World, world } from '../../helpers/engine.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { adminQuery, type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let database: FreshDatabase
let mariadb: FreshMariaDb
beforeAll(async () => {
  database = await freshDatabase()
  mariadb = await freshMariaDb()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await mariadb[Symbol.asyncDispose]()
})

const oldRows = [
  { id: 1, name: 'old one' },
  { id: 2, name: 'old two' },
]
/** Rows without end, so that the load is still going whenever the process dies; appended ones clash with no old row. */
const source = (first: number) => ({
  kind: 'query',
  config: {
    connection: 'c',
    sql: `with recursive n(i) as (select ${first} union all select i + 1 from n) select i as id, 'new ' || i as name from n`,
  },
})

function start(
  w: World,
  target: { mode: string; [setting: string]: unknown },
  connection: object,
): { child: ChildProcess; rowsMoved: Promise<void>; ended: Promise<unknown> } {
  const pipeline = {
    sluice: 1,
    name: 'killed',
    nodes: { s: source(target.mode === 'append' ? 10 : 1), l: { kind: 'load', config: target } },
    edges: [{ from: 's', to: 'l' }],
  }
  const connections = { c: { dialect: 'sqlite', file: w.path('c') }, target: connection }
  const script = fileURLToPath(new URL('./run-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify({ folder: w.folder, pipeline, connections })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const moved = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('done')) moved.reject(new Error(`The run ended before it could be killed: ${line}`))
    else if (Number(/"rowsOut":(\d+)/.exec(line)?.[1]) > 20_000) moved.resolve()
  })
  return { child, rowsMoved: moved.promise, ended: once(child, 'exit') }
}

const modes = ['append', 'replace', 'truncate', 'upsert', 'update', 'delete'] as const
const plan = (mode: (typeof modes)[number]) => ({
  connection: 'target',
  table: 't',
  mode,
  keys: ['upsert', 'update', 'delete'].includes(mode) ? ['id'] : [],
})

describe('a killed process leaves the old rows', () => {
  test.each(modes)('SQLite, %s', async (mode) => {
    await using w = await world()
    w.sqlite('a', 'create table t (id integer primary key, name text)')
    w.sqlite('a', "insert into t values (1, 'old one'), (2, 'old two')")
    const run = start(w, plan(mode), { dialect: 'sqlite', file: w.path('a') })
    await run.rowsMoved
    run.child.kill('SIGKILL')
    await run.ended
    expect(w.sqlite('a', 'select * from t order by id')).toEqual(oldRows)
    expect(w.sqlite('a', "select name from sqlite_master where type = 'table'")).toEqual([{ name: 't' }])
    expect(w.sqlite('a', 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  test.each(modes)('Postgres, %s', async (mode) => {
    await using w = await world()
    await adminQuery(database.url, 'drop table if exists t')
    await adminQuery(database.url, 'create table t (id bigint primary key, name text)')
    await adminQuery(database.url, "insert into t values (1, 'old one'), (2, 'old two')")
    const run = start(w, plan(mode), postgres.parseUrl(database.url))
    await run.rowsMoved
    run.child.kill('SIGKILL')
    await run.ended
    expect(await adminQuery(database.url, 'select id::int, name from t order by id')).toEqual(oldRows)
    const tables =
      "select count(*)::int as n from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public' and relkind = 'r'"
    expect(await adminQuery(database.url, tables)).toEqual([{ n: 1 }])
  })

  test.each(modes)('MySQL, %s, and the next load clears up', async (mode) => {
    await using w = await world({ target: mysql.parseUrl(mariadb.url) })
    await mariadb.sql('drop table if exists t')
    await mariadb.sql('create table t (id bigint primary key, name text)')
    await mariadb.sql("insert into t values (1, 'old one'), (2, 'old two')")
    const run = start(w, plan(mode), mysql.parseUrl(mariadb.url))
    await run.rowsMoved
    run.child.kill('SIGKILL')
    await run.ended
    expect(await mariadb.sql('select id, name from t order by id')).toEqual(oldRows)
    await goneFromServer()
    const outcome = await w.run({
      nodes: {
        s: rowsNode({ id: 'int64', name: 'text' }, [['7', 'new']]),
        l: { kind: 'load', config: { connection: 'target', table: 't', mode: 'replace' } },
      },
      edges: [{ from: 's', to: 'l' }],
    })
    expect(outcome.error).toBeUndefined()
    expect(await mariadb.sql('select id, name from t')).toEqual([{ id: 7, name: 'new' }])
    expect(await mariadb.sql('show tables')).toHaveLength(1)
  })

  test('MySQL, mode fail, which makes the table', async () => {
    await using w = await world()
    await mariadb.sql('drop table if exists t')
    const run = start(w, { connection: 'target', table: 't', mode: 'fail' }, mysql.parseUrl(mariadb.url))
    await run.rowsMoved
    run.child.kill('SIGKILL')
    await run.ended
    expect(await mariadb.sql("show tables like 't'")).toEqual([])
  })

  /** The server rolls back when it notices that nobody listens any more. */
  async function goneFromServer() {
    const others =
      'select count(*) as n from information_schema.processlist where db = database() and id <> connection_id()'
    while ((await mariadb.sql(others))[0]?.n !== 0) await new Promise((resolve) => setImmediate(resolve))
  }

  test.each(['sqlite', 'postgres'])('mode fail, which makes the table, %s', async (kind) => {
    await using w = await world()
    await adminQuery(database.url, 'drop table if exists t')
    const connection = kind === 'sqlite' ? { dialect: 'sqlite', file: w.path('a') } : postgres.parseUrl(database.url)
    const run = start(w, { connection: 'target', table: 't', mode: 'fail' }, connection)
    await run.rowsMoved
    run.child.kill('SIGKILL')
    await run.ended
    if (kind === 'sqlite') expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
    else expect(await adminQuery(database.url, "select to_regclass('t') as t")).toEqual([{ t: null }])
  })
})
