import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../src-main/dialects/dialect.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { execute } from './subject.ts'

let folder: string
let database: Database
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-schema-sqlite-'))
  database = await sqlite.open({ dialect: 'sqlite', file: 'test.db' }, folder)
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

const named = (name: string) => database.catalog.object({ name })
const columnsOf = async (name: string) => (await named(name))?.columns ?? []
const rowsOf = async () =>
  Object.fromEntries((await database.catalog.objects()).objects.map((one) => [one.name, one.rows]))

test('each of several foreign keys has its own name, seen from either table', async () => {
  await execute(
    database,
    'create table a (id integer primary key)',
    'create table b (id integer primary key)',
    `create table c (a int constraint to_a references a, b int, other int references b,
         constraint to_b foreign key (b) references b (id))`,
  )
  const names = async (table: string, side: 'foreignKeys' | 'referencedBy') =>
    (await database.catalog.object({ name: table }))?.[side].map(({ name, columns }) => [name, ...columns])
  expect(await names('c', 'foreignKeys')).toEqual([
    ['to_a', 'a'],
    [null, 'other'],
    ['to_b', 'b'],
  ])
  expect(await names('b', 'referencedBy')).toEqual([
    [null, 'other'],
    ['to_b', 'b'],
  ])
  expect(await names('a', 'referencedBy')).toEqual([['to_a', 'a']])
})

test('a full-text table is one table, and what SQLite keeps for it is none', async () => {
  await execute(database, 'create virtual table notes using fts5(title, body)', "insert into notes values ('a', 'b')")
  expect((await database.catalog.objects()).objects).toMatchObject([{ name: 'notes', kind: 'table' }])
  expect((await columnsOf('notes')).map(({ name }) => name)).toEqual(['title', 'body'])
  expect((await database.catalog.diagram({})).tables.map(({ name }) => name)).toEqual(['notes'])
  expect((await database.catalog.definition({ name: 'notes' }))?.toLowerCase()).toContain('using fts5(title, body)')
})

describe('NULL', () => {
  test.each([
    ['the column that stands for the rowid takes none', 'id integer primary key', '', false],
    ['neither does one of a STRICT table', 'id integer primary key', ' strict', false],
    ['nor a key WITHOUT ROWID', 'id text primary key', ' without rowid', false],
    ['a key of another type takes it', 'id int primary key', '', true],
    ['so does one that is sorted downwards, which is no rowid', 'id integer primary key desc', '', true],
    ['and an INTEGER column that is but a part of a key', 'id integer, part integer, primary key (id, part)', '', true],
  ])('%s', async (_words, columns, options, nullable) => {
    await execute(database, `create table t (${columns})${options}`)
    expect((await columnsOf('t'))[0]).toMatchObject({ name: 'id', primaryKey: true, nullable })
    expect((await database.catalog.diagram({})).tables[0]?.columns[0]).toMatchObject({ name: 'id', nullable })
    if (nullable) await execute(database, 'insert into t (id) values (null)')
  })
})

test('types of STRICT tables, and generated columns of both kinds, are told with how they are made', async () => {
  await execute(
    database,
    'create table s (id integer primary key, a any, b blob) strict',
    'create table g (x int, y int as (x + 1), z int generated always as (x * 2) stored)',
  )
  expect((await columnsOf('s')).map(({ databaseType }) => databaseType)).toEqual(['INTEGER', 'ANY', 'BLOB'])
  expect((await columnsOf('g')).map((one) => [one.name, one.generated, one.default])).toEqual([
    ['x', false, null],
    ['y', true, 'x + 1'],
    ['z', true, 'x * 2'],
  ])
})

test('indexes are told with their expressions and conditions', async () => {
  await execute(
    database,
    'create table t (id integer primary key, name text, n int)',
    'create unique index by_name on t (lower(name), n desc) where n > 0',
    'create table w (a text, b text, primary key (b, a)) without rowid',
  )
  expect((await named('t'))?.indexes).toMatchObject([
    { name: 'by_name', columns: ['lower(name)', 'n'], unique: true, primary: false, condition: 'n > 0' },
  ])
  expect((await named('w'))?.indexes).toMatchObject([{ columns: ['b', 'a'], unique: true, primary: true }])
})

test('rows are estimated once SQLite has counted them, and never by what a partial index holds', async () => {
  const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) select i, i from n'
  for (const table of ['whole', 'part', 'bare']) {
    await execute(database, `create table ${table} (a int, b int)`, `insert into ${table} ${numbers}`)
  }
  await execute(database, 'create index whole_a on whole (a)', 'create index part_a on part (a) where b > 40')
  expect(await rowsOf()).toEqual({ whole: null, part: null, bare: null })
  await execute(database, 'analyze')
  expect(await rowsOf()).toEqual({ whole: 50, part: 50, bare: 50 })
  await execute(database, 'delete from sqlite_stat1', 'analyze part_a')
  expect(await rowsOf()).toEqual({ whole: null, part: null, bare: null })
})
