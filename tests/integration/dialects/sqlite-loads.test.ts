import { describe, expect, it } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import { SqliteFile } from './sqlite-file.ts'
import { column, execute, failure, int32, load, plan, text } from './subject.ts'

const at = new SqliteFile()

describe('loads', () => {
  const columns = [column('id', int32), column('v', text)]

  it('upsert asks for a unique key, and says how to make one', async () => {
    await execute(at.db, 'create table t (id integer, v text)')
    const error = await failure(load(at.db, plan('t', columns, { mode: 'upsert', keys: ['id'] }), [[1, 'a']]))
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('create unique index') })
    const hint = error instanceof Error && 'hint' in error ? String(error.hint).replace('Run: ', '') : ''
    await execute(at.db, hint)
    expect(await load(at.db, plan('t', columns, { mode: 'upsert', keys: ['id'] }), [[1, 'a']])).toMatchObject({
      inserted: 1,
    })
  })

  it('update and delete match by columns without an index, and leave none behind', async () => {
    await execute(at.db, 'create table t (id integer, v text)', "insert into t values (1, 'a'), (1, 'b'), (2, 'c')")
    expect(await load(at.db, plan('t', columns, { mode: 'update', keys: ['id'] }), [[1, 'z']])).toMatchObject({
      updated: 2,
    })
    expect(await load(at.db, plan('t', columns, { mode: 'delete', keys: ['id'] }), [[2, null]])).toMatchObject({
      deleted: 1,
    })
    expect(await at.select('select id, v from t')).toEqual([
      [1n, 'z'],
      [1n, 'z'],
    ])
    expect(await at.select("select count(*) from sqlite_schema where type = 'index'")).toEqual([[0n]])
  })

  it('name the row that was refused', async () => {
    await execute(at.db, 'create table t (id integer primary key, v text)')
    const rows = Array.from({ length: 3000 }, (_, index): Row => [index === 2000 ? 5 : index, 'v'])
    expect(await failure(load(at.db, plan('t', columns), rows))).toMatchObject({
      code: 'DATA_CONSTRAINT',
      message: expect.stringMatching(/Row 2001 for table t: .*t\.id/),
    })
  })

  it('refuse a column type that is more than a type', async () => {
    const todo = plan('t', columns, { types: { v: 'text); drop table x; --' } })
    expect(await failure(load(at.db, todo, []))).toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('refuse rows that end in the middle', async () => {
    await using session = await at.db.session()
    const writer = await session.write(plan('t', columns))
    await writer.write(new TextEncoder().encode('1,a\n2,"b'))
    expect(await failure(writer.finish())).toMatchObject({ code: 'DATA_SHORT' })
    expect(await at.db.tables()).toEqual([])
  })

  it.each([
    ['INTEGER', 'x', 'int64'],
    ['INTEGER', '12.5', 'int64'],
    ['SMALLINT', '40000', 'int16'],
    ['INTEGER', '9223372036854775808', 'int64'],
    ['DECIMAL(10,2)', 'ten', 'decimal(10,2)'],
    ['DECIMAL TEXT(30,2)', 'NaN', 'decimal(30,2)'],
    ['DOUBLE', '1,5', 'float64'],
    ['BOOLEAN', 'yes', 'boolean'],
    ['DATE', '24.12.2024', 'date'],
    ['DATE', '2024-13-45', 'date'],
    ['TIMESTAMP', 'noon', 'timestamp'],
    ['TIME', '2024-01-01', 'time'],
    ['JSON TEXT', '{a}', 'json'],
    ['UUID TEXT', '1234', 'uuid'],
  ])('refuse what a column of type %s cannot give back: %s', async (declared, value, type) => {
    await execute(at.db, `create table t (v ${declared})`)
    const texts = [column('v', text)]
    expect(await failure(load(at.db, plan('t', texts), [[value]]))).toMatchObject({
      code: 'DATA_TYPE',
      message: `Row 1 for table t: column v: "${value}" is not a value of type ${type}.`,
    })
    expect(await load(at.db, plan('t', texts, { maxRejects: 1 }), [[value], [null]])).toMatchObject({
      inserted: 1,
      rejected: 1,
    })
  })

  it.each([
    ['INTEGER', ' 12 ', 12n],
    ['INTEGER', '-12.0', -12n],
    ['INTEGER', '1e3', 1000n],
    ['DECIMAL(10,2)', '1.5', '1.50'],
    ['DOUBLE', '1e-3', 0.001],
    ['DOUBLE', '-Infinity', Number.NEGATIVE_INFINITY],
    ['BOOLEAN', 'f', false],
    ['DATE', '2024-12-24', '2024-12-24'],
    ['TIMESTAMP', '2024-12-24T10:00:00', '2024-12-24T10:00:00'],
    ['TIME', '10:00:00.5', '10:00:00.5'],
    ['JSON TEXT', '{"a":[1]}', '{"a":[1]}'],
    ['STRANGE WORDS', 'x', 'x'],
  ])('take a text that a column of type %s can give back: %s', async (declared, value, cell) => {
    await execute(at.db, `create table t (v ${declared})`)
    expect(await load(at.db, plan('t', [column('v', text)]), [[value]])).toMatchObject({ inserted: 1 })
    expect(await at.select('select v from t')).toEqual([[cell]])
  })

  it.each([
    ['float64', 12.5, 'INTEGER', 'int64'],
    ['int64', 70000n, 'SMALLINT', 'int16'],
    ['int64', 2n, 'BOOLEAN', 'boolean'],
    ['float64', Number.NaN, 'DECIMAL(10,2)', 'decimal(10,2)'],
    ['decimal', '1.25', 'INTEGER', 'int64'],
  ] as const)('refuse a %s of %s in a column of type %s', async (kind, value, declared, type) => {
    await execute(at.db, `create table t (v ${declared})`)
    expect(await failure(load(at.db, plan('t', [column('v', { kind })]), [[value]]))).toMatchObject({
      code: 'DATA_TYPE',
      message: `Row 1 for table t: column v: "${value}" is not a value of type ${type}.`,
    })
  })
})
