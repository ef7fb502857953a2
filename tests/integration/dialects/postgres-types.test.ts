import { expect, test } from 'vitest'
import type { ColumnType } from '../../../shared/data/types.ts'
import { typedRow, WireReader } from '../../../shared/data/wire-reader.ts'
import type { BoundValue, Statement } from '../../../src-main/dialects/dialect.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { PostgresDatabase, value, wire } from './postgres-database.ts'

const at = new PostgresDatabase(`
  create type mood as enum ('sad', 'it''s "ok"', 'happy');
  create domain positive as numeric(8,2) check (value > 0);
  create domain moods as mood[];
  create type pair as (a int, b text);
  create table numbers as select g as n, 'row ' || g as name from generate_series(1, 20000) g`)

/** Both lanes must give the same cells. */
async function cells(statement: Statement) {
  await using session = await at.db.session()
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
  await using session = await at.db.session()
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
  const admin = new URL(at.url)
  await at.sql(`
    create role abroad_${at.name} login superuser password 'abroad';
    alter role abroad_${at.name} set timezone = 'Asia/Tokyo';
    alter role abroad_${at.name} set datestyle = 'German';
    alter role abroad_${at.name} set intervalstyle = 'iso_8601';
    alter role abroad_${at.name} set bytea_output = 'escape';
    alter role abroad_${at.name} set extra_float_digits = 0`)
  admin.username = `abroad_${at.name}`
  admin.password = 'abroad'
  await using abroad = await postgres.open(postgres.parseUrl(admin.href), '/')
  {
    await using session = await abroad.session()
    const sql = `select '2024-01-02 03:04:05+00'::timestamptz, interval '1 day', '\\x00'::bytea, 0.1::float8 + 0.2`
    expect(await wire(session, { sql })).toBe('2024-01-02 03:04:05+00,1 day,\\x00,0.30000000000000004\n')
  }
  await abroad.close()
  await at.sql(`drop role abroad_${at.name}`)
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
  await expect(at.db.describe({ sql: 'select :who' })).rejects.toMatchObject({
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
