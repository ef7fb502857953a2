import { beforeEach, describe, expect, it } from 'vitest'
import type { ColumnType } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { fc } from '../../helpers/property.ts'
import { SqliteFile } from './sqlite-file.ts'
import { column, execute, failure, fetchRows, int32, load, plan, query } from './subject.ts'

const at = new SqliteFile()

describe('what is stored against what is declared', () => {
  const declared = async (type: string, value: string) => {
    await execute(at.db, `create table t (v ${type})`, `insert into t values (${value})`)
    return query(at.db, 'select v from t')
  }

  it.each<[string, string, ColumnType['kind'], unknown]>([
    ['real', '3', 'float64', 3],
    ['double', "'NaN'", 'float64', Number.NaN],
    ['double', '9e999', 'float64', Number.POSITIVE_INFINITY],
    ['boolean', "'t'", 'boolean', true],
    ['boolean', '0', 'boolean', false],
    ['decimal(10,2)', '19.9', 'decimal', '19.90'],
    ['decimal(10,2)', '7', 'decimal', '7.00'],
    ['numeric', '0.1', 'decimal', '0.1'],
    ['datetime', "'2024-01-02T03:04:05'", 'timestamp', '2024-01-02T03:04:05'],
    ['varchar(3)', '12', 'text', '12'],
    ['text', "'a' || char(0) || 'b'", 'text', 'a\0b'],
    ['some thing', '12', 'int64', 12n],
    ['some thing', "'x'", 'text', 'x'],
    ['', "x'00ff'", 'blob', Uint8Array.of(0, 255)],
  ])('%s holding %s is read as %s', async (type, value, kind, cell) => {
    const { columns, rows } = await declared(type, value)
    expect(columns[0]?.type.kind).toBe(kind)
    expect(rows).toEqual([[cell]])
  })

  it.each([
    ['integer', "'many'"],
    ['integer', '1.5'],
    ['integer', "''"],
    ['real', "'much'"],
    ['text', "x'00'"],
    ['timestamp', '1700000000'],
    ['boolean', '2'],
  ])('%s holding %s stops the query, naming row and column', async (type, value) => {
    await execute(at.db, `create table t (v ${type})`, `insert into t values (null), (${value})`)
    await using session = await at.db.session()
    expect(await failure(fetchRows(session, { sql: 'select v from t' }))).toMatchObject({
      code: 'DATA_TYPE',
      message: expect.stringMatching(/Row 2, column v: /),
      hint: expect.stringContaining('cast'),
    })
    expect((await fetchRows(session, { sql: 'select count(*) as n from t' })).rows).toEqual([[2n]])
  })

  it('keeps every double', async () => {
    await load(at.db, plan('t', [column('n', int32), column('v', { kind: 'float64' })], { mode: 'fail' }), [])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 200, maxLength: 400 }), async (values) => {
        const rows: Row[] = values.map((value, index) => [index, value])
        await load(at.db, plan('t', [column('n', int32), column('v', { kind: 'float64' })], { mode: 'truncate' }), rows)
        const found = await at.select('select v from t order by n')
        // SQLite keeps no sign of zero.
        expect(found).toEqual(values.map((value) => [value === 0 ? 0 : value]))
      }),
      { numRuns: 10 },
    )
  })

  it('stores whole numbers whole in columns of any affinity', async () => {
    await execute(at.db, 'create table t (a text, b numeric, c, d real, e integer)')
    const columns = ['a', 'b', 'c', 'd', 'e'].map((name) => column(name, { kind: 'int64' }))
    await load(at.db, plan('t', columns), [
      [1n, 1n, 1n, 1n, 1n],
      [9007199254740993n, 9007199254740993n, 9007199254740993n, null, -9223372036854775808n],
    ])
    const { rows } = await query(
      at.db,
      'select a, typeof(b) || b, typeof(c) || c, typeof(d) || d, typeof(e) || e from t',
    )
    expect(rows).toEqual([
      ['1', 'integer1', 'integer1', 'real1.0', 'integer1'],
      ['9007199254740993', 'integer9007199254740993', 'integer9007199254740993', null, 'integer-9223372036854775808'],
    ])
  })
})

describe('types of computed columns', () => {
  beforeEach(async () => {
    await execute(
      at.db,
      'create table sales (id integer primary key, day date, amount real, region text)',
      "insert into sales values (1, '2019-01-01', 1.5, 'n'), (2, '2019-01-02', 2, 's')",
      'create table empty (a integer, b real, c text)',
      'create view totals as select region, sum(amount) as total, count(*) as n from sales group by region',
    )
  })

  it('come from a sample, whatever the conditions', async () => {
    expect(
      await at.typesOf('select count(*), sum(amount), max(day), id * 2, id / 2.0, region || 1 from sales'),
    ).toEqual(['int64', 'float64', 'text', 'int64', 'float64', 'text'])
    expect(
      await at.typesOf("select day, sum(amount) from sales where day >= '2024-01-01' group by day having sum(id) > 9"),
    ).toEqual(['date', 'float64'])
    expect(
      await at.typesOf(
        'select s.id + 1, e.b * 2 from sales s join empty e on e.a = s.id and (e.b > 100) where s.id in (7)',
      ),
    ).toEqual(['int64', 'float64'])
  })

  it('are known for tables without rows, views and recursion', async () => {
    expect(await at.typesOf('select a + 1, b + 1, upper(c) from empty')).toEqual(['int64', 'float64', 'text'])
    expect(await at.typesOf('select total, n from totals where region = :none')).toEqual(['float64', 'int64'])
    expect(await at.typesOf('with recursive n(x) as (select 1 union all select x + 1 from n) select x from n')).toEqual(
      ['int64'],
    )
  })

  it('see what the open transaction made', async () => {
    await using session = await at.db.session()
    await session.begin()
    await session.execute({ sql: 'create table made (v integer)' })
    await session.execute({ sql: 'insert into made values (1)' })
    expect((await fetchRows(session, { sql: 'select v + 1 as w from made' })).columns[0]?.type.kind).toBe('int64')
  })

  it('tell how to mend a value that does not fit what was seen', async () => {
    await execute(at.db, 'create table mixed (v)')
    await load(
      at.db,
      plan('mixed', [column('v', { kind: 'int64' })]),
      Array.from({ length: 1000 }, (): Row => [1n]),
    )
    await execute(at.db, "update mixed set v = 'odd' where rowid = 500")
    expect(await failure(query(at.db, 'select v from mixed'))).toMatchObject({
      code: 'DATA_TYPE',
      message: expect.stringContaining('Row 500'),
      hint: expect.stringContaining('cast'),
    })
  })
})
