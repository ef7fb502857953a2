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
})
