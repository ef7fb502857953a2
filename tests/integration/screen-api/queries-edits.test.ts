import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowEdit } from '../../../shared/contract/queries.ts'
import { cellProblem } from '../../../shared/data/cell-problem.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'
import { editing } from './edits.ts'

interface Subject {
  url: string
  setup: string[]
  /** A value to change to, by column of `odd`, as it is typed and as it then reads. */
  typed: Record<string, [typed: string, read: string]>
  drop(): Promise<void>
}

const subjects: Record<string, () => Promise<Subject>> = {
  SQLite: async () => ({
    url: 'sqlite:edits.db',
    setup: [
      'create table odd (id integer primary key, exact decimal(30,10), at timestamp, stamp timestamptz, raw blob, yes boolean, doc json, whole bigint, twice bigint generated always as (whole * 2) virtual)',
      `insert into odd (id, exact, at, raw, yes, doc, whole) values (1, 1.5, '2024-01-01 10:00:00', x'00ff', true, '{"a":1}', 4611686018427387903)`,
    ],
    typed: {
      at: ['2024-05-31 14:30:05', '2024-05-31 14:30:05'],
      stamp: ['2024-06-01 01:30:05+02:00', '2024-05-31 23:30:05+00'],
      raw: ['\\x0102', '\\x0102'],
      yes: ['false', 'false'],
      doc: ['{"b": [1, 2]}', '{"b": [1, 2]}'],
      whole: ['-4611686018427387904', '-4611686018427387904'],
    },
    drop: async () => undefined,
  }),
  Postgres: async () => {
    const fresh = await freshDatabase()
    return {
      url: fresh.url,
      setup: [
        "create type mood as enum ('sad', 'ok')",
        'create table odd (id int primary key, counted int generated always as identity, exact numeric, at timestamptz, raw bytea, yes boolean, doc jsonb, feels mood, tags text[], span interval, u uuid, whole bigint, twice bigint generated always as (whole * 2) stored)',
        `insert into odd values (1, default, 1.5, '2024-01-01 10:00+02', '\\x00ff', true, '{"a": 1}', 'sad', '{a,b}', '1 day', '6f9619ff-8b86-d011-b42d-00c04fc964ff', 4611686018427387903)`,
      ],
      typed: {
        exact: ['12345678901234567890.123456789', '12345678901234567890.123456789'],
        at: ['2024-05-31 14:30:05.5+02:00', '2024-05-31 12:30:05.5+00'],
        raw: ['\\x0102', '\\x0102'],
        yes: ['false', 'false'],
        doc: ['{"b": [1, 2]}', '{"b": [1, 2]}'],
        feels: ['ok', 'ok'],
        tags: ['["x", "y,z"]', '["x","y,z"]'],
        span: ['2 days 03:00:00', '2 days 03:00:00'],
        u: ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001'],
        whole: ['-4611686018427387904', '-4611686018427387904'],
      },
      drop: fresh.drop,
    }
  },
  MariaDB: async () => {
    const fresh = await freshMariaDb()
    return {
      url: fresh.url,
      setup: [
        "create table odd (id int primary key, exact decimal(30,10), at datetime(6), raw blob, yes boolean, doc json, feels enum('sad','ok'), stamp timestamp(6) null default null, whole bigint, twice bigint generated always as (whole * 2) virtual)",
        `insert into odd (id, exact, at, stamp, raw, yes, doc, feels, whole) values (1, 1.5, '2024-01-01 10:00:00', '2024-01-01 10:00:00', x'00ff', true, '{"a": 1}', 'sad', 4611686018427387903)`,
      ],
      typed: {
        exact: ['12345678901234567890.1234567891', '12345678901234567890.1234567891'],
        at: ['2024-05-31 14:30:05.5', '2024-05-31 14:30:05.5'],
        stamp: ['2024-06-01 01:30:05.5+02:00', '2024-05-31 23:30:05.5+00'],
        raw: ['\\x0102', '\\x0102'],
        doc: ['{"b": [1, 2]}', '{"b": [1, 2]}'],
        feels: ['ok', 'ok'],
        whole: ['-4611686018427387904', '-4611686018427387904'],
      },
      drop: fresh.drop,
    }
  },
}

describe.each(Object.entries(subjects))('%s', (name, open) => {
  let subject: Subject
  let api: Awaited<ReturnType<typeof queriesApi>>
  const sqlite = name === 'SQLite'
  beforeAll(async () => {
    subject = await open()
    api = await queriesApi({ db: subject.url })
    if (sqlite) await writeFile(join(api.home, 'edits.db'), '')
    for (const sql of subject.setup) await api.run(sql)
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    await subject.drop()
  })

  const { tableOf, apply, shown } = editing(() => api)

  test('odd types come out as they were typed, also a second time', async () => {
    const table = await tableOf('select * from odd')
    const names = Object.keys(subject.typed)
    for (const [column, [typed]] of Object.entries(subject.typed)) {
      expect(cellProblem(typed, table.fields[column]?.type ?? { kind: 'text' }), column).toBeUndefined()
    }
    const before = (await shown('select * from odd'))[0] ?? {}
    const pick = (from: Record<string, string | null>) =>
      Object.fromEntries(names.map((key) => [key, from[key] ?? null]))
    const after = Object.fromEntries(Object.entries(subject.typed).map(([column, [typed]]) => [column, typed]))
    expect(await apply(table, [{ kind: 'update', key: { id: '1' }, before: pick(before), after }])).toMatchObject({
      applied: true,
      conflicts: [],
    })
    const now = (await shown('select * from odd'))[0] ?? {}
    expect(pick(now)).toEqual(
      Object.fromEntries(Object.entries(subject.typed).map(([column, [, read]]) => [column, read])),
    )
    const nulls = Object.fromEntries(names.map((column) => [column, null]))
    expect(await apply(table, [{ kind: 'update', key: { id: '1' }, before: pick(now), after: nulls }])).toMatchObject({
      applied: true,
      conflicts: [],
    })
    expect(pick((await shown('select * from odd'))[0] ?? {})).toEqual(nulls)
  })

  test('says which columns the database computes', async () => {
    const { fields } = await tableOf('select * from odd')
    expect(fields.twice).toMatchObject({ generated: true })
    expect(fields.whole).toMatchObject({ generated: false, nullable: true, optional: true })
    if (name === 'Postgres') expect(fields.counted).toMatchObject({ generated: true })
  })

  test('a unique key without NULL does in place of a primary key', async () => {
    const key = name === 'MariaDB' ? 'varchar(20)' : 'text'
    await api.run(`create table coded (code ${key} not null unique, lax ${key} unique, label ${key})`)
    await api.run("insert into coded values ('a', 'x', 'one'), ('b', 'y', 'two')")
    const table = await tableOf('select code, label from coded')
    expect(table.keys).toEqual(['code'])
    const edits: RowEdit[] = [
      { kind: 'update', key: { code: 'a' }, before: { label: 'one' }, after: { label: '', code: 'c' } },
    ]
    expect(await apply(table, edits)).toMatchObject({ applied: true })
    expect(await api.rows('select code, label from coded order by code')).toEqual([
      ['b', 'two'],
      ['c', ''],
    ])
    const without = await api.client.queries.editable({ ...api.place, sql: 'select lax, label from coded' })
    expect(without.reason).toMatch(/do not show the key of coded \(code\)/)
    await expect(
      apply(table, [{ kind: 'update', key: { lax: 'y' }, before: {}, after: { label: 'z' } }]),
    ).rejects.toMatchObject({ data: { code: 'CONFIG_INVALID', at: { field: 'edits.0' } } })
    await api.run(`create table bare (lax ${key} unique, label ${key})`)
    const bare = await api.client.queries.editable({ ...api.place, sql: 'select * from bare' })
    expect(bare.reason).toMatch(/no primary key, nor a unique key without NULL/)
  })

  test('a number of 32 bits is shown as it was written, and is no conflict with itself', async () => {
    await api.run(`create table singles (id int primary key, v ${name === 'MariaDB' ? 'float' : 'real'})`)
    await api.run('insert into singles values (1, 0.1)')
    const table = await tableOf('select * from singles')
    expect(await api.rows('select * from singles')).toEqual([['1', '0.1']])
    const edits: RowEdit[] = [{ kind: 'update', key: { id: '1' }, before: { v: '0.1' }, after: { v: '0.2' } }]
    expect(await apply(table, edits)).toMatchObject({ applied: true })
    expect(await api.rows('select * from singles')).toEqual([['1', '0.2']])
  })

  test('changes are applied, and the tab runs, while their statements are still put together', async () => {
    await api.run('create table swift (id int primary key, name varchar(40))')
    await api.run("insert into swift values (1, 'one'), (2, 'two')")
    const table = await tableOf('select * from swift')
    const edit = (id: string, after: string): RowEdit => ({
      kind: 'update',
      key: { id },
      before: {},
      after: { name: after },
    })
    const [looked, lookedAgain, done] = await Promise.all([
      apply(table, [edit('1', 'uno')], { apply: false }),
      apply(table, [edit('1', 'eins')], { apply: false }),
      apply(table, [edit('2', 'zwei')]),
    ])
    expect(looked).toMatchObject({ applied: false })
    expect(lookedAgain).toMatchObject({ applied: false })
    expect(done).toMatchObject({ applied: true, conflicts: [] })
    const [, rows] = await Promise.all([
      apply(table, [edit('1', 'un')], { apply: false }),
      api.rows('select name from swift order by id'),
    ])
    expect(rows).toEqual([['one'], ['zwei']])
  })

  test('conflicts of several rows are told at once, and nothing is written', async () => {
    await api.run('create table pets (id int primary key, name varchar(40), age int)')
    await api.run("insert into pets values (1, 'Ada', 3), (2, 'Bob', 4), (3, 'Cy', 5)")
    const table = await tableOf('select * from pets')
    await api.run("update pets set name = 'Theirs' where id = 1", { session: 'other' })
    await api.run('delete from pets where id = 2', { session: 'other' })
    const edits: RowEdit[] = [
      { kind: 'update', key: { id: '1' }, before: { name: 'Ada', age: '3' }, after: { name: 'Mine', age: '9' } },
      { kind: 'update', key: { id: '2' }, before: { name: 'Bob' }, after: { name: 'x' } },
      { kind: 'delete', key: { id: '3' }, before: { name: 'Cy', age: '5' } },
    ]
    expect(await apply(table, edits)).toMatchObject({
      applied: false,
      conflicts: [
        { edit: 0, theirs: { name: 'Theirs' } },
        { edit: 1, theirs: null },
      ],
    })
    expect(await api.rows('select count(*) from pets')).toEqual([['2']])
    const mine: RowEdit = { kind: 'update', key: { id: '1' }, before: { name: 'Theirs' }, after: { name: 'Mine' } }
    expect(await apply(table, [mine])).toMatchObject({ applied: true })
    await api.run('update pets set age = 6 where id = 3', { session: 'other' })
    const gone: RowEdit = { kind: 'delete', key: { id: '3' }, before: { name: 'Cy', age: '5' } }
    expect(await apply(table, [gone])).toMatchObject({ applied: false, conflicts: [{ theirs: { age: '6' } }] })
    expect(await api.rows('select id, name, age from pets order by id')).toEqual([
      ['1', 'Mine', '3'],
      ['3', 'Cy', '6'],
    ])
  })

  test('what the database refuses is placed, and the rest is taken back', async () => {
    await api.run('create table strict_ones (id int primary key, n int not null)')
    await api.run('insert into strict_ones values (1, 1)')
    const table = await tableOf('select * from strict_ones')
    const edits: RowEdit[] = [
      { kind: 'update', key: { id: '1' }, before: { n: '1' }, after: { n: '2' } },
      { kind: 'insert', after: { id: '1', n: '5' } },
    ]
    await expect(apply(table, edits)).rejects.toMatchObject({ data: { at: { field: 'edits.1' } } })
    expect(await api.rows('select n from strict_ones')).toEqual([['1']])
    expect((await api.client.queries.state({ session: 'tab' })).transaction).toBe('idle')
  })

  test('changes join the transaction that is open, and a refusal leaves it open', async () => {
    await api.run('create table held (id int primary key, n int)')
    await api.run('insert into held values (1, 1), (2, 2)')
    const table = await tableOf('select * from held')
    await api.run('update held set n = 10 where id = 1', { manual: true })
    await expect(apply(table, [{ kind: 'insert', after: { id: '2' } }])).rejects.toThrow()
    const change: RowEdit = { kind: 'update', key: { id: '2' }, before: { n: '2' }, after: { n: '20' } }
    expect(await apply(table, [change])).toMatchObject({ applied: true })
    expect(await api.client.queries.state({ session: 'tab' })).toMatchObject({ transaction: 'open' })
    await api.client.queries.rollback({ session: 'tab' })
    expect(await api.rows('select n from held order by id')).toEqual([['1'], ['2']])
  })

  test('a row is found by its point in time, however that is written there', async () => {
    if (!sqlite) return
    await api.run('create table logged (at timestamptz, day date, n int, primary key (at, day))')
    const written = [
      '2024-06-01T01:30:05.25+02:00',
      '2024-05-31 23:30:06Z',
      '2024-05-31 18:30:07-05',
      '2024-05-31 23:30:08+00',
    ]
    for (const [n, at] of written.entries()) await api.run(`insert into logged values ('${at}', '2024-05-31', ${n})`)
    const rows = await shown('select * from logged order by n')
    const table = await tableOf('select * from logged')
    const edits = rows.map(
      ({ at = null, day = null, n = null }): RowEdit => ({
        kind: 'update',
        key: { at, day },
        before: { n },
        after: { n: `1${n}` },
      }),
    )
    const looked = await apply(table, edits, { apply: false })
    expect(looked.sql).toEqual(written.map((at, n) => expect.stringContaining(`SET "n" = 1${n} WHERE "at" = '${at}'`)))
    expect(await apply(table, edits)).toMatchObject({ applied: true, conflicts: [] })
    expect(await api.rows('select cast(at as text), n from logged order by n')).toEqual(
      written.map((at, n) => [at, `1${n}`]),
    )
    const [first = {}] = rows
    const { at = null, day = null } = first
    const gone: RowEdit = { kind: 'delete', key: { at: '2024-05-31 23:30:05.5+00', day }, before: {} }
    expect(await apply(table, [gone])).toMatchObject({ applied: false, conflicts: [{ edit: 0, theirs: null }] })
    expect(await apply(table, [{ kind: 'delete', key: { at, day }, before: { n: '10' } }])).toMatchObject({
      applied: true,
    })
    expect(await api.rows('select count(*) from logged')).toEqual([['3']])
  })

  test('a row that someone holds is waited for, and told apart then', async () => {
    if (!sqlite) return
    const other = new DatabaseSync(join(api.home, 'edits.db'))
    await api.run('create table busy (id integer primary key, n int)')
    await api.run('insert into busy values (1, 1)')
    const table = await tableOf('select * from busy')
    other.exec('begin immediate; update busy set n = 2')
    const applying = apply(table, [{ kind: 'update', key: { id: '1' }, before: { n: '1' }, after: { n: '3' } }])
    other.exec('commit')
    other.close()
    expect(await applying).toMatchObject({ applied: false, conflicts: [{ theirs: { n: '2' } }] })
  })
})
