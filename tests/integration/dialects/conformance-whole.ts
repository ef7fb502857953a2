import { expect, it } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import type { WritePlan } from '../../../src-main/dialects/dialect.ts'
import { before, columns, freshName, none, targets } from './conformance-targets.ts'
import { column, execute, failure, int32, load, loadOn, plan, type Subject, text, wireBytes } from './subject.ts'

/** A load comes whole or not at all: refused rows, and who ends the transaction. */
export function wholenessConforms(subject: () => Subject): void {
  const { db, rowsOf, prepared } = targets(subject)

  it('names the columns that a table does not have', async () => {
    const table = await prepared()
    const wrong = [column('id', int32), column('nome', text)]
    const error = await failure(load(db(), plan(table, wrong), [[3, 'x']]))
    expect(error).toMatchObject({ code: 'QUERY_MISSING', message: expect.stringContaining('nome') })
    expect(error).toMatchObject({ hint: expect.stringContaining('name') })
  })

  it('fails on the first refused row, naming it, and changes nothing', async () => {
    const table = await prepared()
    const error = await failure(
      load(db(), plan(table, columns), [
        [3, 'three'],
        [1, 'again'],
      ]),
    )
    expect(error).toMatchObject({ code: 'DATA_CONSTRAINT', hint: expect.stringContaining('rows') })
    expect(await rowsOf(table)).toEqual(before)
  })

  it('matches rows by a column that the database computes, and refuses to write one', async () => {
    const table = freshName()
    await execute(
      db(),
      `create table ${table} (id integer primary key, name varchar(9), twice integer generated always as (id * 2) stored)`,
      `insert into ${table} (id, name) values (1, 'one'), (2, 'two'), (3, 'three')`,
    )
    const computed = [column('twice', int32), column('name', text)]
    await load(db(), plan(table, computed, { mode: 'update', keys: ['twice'] }), [[4, 'TWO']])
    await load(db(), plan(table, computed, { mode: 'delete', keys: ['twice'] }), [[6, null]])
    const changed = [
      [1, 'one'],
      [2, 'TWO'],
    ]
    expect(await rowsOf(table)).toEqual(changed)
    const ways: Partial<WritePlan>[] = [{ mode: 'append' }, { mode: 'update', keys: ['name'] }]
    for (const more of ways)
      expect(await failure(load(db(), plan(table, computed, more), [[2, 'one']]))).toMatchObject({
        code: 'CONFIG_COLUMN',
        message: expect.stringContaining('twice'),
      })
    expect(await rowsOf(table)).toEqual(changed)
  })

  it('fails on a value of the wrong type and changes nothing', async () => {
    const table = await prepared()
    await using session = await db().session()
    const writer = await session.write(plan(table, columns))
    const sent = writer.write(new TextEncoder().encode('3,three\nfour,four\n')).then(() => writer.finish())
    expect(await failure(sent)).toMatchObject({ code: 'DATA_TYPE' })
    await writer.abort()
    expect(await rowsOf(table)).toEqual(before)
  })

  const constrained = async () => {
    const table = freshName()
    await execute(
      db(),
      `create table ${table} (id integer primary key, name text not null check (name <> 'bad'))`,
      `insert into ${table} values (1, 'one'), (2, 'two')`,
    )
    return table
  }
  const mixed: Row[] = [
    [3, 'three'],
    [1, 'doubled'],
    [4, null],
    [5, 'bad'],
    [6, 'six'],
  ]

  for (const mode of ['append', 'upsert'] as const) {
    it(`${mode}: reports refused rows and keeps the others`, async () => {
      const table = await constrained()
      const refused: [string, string][] = []
      const todo: WritePlan = plan(table, columns, {
        mode,
        keys: mode === 'upsert' ? ['id'] : [],
        maxRejects: 10,
        batchSize: 2,
        onReject: (row, reason) => refused.push([row, reason]),
      })
      const result = await load(db(), todo, mixed)
      const doubled = mode === 'append'
      expect(result).toEqual({
        ...none,
        received: mixed.length,
        inserted: 2,
        updated: doubled ? 0 : 1,
        rejected: doubled ? 3 : 2,
      })
      const rows = refused.map(([row]) => row).sort()
      expect(rows).toEqual([...(doubled ? ['1,doubled\n'] : []), '4,\n', '5,bad\n'])
      for (const [, reason] of refused) expect(reason).not.toBe('')
      expect(await rowsOf(table)).toEqual([
        [1, doubled ? 'one' : 'doubled'],
        [2, 'two'],
        [3, 'three'],
        [6, 'six'],
      ])
    })
  }

  it('fails when more rows are refused than allowed, and changes nothing', async () => {
    const table = await constrained()
    const error = await failure(load(db(), plan(table, columns, { maxRejects: 2 }), mixed))
    expect(error).toMatchObject({ code: 'DATA_REJECTS' })
    expect(await rowsOf(table)).toEqual(before)
  })

  it('shows other sessions the old rows until the end', async () => {
    const table = await prepared()
    await using session = await db().session()
    const writer = await session.write(plan(table, columns, { mode: 'upsert', keys: ['id'] }))
    await writer.write(wireBytes(db(), columns, [[3, 'three']]))
    expect(await rowsOf(table)).toEqual(before)
    await writer.finish()
    expect(await rowsOf(table)).toHaveLength(3)
  })

  it('abort leaves the old rows, and the session fit for work', async () => {
    const table = await prepared()
    await using session = await db().session()
    const writer = await session.write(plan(table, columns, { mode: 'truncate' }))
    await writer.write(wireBytes(db(), columns, [[3, 'three']]))
    await writer.abort()
    await writer.abort()
    expect(await rowsOf(table)).toEqual(before)
    await loadOn(session, db(), plan(table, columns), [[3, 'three']])
    expect(await rowsOf(table)).toHaveLength(3)
  })

  it("leaves the end of the caller's transaction to the caller", async () => {
    const table = await prepared()
    await using session = await db().session()
    await session.begin()
    await loadOn(session, db(), plan(table, columns, { mode: 'truncate' }), [[3, 'three']])
    expect(session.inTransaction).toBe(true)
    await session.rollback()
    expect(await rowsOf(table)).toEqual(before)
    await session.begin()
    await loadOn(session, db(), plan(table, columns), [[3, 'three']])
    await loadOn(session, db(), plan(table, columns), [[4, 'four']])
    await session.commit()
    expect(await rowsOf(table)).toHaveLength(4)
  })
}
