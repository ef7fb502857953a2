import { describe, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { rowsNode, type World, world } from '../../helpers/engine.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'

const rows = rowsNode({ id: 'int64', name: 'text' }, [
  ['1', 'new'],
  ['2', 'two'],
])
const load = (table: string, more: object = {}) => ({
  kind: 'load',
  config: { connection: 'db', table, mode: 'append', ...more },
})
const query = (sql: string) => ({ kind: 'query', config: { connection: 'db', sql } })

/** A world with one connection `db`, and a way to ask it from outside of the run. */
interface Place extends AsyncDisposable {
  w: World
  ask(sql: string): Promise<Record<string, unknown>[]>
}

const places: Record<string, () => Promise<Place>> = {
  SQLite: async () => {
    const w = await world()
    const inner = await world({ db: { dialect: 'sqlite', file: w.path('db') } })
    const ask = async (sql: string) => w.sqlite('db', sql)
    return {
      w: inner,
      ask,
      async [Symbol.asyncDispose]() {
        await inner[Symbol.asyncDispose]()
        await w[Symbol.asyncDispose]()
      },
    }
  },
  Postgres: async () => {
    const fresh = await freshDatabase()
    return placeOf(fresh, await world({ db: postgres.parseUrl(fresh.url) }))
  },
  MariaDB: async () => {
    const fresh = await freshMariaDb()
    return placeOf(fresh, await world({ db: mysql.parseUrl(fresh.url) }))
  },
}

function placeOf(fresh: { sql(sql: string): Promise<Record<string, unknown>[]> } & AsyncDisposable, w: World): Place {
  return {
    w,
    ask: (sql) => fresh.sql(sql),
    async [Symbol.asyncDispose]() {
      await w[Symbol.asyncDispose]()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

describe.each(Object.entries(places))('what reads after a load of the same connection, on %s', (name, open) => {
  const reading = {
    nodes: {
      s: rows,
      t: load('t', { mode: 'upsert', keys: ['id'] }),
      again: query("select id, name from t where name <> 'left' order by id"),
      copy: load('copied', { mode: 'append' }),
      count: query('select count(*) as n from copied'),
      counted: load('counted', { mode: 'append' }),
    },
    edges: [
      { from: 's', to: 't' },
      { from: 't', to: 'again', after: true as const },
      { from: 'again', to: 'copy' },
      { from: 'copy', to: 'count', after: true as const },
      { from: 'count', to: 'counted' },
    ],
  }
  const prepare = async ({ w }: Place) => {
    const old = rowsNode({ id: 'int64', name: 'text' }, [['1', 'old']])
    const made = await w.run({
      nodes: { old, t: load('t', { mode: 'fail', keys: ['id'] }) },
      edges: [{ from: 'old', to: 't' }],
    })
    expect(made.error).toBeUndefined()
    // MariaDB makes new tables only when all of it commits.
    const empty = rowsNode({ id: 'int64', name: 'text', n: 'int64' }, [])
    const tables = { empty, copied: load('copied', { mode: 'fail' }), counted: load('counted', { mode: 'fail' }) }
    const edges = ['copied', 'counted'].map((to) => ({ from: 'empty', to }))
    expect((await w.run({ nodes: tables, edges })).error).toBeUndefined()
  }

  test('sees what was written, where all of it commits together', async () => {
    await using place = await open()
    await prepare(place)
    const outcome = await place.w.run({ atomic: 'pipeline', ...reading })
    expect(outcome.error).toBeUndefined()
    expect((await place.ask('select name from copied order by id')).map((row) => row.name)).toEqual(['new', 'two'])
    expect((await place.ask('select n from counted')).map(({ n }) => Number(n))).toEqual([2])
  })

  test('sees it in a dry run as well, which leaves nothing', async () => {
    await using place = await open()
    await prepare(place)
    const outcome = await place.w.run(reading, { dryRun: true })
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.again?.counts.rowsOut).toBe(2)
    expect(outcome.nodes.copy?.counts.inserted).toBe(2)
    expect(outcome.nodes.counted?.counts.inserted).toBe(1)
    expect((await place.ask('select name from t')).map((row) => row.name)).toEqual(['old'])
  })

  test('a read that fails leaves the others their turn, and all is rolled back', async () => {
    await using place = await open()
    await prepare(place)
    const { nodes, edges } = reading
    const wrong = { ...nodes, again: query('select id, nothing as name from nowhere'), other: load('other') }
    const outcome = await place.w.run({
      atomic: 'pipeline',
      nodes: wrong,
      edges: [...edges, { from: 's', to: 'other' }],
    })
    expect(outcome.nodes.again?.state).toBe('failed')
    expect(outcome.nodes.other?.error?.message).toMatch(/rolled back/i)
    expect((await place.ask('select name from t')).map((row) => row.name)).toEqual(['old'])
  })

  describe.each(['node', 'pipeline'] as const)('with commits by %s', (atomic) => {
    test.each([
      ['append', ['old', 'made of old']],
      ['truncate', ['made of old']],
      ['replace', ['made of old']],
      ['upsert', ['made of old']],
      ['update', ['made of old']],
      ['delete', []],
    ])('a table is read and loaded by one pipeline, mode %s', async (mode, after) => {
      await using place = await open()
      await prepare(place)
      const columns = [{ name: 'name', expression: "'made of ' || name" }]
      const another = { name: 'id', expression: 'id + 10' }
      const outcome = await place.w.run({
        atomic,
        nodes: {
          t: { kind: 'table', config: { connection: 'db', table: 't' } },
          more: { kind: 'derive', config: { columns: mode === 'append' ? [...columns, another] : columns } },
          back: load('t', { mode, ...(['upsert', 'update', 'delete'].includes(mode) && { keys: ['id'] }) }),
        },
        edges: [
          { from: 't', to: 'more' },
          { from: 'more', to: 'back' },
        ],
      })
      expect(outcome.error).toBeUndefined()
      expect((await place.ask('select name from t order by id')).map((row) => row.name)).toEqual(after)
    })
  })

  test('other tables can be read while one is made anew', async () => {
    await using place = await open()
    await prepare(place)
    const nodes = {
      s: rows,
      t: load('t', { mode: 'replace' }),
      other: query('select count(*) as n from copied'),
      counted: load('counted'),
    }
    const edges = [
      { from: 's', to: 't' },
      { from: 't', to: 'other', after: true as const },
      { from: 'other', to: 'counted' },
    ]
    expect((await place.w.run({ atomic: 'pipeline', nodes, edges })).error).toBeUndefined()
    expect((await place.ask('select n from counted')).map(({ n }) => Number(n))).toEqual([0])
  })

  test('a query that changes rows is undone with the rest, and one without rows is refused before it runs', async () => {
    await using place = await open()
    await prepare(place)
    const count = async () => Number((await place.ask('select count(*) as n from t'))[0]?.n)
    const update = {
      nodes: { q: query("update t set name = 'changed'"), copy: load('copied') },
      edges: [{ from: 'q', to: 'copy' }],
    }
    expect((await place.w.run(update)).error).toMatchObject({ code: 'CONFIG_INVALID', at: { node: 'q', field: 'sql' } })
    expect((await place.ask('select name from t')).map((row) => row.name)).toEqual(['old'])
    const taken = {
      q: query('delete from t returning id, name'),
      kept: { kind: 'load', config: { connection: 'a', table: 'taken', mode: 'append' } },
    }
    const edges = [{ from: 'q', to: 'kept' }]
    const dry = await place.w.run({ nodes: taken, edges }, { dryRun: true })
    expect(await count()).toBe(1)
    const bad = { ...taken, bad: query('select id from nowhere') }
    expect((await place.w.run({ atomic: 'pipeline', nodes: bad, edges })).state).toBe('failed')
    expect(await count()).toBe(1)
    const done = await place.w.run({ nodes: taken, edges })
    if (name === 'MariaDB') {
      // It does not say before a statement runs that it gives rows.
      expect(done.error).toMatchObject({ code: 'CONFIG_INVALID', at: { node: 'q' } })
      expect(await count()).toBe(1)
    } else {
      expect(dry.nodes.kept?.counts.inserted).toBe(1)
      expect(done.error).toBeUndefined()
      expect(await count()).toBe(0)
      expect(place.w.sqlite('a', 'select name from taken')).toEqual([{ name: 'old' }])
    }
  })

  test('a table that is made anew can be read before it commits, or the read says why not', async () => {
    await using place = await open()
    await prepare(place)
    const { nodes, edges } = reading
    const outcome = await place.w.run({
      atomic: 'pipeline',
      nodes: { ...nodes, t: load('t', { mode: 'replace' }) },
      edges,
    })
    if (name === 'MariaDB') {
      expect(outcome.error).toMatchObject({ code: 'QUERY_MISSING', at: { node: 'again' } })
      expect((await place.ask('select name from t')).map((row) => row.name)).toEqual(['old'])
    } else {
      expect(outcome.error).toBeUndefined()
      expect((await place.ask('select name from copied order by id')).map((row) => row.name)).toEqual(['new', 'two'])
    }
  })
})
