import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { queriesApi } from '../../helpers/queries-api.ts'

const rowid = { nullable: false, optional: true }
const mustBeGiven = { nullable: false, optional: false }
const mayBeNull = { nullable: true, optional: true }

test.each([
  ['the column of the rowid', 't (id integer primary key, n int)', rowid],
  ['it, declared apart', 't (id INTEGER, n int, primary key (id))', rowid],
  ['a key beside the rowid', 't (id int primary key, n int)', mayBeNull],
  ['one of several in a key', 't (id integer, n int, primary key (id, n))', mayBeNull],
  ['a key of a table without rowids', 't (id integer primary key, n int) without rowid', mustBeGiven],
  ['a column that is not null', 't (id integer not null, n integer primary key)', mustBeGiven],
])('a cell of SQLite: %s', async (_name, made, expected) => {
  await using api = await queriesApi({ db: 'sqlite:shop.db' })
  await writeFile(join(api.home, 'shop.db'), '')
  await api.run(`create table ${made}`)
  const { table } = await api.client.queries.editable({ ...api.place, sql: 'select * from t' })
  expect(table?.fields.id).toMatchObject(expected)
})
