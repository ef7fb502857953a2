import { beforeAll, describe, expect, test } from 'vitest'
import { formatType } from '../../../shared/data/types.ts'
import { ThreeDatabases } from './three.ts'

const three = new ThreeDatabases()

beforeAll(async () => {
  await three.postgres(
    'create table things (id int primary key, name text)',
    `insert into things values (1, 'one'), (2, 'two')`,
    'create schema other',
    'create table other.stuff (id int)',
    `create table exact (small smallint, whole bigint, exact numeric(30,10), any_exact numeric, at timestamptz, local timestamp, day date, clock time, key uuid, doc jsonb, bytes bytea, flag boolean, tags text[], mood varchar(10), f double precision)`,
    `insert into exact values (-32768, 9223372036854775807, '12345678901234567890.0123456789', 1.5, '2024-03-31 01:30:00.123456+00', '2024-02-29 23:59:59.999999', '0001-01-01', '23:59:59.999999', '6ba7b810-9dad-11d1-80b4-00c04fd430c8', '{"n": 12345678901234567890, "t": "ü"}', '\\x00ff', true, '{a,"b,c",NULL}', '', 'NaN'), (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)`,
  )
  await three.mariadb(
    'create table exact (whole bigint unsigned, exact decimal(38,10), at timestamp(6) null, bytes varbinary(10), doc json)',
    `insert into exact values (18446744073709551615, 1234567890123456789012345678.0123456789, '2024-03-31 01:30:00.123456', x'00ff', '{"a": 1}')`,
  )
  three.sqlite(
    'create table exact (whole integer, bytes blob, any_text text)',
    `insert into exact values (9007199254740993, x'00ff', '')`,
  )
})

test('values of every type come as exactly as from their own database', async () => {
  const { columns, rows } = await three.run('select * from shop.exact order by whole nulls last')
  expect(columns.map(({ type }) => formatType(type))).toEqual([
    'int16',
    'int64',
    'decimal(30,10)',
    'decimal(38,10)',
    'timestamptz',
    'timestamp',
    'date',
    'time',
    'uuid',
    'json',
    'blob',
    'boolean',
    'list(text)',
    'text',
    'float64',
  ])
  expect(rows).toEqual([
    [
      -32768,
      9223372036854775807n,
      '12345678901234567890.0123456789',
      '1.5000000000',
      '2024-03-31 01:30:00.123456+00',
      '2024-02-29 23:59:59.999999',
      '0001-01-01',
      '23:59:59.999999',
      '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      '{"n": 12345678901234567890, "t": "ü"}',
      new Uint8Array([0, 255]),
      true,
      ['a', 'b,c', null],
      '',
      Number.NaN,
    ],
    Array.from({ length: 15 }, () => null),
  ])
  const joined = await three.rows(
    `select m.whole, m.exact, m.at, m.at = p.at, m.bytes = l.bytes, l.whole, l.any_text = p.mood
       from erp.exact m, shop.exact p, lake.exact l where p.id is null`.replace(
      'where p.id is null',
      'where p.small is not null',
    ),
  )
  expect(joined).toEqual([
    [
      '18446744073709551615',
      '1234567890123456789012345678.0123456789',
      '2024-03-31 01:30:00.123456+00',
      true,
      true,
      9007199254740993n,
      true,
    ],
  ])
})

describe('statements that do not only read are refused', () => {
  test.each([
    'insert into shop.things values (3, null)',
    'update shop.things set name = null',
    'delete from shop.things',
    'create table x as select 1 as a',
    'create view shop.public.v as select 1 as a',
    'drop table shop.things',
    'truncate shop.things',
    `attach '/tmp/other.db' as other`,
    'detach shop',
    `copy (select 1) to '/tmp/x.csv'`,
    `copy shop.things from '/tmp/x.csv'`,
    `export database '/tmp/x'`,
    'install httpfs',
    'load httpfs',
    'set memory_limit = 1000000',
    'reset memory_limit',
    'pragma database_size',
    'call pragma_version()',
    'begin',
    'vacuum',
    'checkpoint',
    'use shop',
    'prepare p as select 1',
    'show tables',
    'show databases',
    `select * from read_csv('/etc/passwd')`,
    `select * from read_text('/etc/passwd')`,
    `select * from glob('/*')`,
    `from '/etc/passwd.csv'`,
    `select * from query('select 1')`,
    'select * from duckdb_settings()',
    'with x as (select * from duckdb_views()) from x',
  ])('%s', async (sql) => {
    const error = await three.failure(sql)
    expect({ sql, code: error.code, hint: error.hint !== undefined }).toEqual({ sql, code: 'QUERY_DENIED', hint: true })
  })

  test('and several at once, too', async () => {
    expect(await three.failure('select 1; drop table shop.things')).toMatchObject({
      code: 'QUERY_SYNTAX',
      at: { position: 9 },
    })
    expect(await three.rows('select count(*) from shop.things;')).toEqual([[2n]])
  })
})

test('a parameter that is not written :name is named', async () => {
  expect(await three.failure('select ? from shop.things')).toMatchObject({
    code: 'QUERY_SYNTAX',
    message: expect.stringContaining('? or $1'),
  })
  expect(await three.failure('select id from shop.things where name = $who')).toMatchObject({
    code: 'QUERY_SYNTAX',
    message: expect.stringContaining('$who'),
  })
})

test('DESCRIBE, SUMMARIZE, FROM and VALUES read', async () => {
  expect((await three.rows('describe shop.things')).map(([name, type]) => [name, type])).toEqual([
    ['id', 'INTEGER'],
    ['name', 'VARCHAR'],
  ])
  expect((await three.rows('summarize shop.things')).map((row) => [row[0], row[2], row[3]])).toEqual([
    ['id', '1', '2'],
    ['name', 'one', 'two'],
  ])
  expect(await three.rows('from shop.things order by id limit 1')).toEqual([[1, 'one']])
  expect(await three.rows('values (1), (2)')).toEqual([[1], [2]])
  expect(await three.rows('pivot (from shop.things) on name in (one, two) using count(*)')).toHaveLength(2)
})

describe('what is wrong is said with its place', () => {
  const place = (sql: string, word: string) => sql.indexOf(word)
  test.each([
    ['select ü, nmae from shop.things', 'CONFIG_COLUMN', 'ü', /"ü" not found/, /Nearest/],
    ["select 'ü' as ü, nmae from shop.things", 'CONFIG_COLUMN', 'nmae', /"nmae" not found/, /name/],
    [
      "select 'ü' from shop.thing",
      'QUERY_MISSING',
      'shop.thing',
      /There is no table shop\.thing\./,
      /shop\.public\.things/,
    ],
    [
      'select * from shop.public.stuff',
      'QUERY_MISSING',
      'shop.public',
      /no table shop\.public\.stuff/,
      /shop\.other\.stuff/,
    ],
    ['select * from shop.nowhere.stuff', 'QUERY_MISSING', 'shop.nowhere', /no table/, /shop\.other\.stuff/],
    ['select * from shp.things', 'CONNECTION_UNKNOWN', 'shp', /no connection "shp"/, /Did you mean shop/],
    [
      'select * from warehouse.things',
      'CONNECTION_UNKNOWN',
      'warehouse',
      /no connection/,
      /Connections: shop, erp, lake/,
    ],
    ['select * from things', 'QUERY_MISSING', 'things', /no table things here/, /connection\.table/],
    ['selec 1', 'QUERY_SYNTAX', 'selec', /yntax error/, undefined],
    ['select nofunction(id) from shop.things', 'CONFIG_COLUMN', 'nofunction', /no function nofunction/, undefined],
    ['select name from shop.things group by id', 'CONFIG_COLUMN', 'name', /GROUP BY/, undefined],
  ])('%s', async (sql, code, word, message, hint) => {
    const error = await three.failure(sql)
    expect(error).toMatchObject({ code, at: { position: place(sql, word) } })
    expect(error.message).toMatch(message)
    if (hint) expect(error.hint).toMatch(hint)
  })

  test('of what databases tell of themselves', async () => {
    expect(await three.failure('select * from shop.information_schema.tables')).toMatchObject({
      code: 'QUERY_MISSING',
      message: 'There is no schema information_schema here.',
      hint: expect.stringContaining('its own connection'),
    })
  })

  test('counted in the text before parameters were bound', async () => {
    const params = { a: { type: { kind: 'int32' as const }, value: 1 } }
    const sql = 'select :a, :a + nmae from shop.things'
    expect(await three.failure({ sql, params })).toMatchObject({ at: { position: sql.indexOf('nmae') } })
    expect(await three.failure({ sql: 'select :b', params })).toMatchObject({
      code: 'CONFIG_PARAMETER',
      message: expect.stringContaining(':b'),
    })
  })

  test('when names cannot be told apart', async () => {
    three.alias('shop', 'Lake2')
    three.alias('shop', 'lake2')
    three.alias('shop', 'main')
    three.alias('shop', 'temp')
    expect(await three.failure('from lake2.things')).toMatchObject({
      code: 'QUERY_CONFLICT',
      message: expect.stringContaining('differ only in case'),
    })
    for (const name of ['main', 'temp']) {
      expect(await three.failure(`from ${name}.public.things`)).toMatchObject({
        code: 'QUERY_CONFLICT',
        message: `The engine uses the name ${name} for itself.`,
      })
    }
  })
})

test('a source that cannot read a value fails the statement, and says which connection it is', async () => {
  three.sqlite('create table odd (n integer)', `insert into odd values (1), ('many')`)
  const error = await three.failure('select count(*), sum(n) from lake.odd')
  expect(error).toMatchObject({ code: 'DATA_TYPE', at: { connection: 'lake' } })
  expect(error.message).toMatch(/^lake: /)
})
