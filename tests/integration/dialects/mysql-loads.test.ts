import { describe, expect, it, test } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import type { WriteMode } from '../../../src-main/dialects/dialect.ts'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { freshMariaDb, provisionMariaDb } from '../../helpers/mariadb.ts'
import { MariaDbDatabase } from './mysql-database.ts'
import { column, failure, int32, load, loadOn, plan, query, text, wireBytes } from './subject.ts'

const at = new MariaDbDatabase()
const columns = [column('id', int32), column('name', text)]
const tables = async () => (await at.server.sql('show tables')).flatMap((row) => Object.values(row))

describe('a load', () => {
  it('names the row that the table refuses, however many came before it', async () => {
    await at.sql('create or replace table t (id int primary key, name longtext)')
    await using session = await at.db.session()
    const writer = await session.write(plan('t', columns))
    // More than one statement takes.
    const long = 'x'.repeat(500_000)
    for (let id = 1; id <= 99; id++) await writer.write(wireBytes(at.db, columns, [[id, long]]))
    const rest = writer.write(new TextEncoder().encode('100,a\nwhat,b\n')).then(() => writer.finish())
    expect(await failure(rest)).toMatchObject({ code: 'DATA_TYPE', message: expect.stringMatching(/row 101\b/) })
    expect(await at.server.sql('select count(*) as n from t')).toEqual([{ n: 0 }])
  })

  it('is told of a refused row before all have been sent', async () => {
    await at.sql('create or replace table t (id int primary key, name longtext)')
    await using session = await at.db.session()
    const writer = await session.write(plan('t', columns))
    const endless = async () => {
      const row = wireBytes(at.db, columns, [[1, 'x'.repeat(1_000_000)]])
      for (;;) await writer.write(row)
    }
    expect(await failure(endless())).toMatchObject({ code: 'DATA_CONSTRAINT' })
    await writer.abort()
  })

  it('refuses a table whose engine has no transactions, but replaces it', async () => {
    await at.sql('create or replace table t (id int, name text) engine=MyISAM', "insert into t values (1, 'one')")
    for (const mode of ['append', 'truncate', 'update', 'delete'] satisfies WriteMode[])
      expect(await failure(load(at.db, plan('t', columns, { mode, keys: ['id'] }), [[2, 'two']]))).toMatchObject({
        code: 'QUERY_CONFLICT',
        message: expect.stringContaining('MyISAM'),
      })
    expect(await at.select('select id, name from t')).toEqual([[1, 'one']])
    await load(at.db, plan('t', columns, { mode: 'replace' }), [[2, 'two']])
    expect(await at.select('select id, name from t')).toEqual([[2, 'two']])
  })

  it('refuses to replace a table that others refer to', async () => {
    await at.sql(
      'create or replace table parent (id int primary key, name text) engine=InnoDB',
      'create or replace table child (parent int references parent (id)) engine=InnoDB',
    )
    expect(await failure(load(at.db, plan('parent', columns, { mode: 'replace' }), [[1, 'x']]))).toMatchObject({
      code: 'QUERY_CONFLICT',
      message: expect.stringContaining('child'),
    })
    await load(at.db, plan('parent', columns, { mode: 'truncate' }), [[1, 'x']])
    await at.sql('insert into child values (1)')
    expect(await failure(load(at.db, plan('parent', columns, { mode: 'truncate' }), []))).toMatchObject({
      code: 'DATA_CONSTRAINT',
    })
    await at.sql('drop table child')
  })

  it('upserts by its keys alone: a clash on another key is refused', async () => {
    await at.sql(
      'create or replace table t (id int primary key, name varchar(20) unique)',
      "insert into t values (1, 'one'), (2, 'two')",
    )
    const todo = plan('t', columns, { mode: 'upsert', keys: ['id'] })
    expect(await failure(load(at.db, todo, [[3, 'one']]))).toMatchObject({ code: 'DATA_CONSTRAINT' })
    expect(await at.select('select id, name from t order by id')).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
  })

  it('matches keys as the table compares them, and the last of equal ones wins', async () => {
    await at.sql(
      'create or replace table t (id varchar(9) collate utf8mb4_general_ci primary key, name text)',
      "insert into t values ('Ä', 'old')",
    )
    const keyed = [column('id', text), column('name', text)]
    const result = await load(at.db, plan('t', keyed, { mode: 'upsert', keys: ['id'] }), [
      ['a', 'first'],
      ['A', 'last'],
      ['b', 'new'],
    ])
    expect(result).toMatchObject({ inserted: 1, updated: 1 })
    expect(await at.select('select name from t order by id')).toEqual([['last'], ['new']])
  })

  it('keeps keys of a table that it makes apart when they differ at all', async () => {
    const keyed = [column('id', text), column('v', int32)]
    await load(at.db, plan('apart', keyed, { mode: 'upsert', keys: ['id'] }), [
      ['a', 1],
      ['A', 2],
      ['á', 3],
      ['a ', 4],
    ])
    expect(await at.select('select v from apart order by v')).toEqual([[1], [2], [3], [4]])
  })

  test.each(['update', 'delete'] as const)('%s by a key that no index takes', async (mode) => {
    await at.sql('create or replace table t (name text, v int)', "insert into t values ('a', 1), ('b', 2), (null, 3)")
    const keyed = [column('name', text), column('v', int32)]
    const rows: Row[] = [
      ['a', 10],
      [null, 0],
      ['a', 20],
      ['z', 5],
    ]
    const result = await load(at.db, plan('t', keyed, { mode, keys: ['name'] }), rows)
    expect(result).toMatchObject(mode === 'update' ? { updated: 1 } : { deleted: 1 })
    expect(await at.select('select v from t order by v')).toEqual(mode === 'update' ? [[2], [3], [20]] : [[2], [3]])
  })

  it('writes several new tables of one transaction at its commit, and none without it', async () => {
    await at.sql('drop table if exists t', 'create or replace table before_it (id int)')
    const run = async (end: 'commit' | 'rollback') => {
      await using session = await at.db.session()
      await session.begin()
      await session.execute({ sql: 'insert into before_it values (1)' })
      await loadOn(session, at.db, plan('made', columns, { mode: 'fail' }), [[1, 'one']])
      await loadOn(session, at.db, plan('made', columns, { mode: 'append' }), [[2, 'two']])
      await loadOn(session, at.db, plan('before_it', columns, { mode: 'replace' }), [[3, 'three']])
      expect(await tables()).not.toContain('made')
      expect(await at.select('select count(*) as n from before_it')).toEqual([[0n]])
      await session[end]()
    }
    await run('rollback')
    expect((await tables()).filter((name) => /^(made|sluice)/.test(String(name)))).toEqual([])
    await run('commit')
    expect(await at.select('select id, name from made order by id')).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
    expect(await at.select('select * from before_it')).toEqual([[3, 'three']])
    expect((await tables()).filter((name) => String(name).startsWith('sluice'))).toEqual([])
  })

  it('leaves tables of other loads that are under way alone', async () => {
    await using one = await at.db.session()
    await using two = await at.db.session()
    const first = await one.write(plan('of_one', columns, { mode: 'replace' }))
    const second = await two.write(plan('of_two', columns, { mode: 'replace' }))
    await first.write(wireBytes(at.db, columns, [[1, 'one']]))
    await second.write(wireBytes(at.db, columns, [[2, 'two']]))
    expect([(await first.finish()).inserted, (await second.finish()).inserted]).toEqual([1, 1])
  })

  it('goes on in a transaction after a statement that committed by itself', async () => {
    await at.sql('create or replace table t (id int)')
    await using session = await at.db.session()
    await session.begin()
    await session.execute({ sql: 'create or replace table other (id int)' })
    await session.execute({ sql: 'insert into t values (1)' })
    await session.rollback()
    expect(await at.select('select count(*) as n from t')).toEqual([[0n]])
  })
})

describe('a server without LOAD DATA LOCAL and TLS', () => {
  it('is loaded by inserts, with the same result', async () => {
    const server = await provisionMariaDb({ localInfile: false, tls: false })
    if ('missing' in server) throw new Error(server.missing)
    try {
      await using fresh = await freshMariaDb(server)
      await using database = await mysql.open(mysql.parseUrl(fresh.url), '/')
      const wide = [
        column('id', int32),
        column('name', text),
        column('b', { kind: 'blob' }),
        column('ok', { kind: 'boolean' }),
      ]
      const rows = Array.from(
        { length: 3000 },
        (_, id): Row => [
          id,
          id % 7 === 0 ? null : id % 5 === 0 ? '' : `a,"b"\\${id}\n`,
          Uint8Array.of(id & 255, 0, 39),
          id % 2 === 0,
        ],
      )
      expect(await load(database, plan('t', wide, { mode: 'replace', keys: ['id'] }), rows)).toMatchObject({
        inserted: 3000,
      })
      expect((await query(database, 'select * from t order by id')).rows).toEqual(rows)
      const clash = await failure(
        load(database, plan('t', wide), [
          [5000, 'x', null, null],
          [7, 'x', null, null],
        ]),
      )
      expect(clash).toMatchObject({ code: 'DATA_CONSTRAINT' })
      expect(
        await load(database, plan('t', wide, { mode: 'upsert', keys: ['id'] }), [
          [1, 'new', null, true],
          [5000, 'x', null, null],
        ]),
      ).toMatchObject({ inserted: 1, updated: 1 })
      const refused: string[] = []
      const onReject = (row: string) => refused.push(row)
      expect(
        await load(database, plan('t', columns, { maxRejects: 5, onReject }), [
          [6000, 'x'],
          [7, 'x'],
        ]),
      ).toMatchObject({ inserted: 1, rejected: 1 })
      expect(refused).toEqual(['7,x\n'])
      await database.session().then(async (session) => {
        await session.execute({ sql: 'create table whole (v int)' })
        await session.release()
      })
      const bent = plan('whole', [column('v', { kind: 'float64' })])
      expect(await failure(load(database, bent, [[1], [1.7]]))).toMatchObject({
        code: 'DATA_TYPE',
        message: 'Column v at row 2: "1.7" is not a value of type int32.',
      })
      const wanted = mysql.open({ ...mysql.parseUrl(fresh.url), tls: { mode: 'require' } }, '/')
      await using encrypted = await wanted
      expect(await failure(query(encrypted, 'select 1 as one'))).toMatchObject({ code: 'CONNECTION_TLS' })
    } finally {
      await server.stop()
    }
  })
})
