import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ColumnType } from '../../shared/data/types.ts'
import { typedRow, WireReader } from '../../shared/data/wire-reader.ts'
import type { BoundValue, Database, Session, Statement } from '../../src-main/dialects/dialect.ts'
import { postgres } from '../../src-main/dialects/postgres/index.ts'
import { type FreshDatabase, freshDatabase } from '../helpers/postgres.ts'

let fresh: FreshDatabase
let db: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  db = await postgres.open(postgres.parseUrl(fresh.url), '/')
  await fresh.sql(`
    create type mood as enum ('sad', 'it''s "ok"', 'happy');
    create domain positive as numeric(8,2) check (value > 0);
    create domain moods as mood[];
    create type pair as (a int, b text);
    create table numbers as select g as n, 'row ' || g as name from generate_series(1, 20000) g`)
})
afterAll(async () => {
  await db?.close()
  await fresh?.drop()
})

const value = (kind: 'text' | 'int32' | 'int64' | 'date' | 'timestamptz', given: BoundValue['value']): BoundValue => ({
  type: { kind },
  value: given,
})

async function wire(session: Session, statement: Statement, lists: 'json' | 'postgres' = 'json'): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of session.read(statement).bytes({ lists })) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** Both lanes must give the same cells. */
async function cells(statement: Statement) {
  await using session = await db.session()
  const reader = session.read(statement)
  const columns = await reader.columns()
  const typed: unknown[] = []
  for await (const batch of reader.rows(3)) typed.push(...batch)
  const splitter = new WireReader()
  const rows = splitter.push(await wire(session, statement)).map((row) => typedRow(row, columns))
  splitter.end()
  expect(rows).toEqual(typed)
  return { columns, rows }
}

test('texts that COPY gives a meaning to arrive as they are, and null apart from empty', async () => {
  const texts = ['\\.', '\\N', '', ' ', 'a\nb', 'a\r\nb', '"', '""', ',', "'", '\\', 'NULL', '\t']
  const sql = `select t from unnest(array[${texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(',')}, null]) with ordinality u(t, n) order by n`
  const { rows } = await cells({ sql })
  expect(rows).toEqual([...texts, null].map((text) => [text]))
})

test('arrays of every kind are lists', async () => {
  const cases: [string, ColumnType, unknown][] = [
    ['array[1,null,3]::int2[]', { kind: 'int16' }, [1, null, 3]],
    ['array[9223372036854775807]', { kind: 'int64' }, [9223372036854775807n]],
    ['array[1.10, 12345678901234567890.5]', { kind: 'decimal' }, ['1.10', '12345678901234567890.5']],
    ["array['NaN','-Infinity',0.1]::float8[]", { kind: 'float64' }, [Number.NaN, Number.NEGATIVE_INFINITY, 0.1]],
    [`array['a"b','c\\d','','NULL',null,'{x}',' ']`, { kind: 'text' }, ['a"b', 'c\\d', '', 'NULL', null, '{x}', ' ']],
    ["array['ab ']::char(3)[]", { kind: 'text' }, ['ab ']],
    ['array[true,false]', { kind: 'boolean' }, [true, false]],
    ["array['\\x00ff']::bytea[]", { kind: 'blob' }, [Buffer.from([0, 255])]],
    ["array['2024-01-02']::date[]", { kind: 'date' }, ['2024-01-02']],
    ["array['2024-01-02 03:04:05.000006']::timestamp[]", { kind: 'timestamp' }, ['2024-01-02 03:04:05.000006']],
    ["array['2024-01-02 03:04:05+02']::timestamptz[]", { kind: 'timestamptz' }, ['2024-01-02 01:04:05+00']],
    ["array['1 day 02:03:04']::interval[]", { kind: 'interval' }, ['1 day 02:03:04']],
    [
      `array['sad','it''s "ok"']::mood[]`,
      { kind: 'enum', values: ['sad', 'it\'s "ok"', 'happy'] },
      ['sad', 'it\'s "ok"'],
    ],
    [`'{happy}'::moods`, { kind: 'enum', values: ['sad', 'it\'s "ok"', 'happy'] }, ['happy']],
    ["array[row(1,'x')::pair]", { kind: 'text' }, ['(1,x)']],
    ["array['10.0.0.1'::inet]", { kind: 'text' }, ['10.0.0.1']],
    ["'{}'::int[]", { kind: 'int32' }, []],
    ["'[0:1]={7,8}'::int[]", { kind: 'int32' }, [7, 8]],
    [
      'array[[1,2],[3,4]]',
      { kind: 'int32' },
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]
  const sql = `select ${cases.map(([expression], index) => `${expression} as c${index}`).join(', ')}, null::int[] as none`
  const { columns, rows } = await cells({ sql })
  expect(columns.slice(0, -1).map((column) => column.type)).toEqual(cases.map(([, of]) => ({ kind: 'list', of })))
  const got = rows[0]?.map((cell) =>
    Array.isArray(cell) ? cell.map((item) => (item instanceof Uint8Array ? Buffer.from(item) : item)) : cell,
  )
  expect(got).toEqual([...cases.map(([, , expected]) => expected), null])
})

test('lists travel as array literals where the receiver asks for them', async () => {
  await using session = await db.session()
  const sql = `select array['a,b', 'c"d', null], array[[1],[2]]`
  expect(await wire(session, { sql }, 'postgres')).toBe(`"{""a,b"",""c\\""d"",NULL}","{{1},{2}}"\n`)
})

test('enums, domains, typed decimals and types of no kind of ours', async () => {
  const { columns, rows } = await cells({
    sql: `select 'sad'::mood as m, 1.5::positive as p, row(1, 'x')::pair as r, '[1,5)'::int4range as g, B'101' as b,
                 '12:00+02'::timetz as z, 1.5::numeric(1000,500) as wide, 12345::numeric(3,-2) as odd, 4294967295::oid as o`,
  })
  expect(columns.map((column) => column.type)).toEqual([
    { kind: 'enum', values: ['sad', 'it\'s "ok"', 'happy'] },
    { kind: 'decimal', precision: 8, scale: 2 },
    { kind: 'text' },
    { kind: 'text' },
    { kind: 'text' },
    { kind: 'text' },
    { kind: 'decimal', precision: 1000, scale: 500 },
    { kind: 'decimal' },
    { kind: 'int64' },
  ])
  expect(rows[0]?.slice(0, 6)).toEqual(['sad', '1.50', '(1,x)', '[1,5)', '101', '12:00:00+02'])
  expect(rows[0]?.slice(7)).toEqual(['12300', 4294967295n])
})

test('values that are no ordinary numbers or dates keep their text', async () => {
  const { rows } = await cells({
    sql: `select 'NaN'::numeric, 'Infinity'::float4, '-infinity'::date, 'infinity'::timestamptz, '0044-03-15 BC'::date,
                 '24:00:00'::time, timestamptz '2024-07-01 12:00 Europe/Berlin', interval '-1 mon +2 days -03:00:00.5'`,
  })
  expect(rows).toEqual([
    [
      'NaN',
      Number.POSITIVE_INFINITY,
      '-infinity',
      'infinity',
      '0044-03-15 BC',
      '24:00:00',
      '2024-07-01 10:00:00+00',
      '-1 mons +2 days -03:00:00.5',
    ],
  ])
})

test('the settings of a role do not change how values are printed', async () => {
  const admin = new URL(fresh.url)
  await fresh.sql(`
    create role abroad_${fresh.name} login superuser password 'abroad';
    alter role abroad_${fresh.name} set timezone = 'Asia/Tokyo';
    alter role abroad_${fresh.name} set datestyle = 'German';
    alter role abroad_${fresh.name} set intervalstyle = 'iso_8601';
    alter role abroad_${fresh.name} set bytea_output = 'escape';
    alter role abroad_${fresh.name} set extra_float_digits = 0`)
  admin.username = `abroad_${fresh.name}`
  admin.password = 'abroad'
  await using abroad = await postgres.open(postgres.parseUrl(admin.href), '/')
  {
    await using session = await abroad.session()
    const sql = `select '2024-01-02 03:04:05+00'::timestamptz, interval '1 day', '\\x00'::bytea, 0.1::float8 + 0.2`
    expect(await wire(session, { sql })).toBe('2024-01-02 03:04:05+00,1 day,\\x00,0.30000000000000004\n')
  }
  await abroad.close()
  await fresh.sql(`drop role abroad_${fresh.name}`)
})

test('parameters reach the fast lane bound, whatever they look like', async () => {
  const nasty = `x'); drop table numbers; -- $1 :n "`
  const { rows, columns } = await cells({
    sql: 'select :nasty as t, n, :day::date + 1 as d, :none as e from numbers where n between :low and :high order by n desc limit :most',
    params: {
      nasty: value('text', nasty),
      day: value('date', '2024-02-28'),
      none: value('int32', null),
      low: value('int32', 5),
      high: value('int64', 50n),
      most: value('int32', 2),
    },
  })
  expect(columns.map((column) => column.type.kind)).toEqual(['text', 'int32', 'date', 'int32'])
  expect(rows).toEqual([
    [nasty, 50, '2024-02-29', null],
    [nasty, 49, '2024-02-29', null],
  ])
})

test('a text parameter fits enums, json and uuid without a cast', async () => {
  const { rows } = await cells({
    sql: `select m from (values ('sad'::mood), ('happy')) v(m) where m = :mood and gen_random_uuid() <> :id`,
    params: { mood: value('text', 'happy'), id: value('text', '00000000-0000-0000-0000-000000000000') },
  })
  expect(rows).toEqual([['happy']])
})

test('a list parameter is an array', async () => {
  const ids: BoundValue = { type: { kind: 'list', of: { kind: 'int32' } }, value: [3, 7, 19999] }
  const { rows } = await cells({ sql: 'select n from numbers where n = any(:ids) order by n', params: { ids } })
  expect(rows).toEqual([[3], [7], [19999]])
})

test('a missing parameter is named', async () => {
  await expect(db.describe({ sql: 'select :who' })).rejects.toMatchObject({
    code: 'CONFIG_PARAMETER',
    message: expect.stringContaining(':who'),
  })
})

test('clashing, odd and empty column names survive where columns are converted', async () => {
  const { columns, rows } = await cells({
    sql: `select 1 as a, array[1] as a, 2 as "A", 3 as "sel""ect", 4 as " ", array['x'] as "c1"`,
  })
  expect(columns.map((column) => column.name)).toEqual(['a', 'a_2', 'A_3', 'sel"ect', ' ', 'c1'])
  expect(rows).toEqual([[1, [1], 2, 3, 4, ['x']]])
})

test('order survives where columns are converted', async () => {
  await using session = await db.session()
  const text = await wire(session, { sql: 'select n, array[n] from numbers order by n desc; -- the end' })
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(20000)
  expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(
    Array.from({ length: 20000 }, (_, index) => 20000 - index),
  )
})

test('statements that COPY cannot take give their rows too', async () => {
  await fresh.sql('create table written (id int generated always as identity, tags text[])')
  await using session = await db.session()
  expect(await wire(session, { sql: 'show server_encoding' })).toBe('UTF8\n')
  expect(await wire(session, { sql: 'explain select 1' })).toContain('Result')
  const insert = { sql: 'insert into written (tags) values (:tags), (null) returning id, tags' }
  const tags: BoundValue = { type: { kind: 'list', of: { kind: 'text' } }, value: ['a,b', null] }
  expect(await wire(session, { ...insert, params: { tags } })).toBe('1,"[""a,b"",null]"\n2,\n')
  const cte = `with made as (insert into written (tags) values ('{z}') returning id) select id, array[id] from made`
  expect(await wire(session, { sql: cte })).toBe('3,[3]\n')
  expect(await fresh.sql('select count(*)::int as n from written')).toEqual([{ n: 3 }])
  expect(await wire(session, { sql: 'select 1 as one into written_too' })).toBe('')
  expect(await fresh.sql('select one from written_too')).toEqual([{ one: 1 }])
})

test('describing runs nothing', async () => {
  await fresh.sql('create sequence untouched; create table kept as select 1 as x')
  expect(await db.describe({ sql: `select nextval('untouched') as n` })).toEqual([
    { name: 'n', type: { kind: 'int64' } },
  ])
  await db.describe({ sql: 'delete from kept returning x' })
  expect(await fresh.sql('select is_called from untouched')).toEqual([{ is_called: false }])
  expect(await fresh.sql('select count(*)::int as n from kept')).toEqual([{ n: 1 }])
})

test('an error points into the text that the user wrote', async () => {
  const sql = 'select n, array[n], :p, 1 / (n - 5) from numbers where wrong = 1'
  const params = { p: value('text', 'a much longer value than its name') }
  const at = { position: sql.indexOf('wrong') }
  await expect(db.describe({ sql, params })).rejects.toMatchObject({ code: 'QUERY_MISSING', sqlState: '42703', at })
  const emoji = `select '🎉🎉', nope from numbers`
  await expect(db.describe({ sql: emoji })).rejects.toMatchObject({ at: { position: emoji.indexOf('nope') } })
  await using session = await db.session()
  await expect(wire(session, { sql: 'select 1 / (n - 5) as x from numbers order by n' })).rejects.toMatchObject({
    code: 'DATA_TYPE',
    sqlState: '22012',
  })
  expect(await wire(session, { sql: 'select 1' })).toBe('1\n')
})

test('two statements in one query are refused, and none runs', async () => {
  await using session = await db.session()
  const sql = 'select 1; drop table numbers'
  await expect(wire(session, { sql })).rejects.toMatchObject({ code: 'QUERY_SYNTAX', at: { position: 9 } })
  await expect(wire(session, { sql: `select 1) to stdout; drop table numbers; --` })).rejects.toMatchObject({
    code: 'QUERY_SYNTAX',
  })
  await expect(wire(session, { sql: `select 1) to program 'true' --` })).rejects.toMatchObject({ code: 'QUERY_SYNTAX' })
  expect(await fresh.sql('select count(*)::int as n from numbers')).toEqual([{ n: 20000 }])
})

test('pieces are of one size, and a row larger than a piece comes whole', async () => {
  await using session = await db.session()
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
  await fresh.sql(`create function loud(n int) returns int language plpgsql volatile as
    $$ begin raise warning 'row % %', n, repeat('!', 5000); return n; end $$`)
  await using session = await db.session()
  const text = await wire(session, { sql: 'select loud(n) from numbers where n <= 500 order by n' })
  expect(text).toBe(Array.from({ length: 500 }, (_, index) => `${index + 1}\n`).join(''))
})

test('stopping early inside a transaction keeps the transaction', async () => {
  await fresh.sql('create table early (x int)')
  await using session = await db.session()
  await session.begin()
  await session.execute({ sql: 'insert into early values (1)' })
  for await (const _ of session.read({ sql: 'select a.n from numbers a, numbers b' }).bytes({ lists: 'json' })) break
  await session.execute({ sql: 'insert into early values (2)' })
  await session.commit()
  expect(await fresh.sql('select x from early order by x')).toEqual([{ x: 1 }, { x: 2 }])
})

test('between two batches of rows the session can do other things', async () => {
  await fresh.sql('create table between_batches (x int)')
  await using session = await db.session()
  let seen = 0
  for await (const batch of session.read({ sql: 'select n from numbers order by n limit 10' }).rows(4)) {
    seen += batch.length
    await session.execute({ sql: 'insert into between_batches values (:n)', params: { n: value('int32', seen) } })
  }
  expect(await fresh.sql('select x from between_batches order by x')).toEqual([{ x: 4 }, { x: 8 }, { x: 10 }])
})

test('while bytes are being read the session says that it is busy', async () => {
  await using session = await db.session()
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
  await using once = await postgres.open({ ...postgres.parseUrl(fresh.url), pool: { max: 1 } }, '/')
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
  await fresh.sql(`
    create schema other; create schema "Odd ""one";
    create table other.t (id int generated always as identity primary key, v numeric(6,2) not null default 1,
                          twice numeric generated always as (v * 2) stored, m mood unique);
    create unique index on other.t (v) where v > 0;
    create table "Odd ""one"."T ""2" (x int);
    create materialized view other.mv as select 1 as one`)
  expect(await db.table({ name: 't' })).toBeUndefined()
  const info = await db.table({ schema: 'other', name: 't' })
  expect(info).toMatchObject({ schema: 'other', kind: 'table', keys: [['id'], ['m']] })
  expect(info?.columns).toMatchObject([
    { name: 'id', hasDefault: true, primaryKey: true, nullable: false, databaseType: 'integer' },
    { name: 'v', hasDefault: true, nullable: false, databaseType: 'numeric(6,2)' },
    { name: 'twice', hasDefault: true, nullable: true },
    { name: 'm', hasDefault: false, type: { kind: 'enum' } },
  ])
  expect(await db.table({ schema: 'Odd "one', name: 'T "2' })).toMatchObject({ columns: [{ name: 'x' }] })
  const tables = await db.tables()
  expect(tables).toContainEqual({ schema: 'other', name: 'mv', kind: 'view' })
  expect(tables.filter((table) => table.schema?.startsWith('pg_'))).toEqual([])
})
