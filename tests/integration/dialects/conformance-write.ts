import { expect, it } from 'vitest'
import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import type { WritePlan } from '../../../src-main/dialects/dialect.ts'
import { column, execute, failure, int32, load, loadOn, plan, query, type Subject, text, wireBytes } from './subject.ts'

const columns: Column[] = [column('id', int32), column('name', text)]
const none = { inserted: 0, updated: 0, deleted: 0, rejected: 0 }

let tables = 0
const freshName = () => `written_${++tables}`

export function writingConforms(subject: () => Subject): void {
  const db = () => subject().database
  const rowsOf = async (table: string) =>
    (await query(db(), `select id, name from ${table} order by id`)).rows.map(([id, name]) => [Number(id), name])

  /** A table with rows 1 and 2 and a primary key. */
  const prepared = async () => {
    const table = freshName()
    await load(db(), plan(table, columns, { mode: 'fail', keys: ['id'] }), [
      [1, 'one'],
      [2, 'two'],
    ])
    return table
  }
  const before = [
    [1, 'one'],
    [2, 'two'],
  ]

  it('fail: creates a table, and leaves one that exists alone', async () => {
    const table = await prepared()
    expect(await rowsOf(table)).toEqual(before)
    await expect(load(db(), plan(table, columns, { mode: 'fail' }), [[3, 'three']])).rejects.toMatchObject({
      name: 'AppError',
      message: expect.stringContaining(table),
    })
    expect(await rowsOf(table)).toEqual(before)
  })

  it('append: adds rows, creating the table when missing', async () => {
    const table = freshName()
    expect(await load(db(), plan(table, columns), [[1, 'one']])).toEqual({ ...none, inserted: 1 })
    expect(await load(db(), plan(table, columns), [[2, 'two']])).toEqual({ ...none, inserted: 1 })
    expect(await rowsOf(table)).toEqual(before)
  })

  it('append: takes columns in any order and leaves out others', async () => {
    const table = freshName()
    await execute(db(), `create table ${table} (id integer primary key, name text, more integer default 7)`)
    await load(db(), plan(table, [column('name', text), column('id', int32)]), [['one', 1]])
    const found = await query(db(), `select id, name, more from ${table}`)
    expect(found.rows.map((row) => row.map(String))).toEqual([['1', 'one', '7']])
  })

  it('replace: makes the table anew with the columns that arrive', async () => {
    const table = await prepared()
    const other = [column('id', int32), column('name', text), column('extra', { kind: 'boolean' })]
    const result = await load(db(), plan(table, other, { mode: 'replace' }), [[9, 'nine', true]])
    expect(result).toEqual({ ...none, inserted: 1 })
    expect((await query(db(), `select * from ${table}`)).rows).toEqual([[9, 'nine', true]])
  })

  it('truncate: keeps the definition and loses the rows', async () => {
    const table = freshName()
    await execute(
      db(),
      `create table ${table} (id integer primary key, name text, more integer default 7)`,
      `insert into ${table} (id, name) values (1, 'one'), (2, 'two')`,
    )
    const result = await load(db(), plan(table, columns, { mode: 'truncate' }), [[9, 'nine']])
    expect(result).toEqual({ ...none, inserted: 1 })
    const found = await query(db(), `select id, name, more from ${table}`)
    expect(found.rows.map((row) => row.map(String))).toEqual([['9', 'nine', '7']])
  })

  it('upsert: updates by key, inserts the rest, and counts both', async () => {
    const table = await prepared()
    const result = await load(db(), plan(table, columns, { mode: 'upsert', keys: ['id'] }), [
      [2, 'TWO'],
      [3, null],
      [4, ''],
    ])
    expect(result).toEqual({ ...none, inserted: 2, updated: 1 })
    expect(await rowsOf(table)).toEqual([
      [1, 'one'],
      [2, 'TWO'],
      [3, null],
      [4, ''],
    ])
  })

  it('upsert: creates a missing table with its keys', async () => {
    const table = freshName()
    await load(db(), plan(table, columns, { mode: 'upsert', keys: ['id'] }), [[1, 'one']])
    expect((await db().table({ name: table }))?.keys).toEqual([['id']])
    await load(db(), plan(table, columns, { mode: 'upsert', keys: ['id'] }), [[1, 'again']])
    expect(await rowsOf(table)).toEqual([[1, 'again']])
  })

  it('upsert: the last of several rows with one key wins', async () => {
    const table = await prepared()
    await load(db(), plan(table, columns, { mode: 'upsert', keys: ['id'] }), [
      [2, 'first'],
      [5, 'first'],
      [5, 'last'],
      [2, 'last'],
    ])
    expect(await rowsOf(table)).toEqual([
      [1, 'one'],
      [2, 'last'],
      [5, 'last'],
    ])
  })

  it('upsert: matches by several keys', async () => {
    const table = freshName()
    const three = [column('a', int32), column('b', text), column('v', text)]
    const todo = plan(table, three, { mode: 'upsert', keys: ['a', 'b'] })
    await load(db(), todo, [
      [1, 'x', 'old'],
      [1, 'y', 'old'],
    ])
    expect(await load(db(), todo, [[1, 'y', 'new']])).toEqual({ ...none, updated: 1 })
    expect((await query(db(), `select a, b, v from ${table} order by b`)).rows).toEqual([
      [1, 'x', 'old'],
      [1, 'y', 'new'],
    ])
  })

  it('update: changes rows that match and nothing else', async () => {
    const table = await prepared()
    const result = await load(db(), plan(table, columns, { mode: 'update', keys: ['id'] }), [
      [2, 'TWO'],
      [7, 'seven'],
    ])
    expect(result).toEqual({ ...none, updated: 1 })
    expect(await rowsOf(table)).toEqual([
      [1, 'one'],
      [2, 'TWO'],
    ])
  })

  it('delete: removes rows that match, whatever their other columns say', async () => {
    const table = await prepared()
    const result = await load(db(), plan(table, columns, { mode: 'delete', keys: ['id'] }), [
      [2, 'not the name'],
      [7, 'seven'],
    ])
    expect(result).toEqual({ ...none, deleted: 1 })
    expect(await rowsOf(table)).toEqual([[1, 'one']])
  })

  it('creates an empty table from no rows', async () => {
    const table = freshName()
    expect(await load(db(), plan(table, columns), [])).toEqual(none)
    expect(await rowsOf(table)).toEqual([])
  })

  it('creates columns with the database types asked for', async () => {
    const table = freshName()
    await load(db(), plan(table, columns, { types: { name: 'varchar(40)' } }), [[1, 'one']])
    const info = await db().table({ name: table })
    expect(info?.columns[1]?.databaseType.toLowerCase()).toMatch(/^(?:character varying|varchar)\(40\)$/)
  })

  it('takes pieces cut anywhere, inside characters and quotes too', async () => {
    const table = freshName()
    const rows: Row[] = [
      [1, 'ü, "quoted"\nline'],
      [2, '漢字👩‍👩‍👧'],
      [3, ''],
      [4, null],
    ]
    await using session = await db().session()
    const writer = await session.write(plan(table, columns))
    for (const byte of wireBytes(db(), columns, rows)) await writer.write(Uint8Array.of(byte))
    expect(await writer.finish()).toEqual({ ...none, inserted: 4 })
    expect(await rowsOf(table)).toEqual(rows)
  })

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
    expect(error).toMatchObject({ code: 'DATA_CONSTRAINT' })
    expect(await rowsOf(table)).toEqual(before)
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
      expect(result).toEqual({ ...none, inserted: 2, updated: doubled ? 0 : 1, rejected: doubled ? 3 : 2 })
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

  it('keeps odd names and values that look like SQL as data', async () => {
    await execute(db(), 'create table victim (id integer)')
    const odd = [
      'a b',
      'select',
      'A "quoted" name',
      "x'; drop table victim; --",
      'Ünïcödé',
      'dotted.name',
      '100%',
      ':colon',
      '?',
    ]
    const name = 'odd "table"; drop table victim; --'
    const named = odd.map((each) => column(each, text))
    const row: Row = odd.map((each) => `'); drop table victim; -- ${each}`)
    const first = odd[0] ?? ''
    const todo = plan(name, named, { mode: 'upsert', keys: [first] })
    await load(db(), todo, [row])
    expect(await load(db(), todo, [row])).toEqual({ ...none, updated: 1 })
    const { quote } = db().dialect
    const found = await query(db(), `select ${odd.map(quote).join(', ')} from ${quote(name)}`)
    expect(found.columns.map((each) => each.name)).toEqual(odd)
    expect(found.rows).toEqual([row])
    expect((await db().table({ name }))?.columns.map((each) => each.name)).toEqual(odd)
    expect((await query(db(), 'select count(*) as n from victim')).rows).toEqual([[0n]])
  })
}
