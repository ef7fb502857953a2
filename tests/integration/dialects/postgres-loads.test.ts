import { expect, test } from 'vitest'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import { none, PostgresDatabase } from './postgres-database.ts'
import { column, int32, plan, text } from './subject.ts'

const at = new PostgresDatabase()
const id = column('id', int32)

test('a single column takes a line of \\. and empty lines as data', async () => {
  const lines = 'a\n\\.\n"\\."\n\n""\n\\N\nz\n'
  expect(await at.load('single', [column('t', text)], lines)).toEqual({ ...none, received: 7, inserted: 7 })
  const rows = await at.sql('select t from single')
  expect(rows.map((row) => row.t)).toEqual(['a', '\\.', '\\.', null, '', '\\N', 'z'])
})

test('every type is created as itself, with lists as arrays', async () => {
  const types: [ColumnType, string, string][] = [
    [{ kind: 'int16' }, '1', 'smallint'],
    [{ kind: 'int64' }, '1', 'bigint'],
    [{ kind: 'float32' }, '1.5', 'real'],
    [{ kind: 'decimal', precision: 38, scale: 10 }, '1.5', 'numeric(38,10)'],
    [{ kind: 'decimal' }, '1.5', 'numeric'],
    [{ kind: 'blob' }, '\\x00', 'bytea'],
    [{ kind: 'timestamptz' }, '2024-01-01T00:00:00Z', 'timestamp with time zone'],
    [{ kind: 'json' }, '"{""a"": 1}"', 'jsonb'],
    [{ kind: 'uuid' }, '00000000-0000-0000-0000-000000000000', 'uuid'],
    [{ kind: 'list', of: { kind: 'text' } }, '"{""a,b"",NULL}"', 'text[]'],
    [{ kind: 'list', of: { kind: 'decimal', precision: 5, scale: 2 } }, '{1.25}', 'numeric(5,2)[]'],
  ]
  const columns = types.map(([type], index) => ({ name: `c${index}`, type }))
  await at.load('typed', columns, `${types.map(([, text]) => text).join(',')}\n`)
  const info = await at.db.table({ name: 'typed' })
  expect(info?.columns.map((each) => each.databaseType)).toEqual(types.map(([, , name]) => name))
  expect(info?.columns.map((each) => each.type)).toEqual(types.map(([type]) => type))
})

test('type overrides are types and nothing else', async () => {
  await at.load('overridden', [id, column('n', text)], '1,2.5\n', {
    types: { n: 'numeric(12, 3)', id: 'bigserial' },
    keys: ['id'],
  })
  const info = await at.db.table({ name: 'overridden' })
  expect(info?.columns.map((each) => each.databaseType)).toEqual(['bigint', 'numeric(12,3)'])
  for (const evil of ['int); drop table overridden; --', 'int, sneaked int', 'nonsense'])
    await expect(at.load('never', [id], '1\n', { types: { id: evil } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  expect(await at.db.table({ name: 'overridden' })).toBeDefined()
  expect(await at.db.table({ name: 'never' })).toBeUndefined()
})

test('lists of lists that differ in length say what to do', async () => {
  const lists: Column = { name: 'l', type: { kind: 'list', of: { kind: 'list', of: { kind: 'int32' } } } }
  await expect(at.load('ragged', [lists], '"{{1,2},{3}}"\n')).rejects.toMatchObject({
    code: 'DATA_TYPE',
    hint: expect.stringContaining('json with a select node'),
  })
})

test('a column named as one of the server is refused with the way out', async () => {
  for (const mode of ['fail', 'append', 'replace', 'upsert'] as const) {
    await expect(at.load('own', [id, column('xmin', text)], '1,2\n', { mode, keys: ['id'] })).rejects.toMatchObject({
      code: 'CONFIG_COLUMN',
      message: expect.stringContaining('xmin'),
      hint: expect.stringContaining('"columns"'),
    })
  }
})

test('replace passes on owner, grants and key name', async () => {
  const role = `reader_${at.name}`
  await at.sql(`create role ${role}; create table handed (id int primary key, old text); insert into handed values (1, 'x');
    grant select, update on handed to ${role}; alter table handed owner to ${role}`)
  await at.load('handed', [id, column('new', text)], '7,y\n', { mode: 'replace', keys: ['id'] })
  expect(await at.sql('select * from handed')).toEqual([{ id: 7, new: 'y' }])
  const [facts] = await at.sql(
    `select tableowner, has_table_privilege('${role}', 'handed', 'update') as may,
            (select conname from pg_constraint where conrelid = 'handed'::regclass and contype = 'p') as key
       from pg_tables where tablename = 'handed'`,
  )
  expect(facts).toEqual({ tableowner: role, may: true, key: 'handed_pkey' })
  expect((await at.db.tables()).filter((table) => table.name.startsWith('sluice_'))).toEqual([])
  await at.sql(`drop table handed; drop role ${role}`)
})

test('replace tells a key that occurs twice by the name of the table', async () => {
  await at.sql('create table twice (id int primary key)')
  const todo = { mode: 'replace' as const, keys: ['id'] }
  await expect(at.load('twice', [id], '1\n1\n', todo)).rejects.toMatchObject({
    code: 'DATA_CONSTRAINT',
    message: expect.stringContaining('"twice_pkey"'),
  })
  const reasons: string[] = []
  await at.load('twice', [id], '1\n1\n', { ...todo, maxRejects: 1, onReject: (_row, reason) => reasons.push(reason) })
  expect(reasons).toEqual([expect.stringContaining('"twice_pkey"')])
})

test('replace lets others read the old rows until it ends', async () => {
  await at.load('swapped', [id], '1\n')
  await using session = await at.db.session()
  const todo = plan('swapped', [id], { mode: 'replace', batchSize: 1 })
  const writer = await session.write(todo)
  await writer.write(Buffer.from('2\n3\n'))
  expect(await at.sql('select id from swapped')).toEqual([{ id: 1 }])
  await writer.finish()
  expect(await at.sql('select id from swapped order by id')).toEqual([{ id: 2 }, { id: 3 }])
})

test('a table that views or foreign keys depend on is not replaced, and says so before rows are loaded', async () => {
  await at.sql(`create table seen (id int primary key); create view seen_by as select id from seen;
    create table child (id int references seen); insert into seen values (1)`)
  await using session = await at.db.session()
  const todo = plan('seen', [id], { mode: 'replace', batchSize: 1 })
  await expect(session.write(todo)).rejects.toMatchObject({
    code: 'QUERY_CONFLICT',
    message: expect.stringMatching(/child.*seen_by|seen_by.*child/),
    hint: expect.stringContaining('truncate'),
  })
  await expect(session.write({ ...todo, mode: 'truncate' })).rejects.toMatchObject({ code: 'QUERY_CONFLICT' })
  expect(await at.sql('select * from seen')).toEqual([{ id: 1 }])
})

test('defaults fill what does not arrive; computed columns are refused; identity takes given values', async () => {
  await at.sql(`create table filled (id int generated always as identity primary key, v int default 7, name text,
    twice int generated always as (v * 2) stored)`)
  await at.load('filled', [column('name', text)], 'a\nb\n')
  expect(await at.sql('select * from filled order by id')).toEqual([
    { id: 1, v: 7, name: 'a', twice: 14 },
    { id: 2, v: 7, name: 'b', twice: 14 },
  ])
  await expect(at.load('filled', [column('twice', int32)], '1\n')).rejects.toMatchObject({ code: 'CONFIG_COLUMN' })
  const result = await at.load('filled', [id, column('name', text)], '2,B\n9,z\n', { mode: 'upsert', keys: ['id'] })
  expect(result).toEqual({ ...none, received: 2, inserted: 1, updated: 1 })
  expect(await at.sql('select id, name from filled where id > 1 order by id')).toEqual([
    { id: 2, name: 'B' },
    { id: 9, name: 'z' },
  ])
})

test('upsert wants a unique key, names the ones there are, and counts on partitioned tables too', async () => {
  await at.sql(`create table keyed (id int primary key, code text unique, note text);
    create table parts (id int, region text, n int, primary key (id, region)) partition by list (region);
    create table parts_a partition of parts for values in ('a'); create table parts_b partition of parts for values in ('b');
    insert into parts values (1, 'a', 1)`)
  await expect(
    at.load('keyed', [id, column('note', text)], '1,x\n', { mode: 'upsert', keys: ['note'] }),
  ).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringContaining('(code)'),
  })
  const columns = [id, column('region', text), column('n', int32)]
  const result = await at.load('parts', columns, '1,a,5\n2,b,6\n2,b,7\n', { mode: 'upsert', keys: ['region', 'id'] })
  expect(result).toEqual({ ...none, received: 3, inserted: 1, updated: 1 })
  expect(await at.sql('select * from parts order by id')).toEqual([
    { id: 1, region: 'a', n: 5 },
    { id: 2, region: 'b', n: 7 },
  ])
})

test('upsert keeps every row whose key holds null', async () => {
  await at.sql('create table nullable (code text unique, n int)')
  const result = await at.load('nullable', [column('code', text), column('n', int32)], ',1\n,2\nx,3\nx,4\n', {
    mode: 'upsert',
    keys: ['code'],
  })
  expect(result).toEqual({ ...none, received: 4, inserted: 3 })
  expect(await at.sql('select code, n from nullable order by n')).toEqual([
    { code: null, n: 1 },
    { code: null, n: 2 },
    { code: 'x', n: 4 },
  ])
})

test('upsert with nothing but keys inserts what is missing', async () => {
  await at.sql('create table only_keys (id int primary key); insert into only_keys values (1)')
  expect(await at.load('only_keys', [id], '1\n2\n', { mode: 'upsert', keys: ['id'] })).toEqual({
    ...none,
    received: 2,
    inserted: 1,
  })
})

test('a view is no place for rows', async () => {
  await at.sql('create table base (id int); create view on_base as select * from base')
  for (const mode of ['append', 'replace', 'truncate'] as const)
    await expect(at.load('on_base', [id], '1\n', { mode })).rejects.toMatchObject({ code: 'QUERY_CONFLICT' })
})

test('names that Postgres would cut are refused', async () => {
  const long = `daily_${'x'.repeat(60)}`
  await expect(at.load(long, [id], '1\n')).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `The table ${long} has a name of 66 bytes, and Postgres keeps 63 of them.`,
    at: { field: 'table' },
  })
  await expect(at.load('short', [column(long, int32)], '1\n')).rejects.toMatchObject({ at: { field: 'columns' } })
})
