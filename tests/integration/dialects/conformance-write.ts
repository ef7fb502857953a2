import { expect, it } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import { before, columns, freshName, none, targets } from './conformance-targets.ts'
import { column, execute, int32, load, plan, query, type Subject, text, wireBytes } from './subject.ts'

/** What each mode does to a table, and that names and values are data. */
export function writingConforms(subject: () => Subject): void {
  const { db, rowsOf, prepared } = targets(subject)

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
    expect(await load(db(), plan(table, columns), [[1, 'one']])).toEqual({ ...none, received: 1, inserted: 1 })
    expect(await load(db(), plan(table, columns), [[2, 'two']])).toEqual({ ...none, received: 1, inserted: 1 })
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
    expect(result).toEqual({ ...none, received: 1, inserted: 1 })
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
    expect(result).toEqual({ ...none, received: 1, inserted: 1 })
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
    expect(result).toEqual({ ...none, received: 3, inserted: 2, updated: 1 })
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
    expect(await load(db(), todo, [[1, 'y', 'new']])).toEqual({ ...none, received: 1, updated: 1 })
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
    expect(result).toEqual({ ...none, received: 2, updated: 1 })
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
    expect(result).toEqual({ ...none, received: 2, deleted: 1 })
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
    expect(await writer.finish()).toEqual({ ...none, received: 4, inserted: 4 })
    expect(await rowsOf(table)).toEqual(rows)
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
    expect(await load(db(), todo, [row])).toEqual({ ...none, received: 1, updated: 1 })
    const { quote } = db().dialect
    const found = await query(db(), `select ${odd.map(quote).join(', ')} from ${quote(name)}`)
    expect(found.columns.map((each) => each.name)).toEqual(odd)
    expect(found.rows).toEqual([row])
    expect((await db().table({ name }))?.columns.map((each) => each.name)).toEqual(odd)
    expect((await query(db(), 'select count(*) as n from victim')).rows).toEqual([[0n]])
  })
}
