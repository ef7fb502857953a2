import { describe, expect, it, test } from 'vitest'
import { formatType } from '../../../shared/data/types.ts'
import type { Cell } from '../../../shared/data/wire.ts'
import { MariaDbDatabase } from './mysql-database.ts'
import { column, failure, int32, load, plan, query, text } from './subject.ts'

const at = new MariaDbDatabase()

/** A type of MySQL, the column type it is read as, values as literals and as they are read. */
const cases: [declared: string, type: string, values: [literal: string, cell: Cell][]][] = [
  [
    'tinyint',
    'int16',
    [
      ['-128', -128],
      ['127', 127],
    ],
  ],
  ['tinyint unsigned', 'int16', [['255', 255]]],
  ['smallint unsigned', 'int32', [['65535', 65535]]],
  ['mediumint', 'int32', [['-8388608', -8388608]]],
  ['mediumint unsigned', 'int32', [['16777215', 16777215]]],
  ['int unsigned', 'int64', [['4294967295', 4294967295n]]],
  [
    'bigint',
    'int64',
    [
      ['-9223372036854775808', -9223372036854775808n],
      ['9223372036854775807', 9223372036854775807n],
    ],
  ],
  [
    'bigint unsigned',
    'decimal(20,0)',
    [
      ['18446744073709551615', '18446744073709551615'],
      ['0', '0'],
    ],
  ],
  ['bigint(8) zerofill', 'decimal(20,0)', [['42', '00000042']]],
  [
    'decimal(65,30)',
    'decimal(65,30)',
    [[`-${'9'.repeat(35)}.${'9'.repeat(30)}`, `-${'9'.repeat(35)}.${'9'.repeat(30)}`]],
  ],
  ['decimal(5,0) unsigned', 'decimal(5,0)', [['99999', '99999']]],
  [
    'float',
    'float32',
    [
      ['16777216', 16777216],
      ['0.1', 0.1],
      ['3.4028234663852886e38', 3.4028234663852886e38],
    ],
  ],
  [
    'double',
    'float64',
    [
      ['5e-324', 5e-324],
      ['1.7976931348623157e308', Number.MAX_VALUE],
      ['0.1', 0.1],
    ],
  ],
  [
    'tinyint(1)',
    'boolean',
    [
      ['true', true],
      ['false', false],
    ],
  ],
  [
    'bit(1)',
    'boolean',
    [
      ["b'1'", true],
      ["b'0'", false],
    ],
  ],
  ['bit(64)', 'blob', [[`b'${'1'.repeat(63)}0'`, Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 254)]]],
  [
    'year',
    'int16',
    [
      ['1901', 1901],
      ['2155', 2155],
      ["'0000'", 0],
    ],
  ],
  [
    'date',
    'date',
    [
      ["'0001-01-01'", '0001-01-01'],
      ["'9999-12-31'", '9999-12-31'],
    ],
  ],
  ['datetime', 'timestamp', [["'0001-01-01 00:00:00'", '0001-01-01 00:00:00']]],
  [
    'datetime(6)',
    'timestamp',
    [
      ["'9999-12-31 23:59:59.999999'", '9999-12-31 23:59:59.999999'],
      ["'2024-02-29 12:00:00.100000'", '2024-02-29 12:00:00.1'],
    ],
  ],
  [
    'timestamp(6) null',
    'timestamptz',
    [
      ["'1970-01-01 00:00:01'", '1970-01-01 00:00:01+00'],
      ["'2038-01-19 03:14:07.999999'", '2038-01-19 03:14:07.999999+00'],
    ],
  ],
  [
    'time(6)',
    'time',
    [
      ["'23:59:59.999999'", '23:59:59.999999'],
      ["'00:00:00'", '00:00:00'],
      ["'20:00:01.5'", '20:00:01.5'],
    ],
  ],
  [
    'char(5)',
    'text',
    [
      ["''", ''],
      ["'a,b\"'", 'a,b"'],
    ],
  ],
  ['varchar(20) character set latin1', 'text', [["'Grüße'", 'Grüße']]],
  [
    'text character set utf8mb4',
    'text',
    [
      ["'👩‍👩‍👧 · 漢字'", '👩‍👩‍👧 · 漢字'],
      ["'line\\nfeed'", 'line\nfeed'],
    ],
  ],
  [
    "enum('a','it''s','')",
    "enum('a','it''s','')",
    [
      ["'it''s'", "it's"],
      ["''", ''],
    ],
  ],
  [
    "set('x','y','z')",
    'text',
    [
      ["'x,z'", 'x,z'],
      ["''", ''],
    ],
  ],
  ['binary(3)', 'blob', [["x'610000'", Uint8Array.of(97, 0, 0)]]],
  [
    'varbinary(10)',
    'blob',
    [
      ["x''", new Uint8Array()],
      ["x'5c22'", Uint8Array.of(0x5c, 0x22)],
    ],
  ],
  ['longblob', 'blob', [["x'00ff0a'", Uint8Array.of(0, 255, 10)]]],
  ['json', 'json', [['\'{"a": [1, null, "ü"]}\'', '{"a": [1, null, "ü"]}']]],
  ['uuid', 'uuid', [["'ffffffff-ffff-4fff-bfff-ffffffffffff'", 'ffffffff-ffff-4fff-bfff-ffffffffffff']]],
  ['inet6', 'text', [["'2001:db8::1'", '2001:db8::1']]],
]

const plainCell = (cell: Cell | undefined) => (cell instanceof Uint8Array ? [...cell] : cell)

describe('every type of the database', () => {
  test.each(cases)('%s is read as %s, and written back', async (declared, type, values) => {
    await at.sql(
      'drop table if exists t',
      'drop table if exists copy',
      `create table t (n int, v ${declared})`,
      `create table copy (n int, v ${declared})`,
    )
    for (const [index, [literal]] of [...values, ['null']].entries())
      await at.sql(`insert into t values (${index}, ${literal})`)
    const wanted = [...values.map(([, cell]) => plainCell(cell)), null]
    const cells = async (sql: string) => (await query(at.db, sql)).rows.map((row) => plainCell(row[1]))

    const found = await query(at.db, 'select n, v from t order by n')
    expect(formatType(found.columns[1]?.type ?? { kind: 'text' })).toBe(type)
    expect(found.rows.map((row) => plainCell(row[1]))).toEqual(wanted)
    // A float beside it brings the other protocol.
    expect(await cells('select n, v, cast(1.5 as float) as f from t order by n')).toEqual(
      declared.includes('zerofill') ? ['42', null] : wanted,
    )
    await using source = await at.db.session()
    await using target = await at.db.session()
    const reader = source.read({ sql: 'select n, v from t order by n' })
    const writer = await target.write(plan('copy', await reader.columns()))
    for await (const piece of reader.bytes({ lists: 'json' })) await writer.write(piece)
    expect(await writer.finish()).toMatchObject({ inserted: wanted.length })
    expect(await cells('select n, v from copy order by n')).toEqual(wanted)
    expect(await cells('select c.n, c.v from copy c join t on t.n = c.n and t.v <=> c.v order by 1')).toEqual(wanted)
  })
})

describe('values that only MySQL has stop the query, naming row and column', () => {
  test.each([
    ['date', "'0000-00-00'"],
    ['date', "'2024-00-01'"],
    ['datetime', "'0000-00-00 00:00:00'"],
    ['time', "'24:00:00'"],
    ['time', "'-01:00:00'"],
    ['time', "'838:59:59'"],
    ['tinyint(1)', '2'],
    ['tinyint(1)', '-1'],
    ['tinyint(1)', '100'],
  ])('%s holding %s', async (declared, literal) => {
    await at.sql(
      'drop table if exists t',
      `create table t (v ${declared})`,
      `insert into t values (null), (${literal})`,
    )
    for (const sql of ['select v from t', 'select v, cast(1 as float) as f from t'])
      expect(await failure(at.select(sql))).toMatchObject({
        code: 'DATA_TYPE',
        message: expect.stringMatching(/^Row 2, column v: /),
        hint: expect.stringMatching(/cast|nullif/),
      })
  })

  it('leaves the session fit for the next query', async () => {
    await using session = await at.db.session()
    const reader = session.read({ sql: 'select v from t' })
    expect(await failure(reader.rows(10)[Symbol.asyncIterator]().next())).toMatchObject({ code: 'DATA_TYPE' })
    expect((await session.execute({ sql: 'select 7 as n' })).rows).toEqual([[7]])
  })
})

describe('bound values', () => {
  it('compare with columns of any collation, as literals do', async () => {
    await at.sql(
      'drop table if exists t',
      'create table t (a varchar(9) collate utf8mb4_bin, b varchar(9) collate utf8mb4_unicode_ci, c varchar(9) character set latin1)',
      "insert into t values ('ä', 'ä', 'ä')",
    )
    const params = { x: { type: text, value: 'ä' } }
    expect(await at.select('select b from t where a = :x and b = :x and c = :x', params)).toEqual([['ä']])
  })

  it('stand where a number of rows is asked for', async () => {
    const params = { n: { type: int32, value: 2 } }
    expect(await at.select('select seq from seq_1_to_9 order by seq limit :n', params)).toEqual([['1'], ['2']])
  })

  it('keep bytes and long texts', async () => {
    const long = 'ü'.repeat(100_000)
    const params = {
      b: { type: { kind: 'blob' as const }, value: Uint8Array.of(0, 39, 92, 255) },
      t: { type: text, value: long },
    }
    const [row] = await at.select('select hex(:b) as h, :t as t, char_length(:t) as n', params)
    expect(row).toEqual(['00275CFF', long, expect.anything()])
  })
})

describe('refused values', () => {
  test.each([
    ['tinyint', 'int32', '300', 'DATA_RANGE'],
    ['int', 'text', 'abc', 'DATA_TYPE'],
    ['varchar(3)', 'text', 'four', 'DATA_TYPE'],
    ['int not null', 'int32', '', 'DATA_CONSTRAINT'],
    ['date', 'date', '2024-02-30', 'DATA_TYPE'],
    ['double', 'float64', 'NaN', 'DATA_TYPE'],
    ["enum('a')", 'text', 'b', 'DATA_TYPE'],
    ['timestamp(6) null', 'timestamptz', '9999-12-31 00:00:00+00', 'DATA_RANGE'],
    ['json', 'text', '"{"""', 'DATA_CONSTRAINT'],
  ] as const)('%s does not take %s %s', async (declared, kind, field, code) => {
    await at.sql('drop table if exists t', `create table t (v ${declared})`)
    await using session = await at.db.session()
    const writer = await session.write(plan('t', [column('v', { kind })]))
    const sent = writer.write(new TextEncoder().encode(`${field}\n`)).then(() => writer.finish())
    expect(await failure(sent)).toMatchObject({ code })
    expect(await at.server.sql('select count(*) as n from t')).toEqual([{ n: 0 }])
  })

  it('zero is a value of an auto_increment column', async () => {
    await at.sql('drop table if exists t', 'create table t (id int auto_increment primary key, v int)')
    await load(at.db, plan('t', [column('id', int32), column('v', int32)]), [[0, 7]])
    expect(await at.select('select id, v from t')).toEqual([[0, 7]])
  })
})

it('a 64-bit parameter is one in what a query gives, before it runs', async () => {
  const params = { big: { type: { kind: 'int64' as const }, value: 9223372036854775807n } }
  const { columns } = await query(at.db, 'select :big as big', params)
  expect(columns.map(({ type }) => formatType(type))).toEqual(['int64'])
})
