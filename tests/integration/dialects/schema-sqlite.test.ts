import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { execute } from './subject.ts'

test('each of several foreign keys has its own name, seen from either table', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-schema-sqlite-'))
  try {
    await using database = await sqlite.open({ dialect: 'sqlite', file: 'test.db' }, folder)
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
  } finally {
    await rm(folder, { recursive: true })
  }
})
