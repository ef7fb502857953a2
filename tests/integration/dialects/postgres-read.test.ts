import { expect, test } from 'vitest'
import type { BoundValue } from '../../../src-main/dialects/dialect.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { PostgresDatabase, value, wire } from './postgres-database.ts'

const at = new PostgresDatabase(`
  create type mood as enum ('sad', 'it''s "ok"', 'happy');
  create table numbers as select g as n, 'row ' || g as name from generate_series(1, 20000) g`)

test('order survives where columns are converted', async () => {
  await using session = await at.db.session()
  const text = await wire(session, { sql: 'select n, array[n] from numbers order by n desc; -- the end' })
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(20000)
  expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(
    Array.from({ length: 20000 }, (_, index) => 20000 - index),
  )
})

test('statements that COPY cannot take give their rows too', async () => {
  await at.sql('create table written (id int generated always as identity, tags text[])')
  await using session = await at.db.session()
  expect(await wire(session, { sql: 'show server_encoding' })).toBe('UTF8\n')
  expect(await wire(session, { sql: 'explain select 1' })).toContain('Result')
  const insert = { sql: 'insert into written (tags) values (:tags), (null) returning id, tags' }
  const tags: BoundValue = { type: { kind: 'list', of: { kind: 'text' } }, value: ['a,b', null] }
  expect(await wire(session, { ...insert, params: { tags } })).toBe('1,"[""a,b"",null]"\n2,\n')
  const cte = `with made as (insert into written (tags) values ('{z}') returning id) select id, array[id] from made`
  expect(await wire(session, { sql: cte })).toBe('3,[3]\n')
  expect(await at.sql('select count(*)::int as n from written')).toEqual([{ n: 3 }])
  expect(await wire(session, { sql: 'select 1 as one into written_too' })).toBe('')
  expect(await at.sql('select one from written_too')).toEqual([{ one: 1 }])
})

test('describing runs nothing', async () => {
  await at.sql('create sequence untouched; create table kept as select 1 as x')
  expect(await at.db.describe({ sql: `select nextval('untouched') as n` })).toEqual([
    { name: 'n', type: { kind: 'int64' } },
  ])
  await at.db.describe({ sql: 'delete from kept returning x' })
  expect(await at.sql('select is_called from untouched')).toEqual([{ is_called: false }])
  expect(await at.sql('select count(*)::int as n from kept')).toEqual([{ n: 1 }])
})

test('an error points into the text that the user wrote', async () => {
  const sql = 'select n, array[n], :p, 1 / (n - 5) from numbers where wrong = 1'
  const params = { p: value('text', 'a much longer value than its name') }
  const wrong = { position: sql.indexOf('wrong') }
  await expect(at.db.describe({ sql, params })).rejects.toMatchObject({
    code: 'QUERY_MISSING',
    sqlState: '42703',
    at: wrong,
  })
  const emoji = `select '🎉🎉', nope from numbers`
  await expect(at.db.describe({ sql: emoji })).rejects.toMatchObject({ at: { position: emoji.indexOf('nope') } })
  await using session = await at.db.session()
  await expect(wire(session, { sql: 'select 1 / (n - 5) as x from numbers order by n' })).rejects.toMatchObject({
    code: 'DATA_TYPE',
    sqlState: '22012',
  })
  expect(await wire(session, { sql: 'select 1' })).toBe('1\n')
})

test('two statements in one query are refused, and none runs', async () => {
  await using session = await at.db.session()
  const sql = 'select 1; drop table numbers'
  await expect(wire(session, { sql })).rejects.toMatchObject({ code: 'QUERY_SYNTAX', at: { position: 9 } })
  await expect(wire(session, { sql: `select 1) to stdout; drop table numbers; --` })).rejects.toMatchObject({
    code: 'QUERY_SYNTAX',
  })
  await expect(wire(session, { sql: `select 1) to program 'true' --` })).rejects.toMatchObject({ code: 'QUERY_SYNTAX' })
  expect(await at.sql('select count(*)::int as n from numbers')).toEqual([{ n: 20000 }])
})

test('pieces are of one size, and a row larger than a piece comes whole', async () => {
  await using session = await at.db.session()
  const sizes: number[] = []
  const reader = session.read({ sql: `select repeat('x', 300000) || n from numbers where n <= 3` })
  let text = ''
  for await (const piece of reader.bytes({ lists: 'json' })) {
    sizes.push(piece.length)
    text += Buffer.from(piece).toString('latin1')
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(65536)
  expect(text.split('\n').map((line) => line.length)).toEqual([300001, 300001, 300001, 0])
  expect(reader.rowsRead).toBe(3)
})

test('notices between the rows do not disturb them', async () => {
  await at.sql(`create function loud(n int) returns int language plpgsql volatile as
    $$ begin raise warning 'row % %', n, repeat('!', 5000); return n; end $$`)
  await using session = await at.db.session()
  const text = await wire(session, { sql: 'select loud(n) from numbers where n <= 500 order by n' })
  expect(text).toBe(Array.from({ length: 500 }, (_, index) => `${index + 1}\n`).join(''))
})

test('stopping early inside a transaction keeps the transaction', async () => {
  await at.sql('create table early (x int)')
  await using session = await at.db.session()
  await session.begin()
  await session.execute({ sql: 'insert into early values (1)' })
  for await (const _ of session.read({ sql: 'select a.n from numbers a, numbers b' }).bytes({ lists: 'json' })) break
  await session.execute({ sql: 'insert into early values (2)' })
  await session.commit()
  expect(await at.sql('select x from early order by x')).toEqual([{ x: 1 }, { x: 2 }])
})

test('between two batches of rows the session can do other things', async () => {
  await at.sql('create table between_batches (x int)')
  await using session = await at.db.session()
  let seen = 0
  for await (const batch of session.read({ sql: 'select n from numbers order by n limit 10' }).rows(4)) {
    seen += batch.length
    await session.execute({ sql: 'insert into between_batches values (:n)', params: { n: value('int32', seen) } })
  }
  expect(await at.sql('select x from between_batches order by x')).toEqual([{ x: 4 }, { x: 8 }, { x: 10 }])
})

test('while bytes are being read the session says that it is busy', async () => {
  await using session = await at.db.session()
  const pieces = session
    .read({ sql: 'select a.n from numbers a, numbers b' })
    .bytes({ lists: 'json' })
    [Symbol.asyncIterator]()
  await pieces.next()
  await expect(session.execute({ sql: 'select 1' })).rejects.toMatchObject({ code: 'QUERY_CONFLICT' })
  await pieces.return?.()
  expect((await session.execute({ sql: 'select 1 as one' })).rows).toEqual([[1]])
})

test('what a statement left behind does not reach the next session', async () => {
  await using once = await postgres.open({ ...postgres.parseUrl(at.url), pool: { max: 1 } }, '/')
  {
    await using session = await once.session()
    await session.execute({ sql: `set timezone to 'Asia/Tokyo'` })
    await session.execute({ sql: 'create temp table leftover (x int)' })
  }
  {
    await using session = await once.session()
    expect(await wire(session, { sql: `select to_regclass('leftover'), '2024-01-01 00:00+00'::timestamptz` })).toBe(
      ',2024-01-01 00:00:00+00\n',
    )
  }
})

test('tables are found along the search path, with generated and identity columns as having a default', async () => {
  await at.sql(`
    create schema other; create schema "Odd ""one";
    create table other.t (id int generated always as identity primary key, v numeric(6,2) not null default 1,
                          twice numeric generated always as (v * 2) stored, m mood unique);
    create unique index on other.t (v) where v > 0;
    create table "Odd ""one"."T ""2" (x int);
    create materialized view other.mv as select 1 as one`)
  expect(await at.db.table({ name: 't' })).toBeUndefined()
  const info = await at.db.table({ schema: 'other', name: 't' })
  expect(info).toMatchObject({ schema: 'other', kind: 'table', keys: [['id'], ['m']] })
  expect(info?.columns).toMatchObject([
    { name: 'id', hasDefault: true, primaryKey: true, nullable: false, databaseType: 'integer' },
    { name: 'v', hasDefault: true, nullable: false, databaseType: 'numeric(6,2)' },
    { name: 'twice', hasDefault: true, nullable: true },
    { name: 'm', hasDefault: false, type: { kind: 'enum' } },
  ])
  expect(await at.db.table({ schema: 'Odd "one', name: 'T "2' })).toMatchObject({ columns: [{ name: 'x' }] })
  const tables = await at.db.tables()
  expect(tables).toContainEqual({ schema: 'other', name: 'mv', kind: 'view' })
  expect(tables.filter((table) => table.schema?.startsWith('pg_'))).toEqual([])
})
