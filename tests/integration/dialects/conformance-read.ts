import { expect, it } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import type { BoundValue } from '../../../src-main/dialects/dialect.ts'
import {
  column,
  type DialectFacts,
  execute,
  failure,
  fetchRows,
  int32,
  load,
  plan,
  query,
  type Subject,
  text,
} from './subject.ts'

const textValue = (value: string): BoundValue => ({ type: text, value })
const intValue = (value: number): BoundValue => ({ type: int32, value })

export function readingConforms(subject: () => Subject, facts: DialectFacts): void {
  const db = () => subject().database

  it('gives rows in order, in batches, and counts them', async () => {
    await load(
      db(),
      plan('many', [column('id', int32), column('name', text)]),
      Array.from({ length: 5000 }, (_, index): Row => [index, `name ${index}`]),
    )
    await using session = await db().session()
    const reader = session.read({ sql: 'select id, name from many order by id desc' })
    const sizes: number[] = []
    const ids: unknown[] = []
    for await (const batch of reader.rows(999)) {
      sizes.push(batch.length)
      ids.push(...batch.map((row) => row[0]))
    }
    expect(sizes).toEqual([999, 999, 999, 999, 999, 5])
    expect(ids).toEqual(Array.from({ length: 5000 }, (_, index) => 4999 - index))
    expect(reader.rowsRead).toBe(5000)
  })

  it('counts the rows that go as bytes', async () => {
    await using session = await db().session()
    const reader = session.read({ sql: 'select id, name from many order by id' })
    const pieces: Uint8Array[] = []
    for await (const piece of reader.bytes(db().dialect.wire)) pieces.push(piece)
    const lines = Buffer.concat(pieces).toString('utf8').split('\n')
    expect(lines).toHaveLength(5001)
    expect(lines[0]).toMatch(/^0,"?name 0"?$/)
    expect(lines[4999]).toMatch(/^4999,"?name 4999"?$/)
    expect(reader.rowsRead).toBe(5000)
  })

  it('gives columns, and no rows, for an empty answer', async () => {
    const found = await query(db(), 'select id, name from many where id < 0')
    expect(found).toEqual({
      columns: [
        expect.objectContaining({ name: 'id', type: int32 }),
        expect.objectContaining({ name: 'name', type: text }),
      ],
      rows: [],
    })
  })

  it('makes names of columns unique', async () => {
    const found = await query(db(), 'select id, id, name as "Id" from many where id = 1')
    expect(found.columns.map((each) => each.name)).toEqual(['id', 'id_2', 'Id_3'])
    expect(found.rows).toEqual([[1, 1, 'name 1']])
  })

  it('tells the columns of a query without running it', async () => {
    expect(await db().describe({ sql: facts.slowSql })).toHaveLength(1)
    const columns = await db().describe({
      sql: 'select id, name as label from many where id > :low',
      params: { low: intValue(3) },
    })
    expect(columns).toMatchObject([
      { name: 'id', type: int32 },
      { name: 'label', type: text },
    ])
  })

  it('describes computed columns by the type of their values', async () => {
    const sql = `select count(*) as n, avg(id * cast(1.5 as ${facts.doubleName})) as mean, max(name) as last, min(id) + 1 as next
      from many where name <> :not`
    const columns = await db().describe({ sql, params: { not: textValue('name 0') } })
    const kinds = columns.map((each) => each.type.kind)
    expect(kinds.slice(0, 3)).toEqual(['int64', 'float64', 'text'])
    expect(['int32', 'int64']).toContain(kinds[3])
    expect((await query(db(), sql, { not: textValue('name 0') })).columns).toEqual(columns)
  })

  it('says what is wrong with a query', async () => {
    expect(await failure(db().describe({ sql: 'select * from no_such_table' }))).toMatchObject({
      code: 'QUERY_MISSING',
      message: expect.stringContaining('no_such_table'),
    })
    expect(await failure(db().describe({ sql: 'select nme from many' }))).toMatchObject({ code: 'QUERY_MISSING' })
    expect(await failure(db().describe({ sql: 'select id form many where' }))).toMatchObject({
      code: 'QUERY_SYNTAX',
      at: { position: expect.any(Number) },
    })
  })

  it('leaves placeholders inside strings, names and comments alone', async () => {
    const sql = `select ':a' as "b:c", /* :d */ :a as v -- :e
      from many where name = :name`
    const found = await query(db(), sql, { a: textValue("'; drop table many; --"), name: textValue('name 7') })
    expect(found.columns.map((each) => each.name)).toEqual(['b:c', 'v'])
    expect(found.rows).toEqual([[':a', "'; drop table many; --"]])
  })

  it('uses one value for every mention of its name', async () => {
    const found = await query(db(), 'select id from many where id >= :n and id < :n + 2 or id = :other order by id', {
      n: intValue(10),
      other: intValue(40),
    })
    expect(found.rows).toEqual([[10], [11], [40]])
  })

  it('executes statements and tells what they changed and returned', async () => {
    await using session = await db().session()
    await session.execute({ sql: 'create table executed (id integer primary key, name text)' })
    const inserted = await session.execute({ sql: "insert into executed values (1, 'one'), (2, 'two'), (3, 'three')" })
    expect(inserted).toEqual({ affected: 3, columns: [], rows: [] })
    const updated = await session.execute({
      sql: facts.returningSql,
      params: { name: textValue('new'), id: intValue(2) },
    })
    expect(updated.affected).toBe(2)
    expect(updated.columns.map((each) => each.name)).toEqual(['name', 'same'])
    expect(updated.rows.map((row) => row.map(String))).toEqual([
      ['new', '2'],
      ['new', '3'],
    ])
    const counted = await session.execute({ sql: 'select count(*) as n from executed' })
    expect(counted.rows).toEqual([[3n]])
  })

  it('executes a statement that holds others', async () => {
    await execute(db(), 'create table bodied (id int)', 'create table doubled (id int)', ...facts.bodySql)
    await execute(db(), 'insert into bodied values (4)')
    const { rows } = await query(db(), 'select id from doubled order by id')
    expect(rows.map(([id]) => Number(id))).toEqual([4, 8])
  })

  it('executes a statement for many rows of values, all or none', async () => {
    await execute(db(), 'create table often (id integer primary key, name text)')
    await using session = await db().session()
    const values = async function* (ids: number[]) {
      for (const id of ids) yield { id: intValue(id), name: textValue(`name ${id}`) }
    }
    const sql = 'insert into often values (:id, :name)'
    expect(await session.executeMany({ sql }, values([1, 2, 3]))).toBe(3)
    expect(await failure(session.executeMany({ sql }, values([4, 5, 1])))).toMatchObject({ code: 'DATA_CONSTRAINT' })
    expect((await fetchRows(session, { sql: 'select count(*) as n from often' })).rows).toEqual([[3n]])
  })

  it('commits and rolls back', async () => {
    await execute(db(), 'create table changed (id integer)')
    await using session = await db().session()
    await session.begin()
    await session.execute({ sql: 'insert into changed values (1)' })
    expect((await fetchRows(session, { sql: 'select count(*) as n from changed' })).rows).toEqual([[1n]])
    await session.rollback()
    expect(session.inTransaction).toBe(false)
    expect((await query(db(), 'select count(*) as n from changed')).rows).toEqual([[0n]])
    await session.begin()
    await session.execute({ sql: 'insert into changed values (2)' })
    await session.commit()
    expect((await query(db(), 'select count(*) as n from changed')).rows).toEqual([[1n]])
  })

  it('rolls back what a released session left open', async () => {
    const session = await db().session()
    await session.begin()
    await session.execute({ sql: 'delete from changed' })
    await session.release()
    expect((await query(db(), 'select count(*) as n from changed')).rows).toEqual([[1n]])
  })

  it('closes the query when the rows are left early', async () => {
    await using session = await db().session()
    for await (const batch of session.read({ sql: 'select a.id from many a, many b' }).rows(10)) {
      expect(batch).toHaveLength(10)
      break
    }
    for await (const piece of session.read({ sql: 'select a.id from many a, many b' }).bytes(db().dialect.wire)) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    expect((await fetchRows(session, { sql: 'select id from many where id = 3' })).rows).toEqual([[3]])
  })

  it('reads on two sessions at once', async () => {
    await using one = await db().session()
    await using two = await db().session()
    const down = one.read({ sql: 'select id from many order by id desc' }).rows(100)[Symbol.asyncIterator]()
    const up = two.read({ sql: 'select id from many order by id' }).rows(100)[Symbol.asyncIterator]()
    for (let step = 0; step < 50; step++) {
      const [first, second] = [await down.next(), await up.next()]
      expect([first.value?.[0]?.[0], second.value?.[0]?.[0]]).toEqual([4999 - step * 100, step * 100])
    }
    expect([(await down.next()).done, (await up.next()).done]).toEqual([true, true])
  })

  it('inspects tables, views, columns and keys', async () => {
    await execute(
      db(),
      "create table inspected (a integer not null, b varchar(10) default 'x', c integer unique, primary key (a, b))",
      'create view inspected_view as select a, b from inspected',
    )
    const listed = await db().tables()
    expect(listed.find((each) => each.name === 'inspected')?.kind).toBe('table')
    expect(listed.find((each) => each.name === 'inspected_view')?.kind).toBe('view')
    const info = await db().table({ name: 'inspected' })
    expect(info).toMatchObject({ name: 'inspected', kind: 'table', keys: [['a', 'b'], ['c']] })
    expect(info?.columns).toMatchObject([
      { name: 'a', primaryKey: true, nullable: false, hasDefault: false },
      { name: 'b', primaryKey: true, hasDefault: true, type: text },
      { name: 'c', primaryKey: false, hasDefault: false },
    ])
    expect(await db().table({ name: 'not there' })).toBeUndefined()
  })

  it('stops a long statement, and undoes its transaction', async () => {
    await execute(db(), 'create table stopped (id integer)')
    const stop = new AbortController()
    const session = await db().session(stop.signal)
    await session.begin()
    await session.execute({ sql: 'insert into stopped values (1)' })
    const running = failure(session.execute({ sql: facts.slowSql }))
    await query(db(), 'select 1 as one')
    stop.abort()
    expect(await running).toMatchObject({ code: 'RUN_CANCELLED' })
    expect(await failure(session.execute({ sql: 'select 1 as one' }))).toMatchObject({ code: 'RUN_CANCELLED' })
    await session.release()
    expect((await query(db(), 'select count(*) as n from stopped')).rows).toEqual([[0n]])
  })

  it('stops a query whose rows are being pulled', async () => {
    const stop = new AbortController()
    const session = await db().session(stop.signal)
    const pulling = async () => {
      for await (const _ of session.read({ sql: 'select a.id from many a, many b, many c' }).rows(1000)) stop.abort()
    }
    expect(await failure(pulling())).toMatchObject({ code: 'RUN_CANCELLED' })
    await session.release()
  })

  it('gives no session once it was told to stop', async () => {
    expect(await failure(db().session(AbortSignal.abort()))).toMatchObject({ code: 'RUN_CANCELLED' })
  })

  it('tells a lost connection, and goes on with a new one', async () => {
    const session = await db().session()
    await session.begin()
    await session.execute({ sql: 'delete from many' })
    await subject().lose(session)
    expect(await failure(session.execute({ sql: 'select 1 as one' }))).toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: true,
    })
    await session.release()
    expect((await query(db(), 'select count(*) as n from many')).rows).toEqual([[5000n]])
  })

  it('refuses to write through a read-only connection', async () => {
    await using locked = await subject().readOnly()
    expect((await query(locked, 'select count(*) as n from many')).rows).toEqual([[5000n]])
    for (const sql of ['delete from many', 'create table sneaked (id integer)', "update many set name = 'x'"]) {
      expect(await failure(execute(locked, sql))).toMatchObject({ code: 'QUERY_READ_ONLY' })
    }
    const write = load(locked, plan('many', [column('id', int32)]), [[1]])
    expect(await failure(write)).toMatchObject({ code: 'QUERY_READ_ONLY' })
    expect((await query(db(), 'select count(*) as n from many')).rows).toEqual([[5000n]])
  })
}
