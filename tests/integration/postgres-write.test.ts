import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Column, ColumnType } from '../../shared/data/types.ts'
import type { Database, WritePlan, WriteResult } from '../../src-main/dialects/dialect.ts'
import { postgres } from '../../src-main/dialects/postgres/index.ts'
import { type FreshDatabase, freshDatabase } from '../helpers/postgres.ts'

let fresh: FreshDatabase
let db: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  db = await postgres.open(postgres.parseUrl(fresh.url), '/')
})
afterAll(async () => {
  await db?.close()
  await fresh?.drop()
})

const column = (name: string, kind: 'int32' | 'text' | 'float64' = 'text'): Column => ({ name, type: { kind } })
const id = column('id', 'int32')
const none = { inserted: 0, updated: 0, deleted: 0, rejected: 0 }

async function load(
  table: string,
  columns: Column[],
  text: string,
  more: Partial<WritePlan> = {},
): Promise<WriteResult> {
  await using session = await db.session()
  const writer = await session.write({
    table: { name: table },
    mode: 'append',
    columns,
    keys: [],
    types: {},
    batchSize: 100,
    maxRejects: 0,
    ...more,
  })
  await writer.write(Buffer.from(text))
  return await writer.finish()
}

test('a single column takes a line of \\. and empty lines as data', async () => {
  const text = 'a\n\\.\n"\\."\n\n""\n\\N\nz\n'
  expect(await load('single', [column('t')], text)).toEqual({ ...none, inserted: 7 })
  const rows = await fresh.sql('select t from single')
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
  await load('typed', columns, `${types.map(([, text]) => text).join(',')}\n`)
  const info = await db.table({ name: 'typed' })
  expect(info?.columns.map((each) => each.databaseType)).toEqual(types.map(([, , name]) => name))
  expect(info?.columns.map((each) => each.type)).toEqual(types.map(([type]) => type))
})

test('type overrides are types and nothing else', async () => {
  await load('overridden', [id, column('n')], '1,2.5\n', {
    types: { n: 'numeric(12, 3)', id: 'bigserial' },
    keys: ['id'],
  })
  const info = await db.table({ name: 'overridden' })
  expect(info?.columns.map((each) => each.databaseType)).toEqual(['bigint', 'numeric(12,3)'])
  for (const evil of ['int); drop table overridden; --', 'int, sneaked int', 'nonsense'])
    await expect(load('never', [id], '1\n', { types: { id: evil } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(await db.table({ name: 'overridden' })).toBeDefined()
  expect(await db.table({ name: 'never' })).toBeUndefined()
})

test('a refused value is named by line and column', async () => {
  await fresh.sql('create table strict (id int, amount numeric(4,1))')
  const columns = [id, column('amount')]
  await expect(load('strict', columns, '1,2\n2,3\n3,many\n')).rejects.toMatchObject({
    code: 'DATA_TYPE',
    sqlState: '22P02',
    message: expect.stringMatching(/Line 3 .*column amount.*many/),
  })
  await expect(load('strict', columns, '1,99999\n')).rejects.toMatchObject({ code: 'DATA_RANGE', sqlState: '22003' })
  await expect(load('strict', columns, '1,2')).rejects.toMatchObject({ code: 'DATA_SHORT' })
  expect(await fresh.sql('select * from strict')).toEqual([])
})

test('a long refused value is cut in the message', async () => {
  await fresh.sql('create table narrow (id int)')
  const long = await load('narrow', [id], `${'9'.repeat(50_000)}\n`).catch((error: unknown) => error)
  expect(long).toMatchObject({
    code: 'DATA_RANGE',
    message: expect.stringMatching(/Line 1 .*column id.*999 … \(\d+ characters\)/),
  })
  expect(String(long).length).toBeLessThan(600)
})

test('lists of lists that differ in length say what to do', async () => {
  const lists: Column = { name: 'l', type: { kind: 'list', of: { kind: 'list', of: { kind: 'int32' } } } }
  await expect(load('ragged', [lists], '"{{1,2},{3}}"\n')).rejects.toMatchObject({
    code: 'DATA_TYPE',
    hint: expect.stringContaining('json with a select node'),
  })
})

test('a column named as one of the server is refused with the way out', async () => {
  for (const mode of ['fail', 'append', 'replace', 'upsert'] as const) {
    await expect(load('own', [id, column('xmin')], '1,2\n', { mode, keys: ['id'] })).rejects.toMatchObject({
      code: 'CONFIG_COLUMN',
      message: expect.stringContaining('xmin'),
      hint: expect.stringContaining('"columns"'),
    })
  }
})

test('replace passes on owner, grants and key name', async () => {
  const role = `reader_${fresh.name}`
  await fresh.sql(`create role ${role}; create table handed (id int primary key, old text); insert into handed values (1, 'x');
    grant select, update on handed to ${role}; alter table handed owner to ${role}`)
  await load('handed', [id, column('new')], '7,y\n', { mode: 'replace', keys: ['id'] })
  expect(await fresh.sql('select * from handed')).toEqual([{ id: 7, new: 'y' }])
  const [facts] = await fresh.sql(
    `select tableowner, has_table_privilege('${role}', 'handed', 'update') as may,
            (select conname from pg_constraint where conrelid = 'handed'::regclass and contype = 'p') as key
       from pg_tables where tablename = 'handed'`,
  )
  expect(facts).toEqual({ tableowner: role, may: true, key: 'handed_pkey' })
  expect((await db.tables()).filter((table) => table.name.startsWith('sluice_'))).toEqual([])
  await fresh.sql(`drop table handed; drop role ${role}`)
})

test('replace lets others read the old rows until it ends', async () => {
  await load('swapped', [id], '1\n')
  await using session = await db.session()
  const plan: WritePlan = {
    table: { name: 'swapped' },
    mode: 'replace',
    columns: [id],
    keys: [],
    types: {},
    batchSize: 1,
    maxRejects: 0,
  }
  const writer = await session.write(plan)
  await writer.write(Buffer.from('2\n3\n'))
  expect(await fresh.sql('select id from swapped')).toEqual([{ id: 1 }])
  await writer.finish()
  expect(await fresh.sql('select id from swapped order by id')).toEqual([{ id: 2 }, { id: 3 }])
})

test('a table that views or foreign keys depend on is not replaced, and says so before rows are loaded', async () => {
  await fresh.sql(`create table seen (id int primary key); create view seen_by as select id from seen;
    create table child (id int references seen); insert into seen values (1)`)
  await using session = await db.session()
  const plan: WritePlan = {
    table: { name: 'seen' },
    mode: 'replace',
    columns: [id],
    keys: [],
    types: {},
    batchSize: 1,
    maxRejects: 0,
  }
  await expect(session.write(plan)).rejects.toMatchObject({
    code: 'QUERY_CONFLICT',
    message: expect.stringMatching(/child.*seen_by|seen_by.*child/),
    hint: expect.stringContaining('truncate'),
  })
  await expect(session.write({ ...plan, mode: 'truncate' })).rejects.toMatchObject({ code: 'QUERY_CONFLICT' })
  expect(await fresh.sql('select * from seen')).toEqual([{ id: 1 }])
})

test('defaults fill what does not arrive; computed columns are refused; identity takes given values', async () => {
  await fresh.sql(`create table filled (id int generated always as identity primary key, v int default 7, name text,
    twice int generated always as (v * 2) stored)`)
  await load('filled', [column('name')], 'a\nb\n')
  expect(await fresh.sql('select * from filled order by id')).toEqual([
    { id: 1, v: 7, name: 'a', twice: 14 },
    { id: 2, v: 7, name: 'b', twice: 14 },
  ])
  await expect(load('filled', [column('twice', 'int32')], '1\n')).rejects.toMatchObject({ code: 'CONFIG_COLUMN' })
  const result = await load('filled', [id, column('name')], '2,B\n9,z\n', { mode: 'upsert', keys: ['id'] })
  expect(result).toEqual({ ...none, inserted: 1, updated: 1 })
  expect(await fresh.sql('select id, name from filled where id > 1 order by id')).toEqual([
    { id: 2, name: 'B' },
    { id: 9, name: 'z' },
  ])
})

test('upsert wants a unique key, names the ones there are, and counts on partitioned tables too', async () => {
  await fresh.sql(`create table keyed (id int primary key, code text unique, note text);
    create table parts (id int, region text, n int, primary key (id, region)) partition by list (region);
    create table parts_a partition of parts for values in ('a'); create table parts_b partition of parts for values in ('b');
    insert into parts values (1, 'a', 1)`)
  await expect(load('keyed', [id, column('note')], '1,x\n', { mode: 'upsert', keys: ['note'] })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringContaining('(code)'),
  })
  const columns = [id, column('region'), column('n', 'int32')]
  const result = await load('parts', columns, '1,a,5\n2,b,6\n2,b,7\n', { mode: 'upsert', keys: ['region', 'id'] })
  expect(result).toEqual({ ...none, inserted: 1, updated: 1 })
  expect(await fresh.sql('select * from parts order by id')).toEqual([
    { id: 1, region: 'a', n: 5 },
    { id: 2, region: 'b', n: 7 },
  ])
})

test('upsert keeps every row whose key holds null', async () => {
  await fresh.sql('create table nullable (code text unique, n int)')
  const result = await load('nullable', [column('code'), column('n', 'int32')], ',1\n,2\nx,3\nx,4\n', {
    mode: 'upsert',
    keys: ['code'],
  })
  expect(result).toEqual({ ...none, inserted: 3 })
  expect(await fresh.sql('select code, n from nullable order by n')).toEqual([
    { code: null, n: 1 },
    { code: null, n: 2 },
    { code: 'x', n: 4 },
  ])
})

test('upsert with nothing but keys inserts what is missing', async () => {
  await fresh.sql('create table only_keys (id int primary key); insert into only_keys values (1)')
  expect(await load('only_keys', [id], '1\n2\n', { mode: 'upsert', keys: ['id'] })).toEqual({ ...none, inserted: 1 })
})

test('refused rows are named exactly among quoted line breaks, whatever refuses them', async () => {
  await fresh.sql(`create table parent (id int primary key); insert into parent select generate_series(1, 5);
    create table refusing (id int primary key, note text check (note <> 'bad'), parent int references parent)`)
  const columns = [id, column('note'), column('parent', 'int32')]
  const rows = [
    '1,"two\nlines, ""quoted""",1\n',
    'x,"three\n\nlines",1\n',
    '2,"ok\n",2\n',
    '3,"line\nbreak",99\n',
    '2,again,3\n',
    '4,bad,4\n',
    '5,,\n',
    '6,fine,5\n',
  ]
  for (const mode of ['append', 'upsert'] as const) {
    await fresh.sql('truncate refusing')
    const refused: string[] = []
    const reasons: string[] = []
    const result = await load('refusing', columns, rows.join(''), {
      mode,
      keys: mode === 'upsert' ? ['id'] : [],
      maxRejects: 4,
      batchSize: 3,
      onReject: (row, reason) => {
        refused.push(row)
        reasons.push(reason)
      },
    })
    const doubled = mode === 'append' ? [rows[4]] : []
    expect(refused.toSorted()).toEqual([rows[1], rows[3], rows[5], ...doubled].toSorted())
    expect(reasons.find((reason) => reason.includes('"x"'))).toMatch(/Column id/)
    expect(result).toEqual({ ...none, inserted: 4, rejected: refused.length })
    const kept = await fresh.sql('select id, note from refusing order by id')
    expect(kept.map((row) => row.id)).toEqual([1, 2, 5, 6])
    expect(kept[1]?.note).toBe(mode === 'append' ? 'ok\n' : 'again')
  }
})

test('what is no fault of the data fails the load even where rejects are allowed', async () => {
  await fresh.sql(`create table broken (id int);
    create function fail() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '53100'; end $$;
    create trigger t before insert on broken for each row execute function fail()`)
  await expect(load('broken', [id], '1\n', { maxRejects: 5 })).rejects.toMatchObject({
    code: 'LIMIT_DISK',
    sqlState: '53100',
  })
})

test('a large load with rejects cut at odd places keeps every other row', async () => {
  const text = Array.from({ length: 5000 }, (_, n) =>
    n % 1000 === 999 ? `${n},"no\nnumber"\n` : `${n},${n}.5\n`,
  ).join('')
  await fresh.sql('create table cut (id int, x float8)')
  await using session = await db.session()
  const writer = await session.write({
    table: { name: 'cut' },
    mode: 'append',
    columns: [id, column('x', 'float64')],
    keys: [],
    types: {},
    batchSize: 777,
    maxRejects: 5,
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1013) await writer.write(bytes.subarray(at, at + 1013))
  expect(await writer.finish()).toEqual({ ...none, inserted: 4995, rejected: 5 })
  expect(await fresh.sql('select count(*)::int as n, sum(id)::int as s from cut')).toEqual([
    { n: 4995, s: (4999 * 5000) / 2 - (999 + 1999 + 2999 + 3999 + 4999) },
  ])
})

test('a view is no place for rows', async () => {
  await fresh.sql('create table base (id int); create view on_base as select * from base')
  for (const mode of ['append', 'replace', 'truncate'] as const)
    await expect(load('on_base', [id], '1\n', { mode })).rejects.toMatchObject({ code: 'QUERY_CONFLICT' })
})

test('executing for many rows says which row failed', async () => {
  await fresh.sql('create table counted (id int primary key)')
  await using session = await db.session()
  const rows = async function* () {
    for (let n = 0; n < 1200; n++) yield { id: { type: { kind: 'int32' as const }, value: n === 1101 ? 3 : n } }
  }
  await expect(session.executeMany({ sql: 'insert into counted values (:id)' }, rows())).rejects.toMatchObject({
    code: 'DATA_CONSTRAINT',
    message: expect.stringMatching(/^Row 1102: /),
  })
  expect(await fresh.sql('select count(*)::int as n from counted')).toEqual([{ n: 0 }])
})
