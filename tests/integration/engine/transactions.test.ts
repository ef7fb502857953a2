import { describe, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { rowsNode, world } from '../../helpers/engine.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'

const rows = rowsNode({ id: 'int64', name: 'text' }, [
  ['1', 'one'],
  ['2', 'two'],
])
const load = (connection: string, table: string, more: object = {}) => ({
  kind: 'load',
  config: { connection, table, mode: 'append', ...more },
})
const broken = { kind: 'query', config: { connection: 'b', sql: 'select * from nowhere' } }

describe('atomic pipeline', () => {
  const nodes = { s: rows, one: load('a', 'one'), two: load('a', 'two') }
  const edges = [
    { from: 's', to: 'one' },
    { from: 's', to: 'two' },
  ]

  test('all loads of a connection commit together', async () => {
    await using w = await world()
    const outcome = await w.run({ atomic: 'pipeline', nodes, edges })
    expect(outcome.error).toBeUndefined()
    expect(w.sqlite('a', 'select (select count(*) from one) + (select count(*) from two) as n')).toEqual([{ n: 4 }])
  })

  test('a failure anywhere leaves none of them', async () => {
    await using w = await world()
    const outcome = await w.run({ atomic: 'pipeline', nodes: { ...nodes, bad: broken }, edges })
    expect(outcome.state).toBe('failed')
    expect(outcome.nodes.one?.state).toBe('failed')
    expect(outcome.nodes.one?.error?.message).toMatch(/rolled back/i)
    expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
  })

  test('without it a load keeps what it committed', async () => {
    await using w = await world()
    const outcome = await w.run({ nodes: { ...nodes, bad: broken }, edges })
    expect(outcome.state).toBe('failed')
    expect(w.sqlite('a', 'select count(*) as n from one')).toEqual([{ n: 2 }])
  })
})

describe('dry run', () => {
  test('reports what each mode would change and changes nothing', async () => {
    await using w = await world()
    await w.run({
      nodes: {
        s: rowsNode({ id: 'int64', name: 'text' }, [['2', 'old']]),
        l: load('a', 't', { mode: 'fail', keys: ['id'] }),
      },
      edges: [{ from: 's', to: 'l' }],
    })
    const outcome = await w.run(
      {
        nodes: {
          s: rows,
          l: load('a', 't', { mode: 'upsert', keys: ['id'] }),
          file: { kind: 'write-file', config: { path: 'out.csv' } },
        },
        edges: [
          { from: 's', to: 'l' },
          { from: 's', to: 'file' },
        ],
      },
      { dryRun: true },
    )
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.l?.counts).toMatchObject({ inserted: 1, updated: 1 })
    expect(w.sqlite('a', 'select * from t')).toEqual([{ id: 2, name: 'old' }])
    const { existsSync } = await import('node:fs')
    expect(existsSync(`${w.folder}/out.csv`)).toBe(false)
  })

  test('a load into a table that an earlier node makes is rehearsed in the same transaction', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          make: { kind: 'execute', config: { connection: 'a', sql: 'create table t (id integer, name text)' } },
          s: rows,
          l: load('a', 't'),
        },
        edges: [
          { from: 'make', to: 'l', after: true },
          { from: 's', to: 'l' },
        ],
      },
      { dryRun: true },
    )
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.l?.counts.inserted).toBe(2)
    expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
  })

  test('a statement that commits by itself is refused', async () => {
    await using w = await world()
    const outcome = await w.run(
      { nodes: { v: { kind: 'execute', config: { connection: 'a', sql: 'vacuum' } } } },
      { dryRun: true },
    )
    expect(outcome.error).toMatchObject({ code: 'CONFIG_INVALID', at: { node: 'v', field: 'sql' } })
  })

  test('statements cannot end the transaction they run in', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          v: { kind: 'execute', config: { connection: 'a', sql: 'create table t (x); /* now */ commit; select 1' } },
        },
      },
      { dryRun: true },
    )
    expect(outcome.error).toMatchObject({ code: 'CONFIG_INVALID' })
    expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
  })
})

describe('execute', () => {
  test('runs one statement per row, with columns and parameters by name', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          make: {
            kind: 'execute',
            config: {
              connection: 'a',
              sql: "create table t (id integer, name text, tag text); insert into t values (0, 'x', 'y')",
            },
          },
          s: rows,
          each: { kind: 'execute', config: { connection: 'a', sql: 'insert into t values (:id, :name, :tag)' } },
        },
        edges: [
          { from: 'make', to: 'each', after: true },
          { from: 's', to: 'each' },
        ],
      },
      { params: { tag: { type: { kind: 'text' }, value: `'); drop table t; --` } } },
    )
    expect(outcome.error).toBeUndefined()
    expect(w.sqlite('a', 'select * from t order by id')).toEqual([
      { id: 0, name: 'x', tag: 'y' },
      { id: 1, name: 'one', tag: `'); drop table t; --` },
      { id: 2, name: 'two', tag: `'); drop table t; --` },
    ])
  })

  test('several statements are one transaction', async () => {
    await using w = await world()
    const outcome = await w.run({
      nodes: {
        x: { kind: 'execute', config: { connection: 'a', sql: 'create table t (x); insert into nowhere values (1)' } },
      },
    })
    expect(outcome.error).toMatchObject({ code: 'QUERY_MISSING', at: { node: 'x' } })
    expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([])
  })
})

test('in a common transaction a load that fails is tried again without losing the others', async () => {
  await using w = await world()
  const failing = { ...load('a', 'two'), retry: { count: 1, delayMs: 1, on: ['DATA'] } }
  await w.run({
    nodes: {
      x: {
        kind: 'execute',
        config: {
          connection: 'a',
          sql: 'create table two (id integer primary key, name text); insert into two values (2, null)',
        },
      },
    },
  })
  const outcome = await w.run(
    {
      nodes: { s: rows, one: load('a', 'one'), two: failing },
      edges: [
        { from: 's', to: 'one' },
        { from: 's', to: 'two' },
      ],
    },
    { dryRun: true },
  )
  expect(outcome.nodes.two).toMatchObject({ state: 'failed', attempt: 2, error: { code: 'DATA_CONSTRAINT' } })
  expect(outcome.nodes.one?.counts.inserted).toBe(2)
  expect(w.sqlite('a', 'select name from sqlite_master')).toEqual([{ name: 'two' }])
})

describe('where DDL commits by itself (MySQL)', () => {
  const make = { kind: 'execute', config: { connection: 'my', sql: 'create table made (x int)' } }

  test('a dry run rehearses loads in every mode and leaves nothing', async () => {
    await using mariadb = await freshMariaDb()
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    await mariadb.sql("create table t (id bigint primary key, name text) as select 2 as id, 'old' as name")
    const nodes = {
      s: rows,
      fresh: load('my', 'fresh', { mode: 'fail' }),
      upsert: load('my', 't', { mode: 'upsert', keys: ['id'] }),
      replace: load('my', 't', { mode: 'replace', keys: ['id'] }),
      truncate: load('my', 't', { mode: 'truncate' }),
    }
    const edges = ['fresh', 'upsert', 'replace', 'truncate'].map((to) => ({ from: 's', to }))
    const outcome = await w.run({ nodes, edges }, { dryRun: true })
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.fresh?.counts.inserted).toBe(2)
    expect(await mariadb.sql('select id, name from t')).toEqual([{ id: 2, name: 'old' }])
    expect(await mariadb.sql('show tables')).toHaveLength(1)
  })

  test('a dry run refuses the statement', async () => {
    await using mariadb = await freshMariaDb()
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const outcome = await w.run({ nodes: { make } }, { dryRun: true })
    expect(outcome.error).toMatchObject({ code: 'CONFIG_INVALID', at: { node: 'make', field: 'sql' } })
    expect(await mariadb.sql('show tables')).toEqual([])
  })

  test('an atomic pipeline refuses the statement, and commits its loads together', async () => {
    await using mariadb = await freshMariaDb()
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    await mariadb.sql('create table one (id bigint, name text)')
    const loads = { s: rows, one: load('my', 'one'), two: load('my', 'two') }
    const edges = [
      { from: 's', to: 'one' },
      { from: 's', to: 'two' },
    ]
    const refused = await w.run({ atomic: 'pipeline', nodes: { ...loads, make }, edges })
    expect(refused.error).toMatchObject({ code: 'CONFIG_INVALID', at: { node: 'make' } })
    expect(await mariadb.sql('select count(*) as n from one')).toEqual([{ n: 0 }])
    expect(await mariadb.sql('show tables')).toHaveLength(1)
    expect((await w.run({ atomic: 'pipeline', nodes: loads, edges })).error).toBeUndefined()
    expect(await mariadb.sql('select (select count(*) from one) + (select count(*) from two) as n')).toEqual([{ n: 4 }])
  })

  test('backslashes and hash comments end statements as MySQL reads them', async () => {
    await using mariadb = await freshMariaDb()
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const sql = "create table made (x text); # no; end\ninsert into made values ('it\\'s; one')"
    const outcome = await w.run({ nodes: { make: { kind: 'execute', config: { connection: 'my', sql } } } })
    expect(outcome.error).toBeUndefined()
    expect(await mariadb.sql('select x from made')).toEqual([{ x: "it's; one" }])
  })

  test('the order of a query outlives a transform that reads few of its columns', async () => {
    await using mariadb = await freshMariaDb()
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    await mariadb.sql(
      'create table t as select cast(seq as int) as id, cast(-seq as int) as k, md5(seq) as name from seq_1_to_5000',
    )
    const outcome = await w.run({
      nodes: {
        q: { kind: 'query', config: { connection: 'my', sql: 'select id, k, name from t order by k' } },
        first: { kind: 'limit', config: { count: 2 } },
        ids: { kind: 'select', config: { columns: [{ column: 'id' }] } },
        l: load('a', 't'),
      },
      edges: [
        { from: 'q', to: 'first' },
        { from: 'first', to: 'ids' },
        { from: 'ids', to: 'l' },
      ],
    })
    expect(outcome.error).toBeUndefined()
    expect(w.sqlite('a', 'select id from t')).toEqual([{ id: 5000 }, { id: 4999 }])
  })
})
