import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { world } from '../../helpers/engine.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

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

const load = (connection: string, table: string) => ({ kind: 'load', config: { connection, table, mode: 'replace' } })

describe('shapes of rows', () => {
  const one = (type: string, rows: unknown[][]) => ({
    kind: 'rows',
    config: { columns: [{ name: 'only', type }], rows },
  })
  const way = (node: object, connection = 'a') => ({
    nodes: {
      s: node as { kind: string; config: object },
      f: { kind: 'filter', config: { where: 'true' } },
      to: load(connection, 't'),
      back: { kind: 'query', config: { connection, sql: 'select * from t' } },
      again: { kind: 'sort', config: { keys: [{ column: 'only', nulls: 'first' }] } },
    },
    edges: [
      { from: 's', to: 'f' },
      { from: 'f', to: 'to' },
      { from: 'to', to: 'back', after: true as const },
      { from: 'back', to: 'again' },
    ],
  })

  test.each(['a', 'my'])('a single column of NULLs and empty texts keeps every row in %s', async (connection) => {
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const outcome = await w.run(way(one('text', [[null], [''], ['\\.'], [null], ['x']]), connection))
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.again?.samples.out?.rows).toEqual([[null], [null], [''], ['\\.'], ['x']])
  })

  test('a single column of NULL numbers keeps every row', async () => {
    await using w = await world()
    const outcome = await w.run(way(one('int64', [[null], ['1'], [null]])))
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.again?.samples.out?.rows).toEqual([[null], [null], [1n]])
  })

  test('no rows at all', async () => {
    await using w = await world()
    const outcome = await w.run(way(one('text', [])))
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.again?.counts.rowsOut).toBe(0)
  })

  test('a value of five megabytes by way of MySQL', async () => {
    await using w = await world({ my: mysql.parseUrl(mariadb.url) })
    const large = 'ä"'.repeat(1_250_000)
    const outcome = await w.run(way(one('text', [[large]]), 'my'))
    expect(outcome.error).toBeUndefined()
    expect(await mariadb.sql('select md5(only) as m from t')).toEqual([
      { m: createHash('md5').update(large).digest('hex') },
    ])
  })

  test('a value of five megabytes', async () => {
    await using w = await world()
    const large = 'ä"'.repeat(1_250_000)
    const outcome = await w.run(way(one('text', [[large]])))
    expect(outcome.error).toBeUndefined()
    expect(w.sqlite('a', 'select only from t')[0]?.only).toBe(large)
  })

  test('a value of 17 megabytes is too long for a row, and said to be', async () => {
    await using w = await world()
    const outcome = await w.run(way(one('text', [['x'.repeat(17 * 2 ** 20)]])))
    expect(outcome.error).toMatchObject({
      code: 'LIMIT_SIZE',
      message: 'A row takes more than 16 MB, which is more than the engine takes.',
    })
  })

  test('a limit that stops early ends the source and is no failure', async () => {
    await using w = await world()
    const outcome = await w.run({
      nodes: {
        s: {
          kind: 'query',
          config: {
            connection: 'a',
            sql: 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n',
          },
        },
        few: { kind: 'limit', config: { count: 5 } },
        l: load('b', 't'),
      },
      edges: [
        { from: 's', to: 'few' },
        { from: 'few', to: 'l' },
      ],
    })
    expect(outcome.error).toBeUndefined()
    expect(w.sqlite('b', 'select count(*) as n, max(i) as top from t')).toEqual([{ n: 5, top: 5 }])
  })
})

describe('a source is asked for no more columns than the query reads', () => {
  const table = `create table wide (id integer primary key, k integer, name text, note text, odd blob)`
  const doc = (measures: object[]) => ({
    nodes: {
      s: { kind: 'table', config: { connection: 'a', table: 'wide' } },
      f: { kind: 'filter', config: { where: 'k > 1' } },
      g: { kind: 'aggregate', config: { keys: [], measures } },
      l: load('b', 't'),
    },
    edges: [
      { from: 's', to: 'f' },
      { from: 'f', to: 'g' },
      { from: 'g', to: 'l' },
    ],
  })

  test('also where the query ends in a semicolon and repeats a name', async () => {
    const pg = postgres.parseUrl(database.url)
    for (const connection of ['a', 'pg', 'my']) {
      await using w = await world({ pg, my: mysql.parseUrl(mariadb.url) })
      const outcome = await w.run({
        nodes: {
          s: { kind: 'query', config: { connection, sql: "select 1 as id, 'x' as id, 3 as k; -- all of it" } },
          g: { kind: 'aggregate', config: { keys: [], measures: [{ name: 'top', function: 'max', column: 'k' }] } },
          l: load('b', 't'),
        },
        edges: [
          { from: 's', to: 'g' },
          { from: 'g', to: 'l' },
        ],
      })
      expect(outcome.error).toBeUndefined()
      expect(w.sqlite('b', 'select * from t')).toEqual([{ top: 3 }])
    }
  })

  test.each([
    ['some', [{ name: 'last', function: 'max', column: 'name' }], ['k', 'name'], { last: 'c' }],
    ['only what the condition needs', [{ name: 'n', function: 'count' }], ['k'], { n: 2 }],
  ])('%s', async (_, measures, read, row) => {
    await using w = await world()
    w.sqlite('a', table)
    w.sqlite('a', `insert into wide values (1, 1, 'a', 'x', x'00'), (2, 2, 'b', null, null), (3, 3, 'c', '', x'ff')`)
    const shown: string[][] = []
    const outcome = await w.run(doc(measures), {
      onRows: (node, _port, { columns }) => {
        if (node === 's') shown.push(columns.map((column) => column.name))
      },
    })
    expect(outcome.error).toBeUndefined()
    expect(shown).toEqual([read])
    expect(w.sqlite('b', 'select * from t')).toEqual([row])
  })
})
