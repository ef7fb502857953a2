import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DialectId } from '../../../shared/connections.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

type Api = Awaited<ReturnType<typeof queriesApi>>

/** Runs the INSERTs that are copied from the rows of `kept`, on `copied`, a table like it. */
async function copyOver(api: Api, dialect: DialectId): Promise<void> {
  const events = await api.run('select * from kept order by id')
  const found = events.findLast((event) => event.type === 'rows')
  const source = { query: found?.query ?? '', statement: 0 }
  const pieces = await api.client.results.copy({
    source,
    format: 'insert',
    offset: 0,
    limit: 100,
    table: 'copied',
    dialect,
  })
  let text = ''
  for await (const piece of pieces) text += piece.text
  expect((await api.run(text)).find((event) => event.type === 'failed')).toBeUndefined()
}

test('SQLite: copied INSERTs write infinities as numbers, and texts with a NUL', async () => {
  await using api = await queriesApi({ db: 'sqlite:shop.db' })
  await writeFile(join(api.home, 'shop.db'), '')
  const columns = '(id integer, amount real, name text)'
  await api.run(`create table kept ${columns}; create table copied ${columns};
    insert into kept values (1, 9e999, 'a''b' || char(0) || 'c'), (2, -9e999, char(0)), (3, 5e-324, '')`)
  await copyOver(api, 'sqlite')
  const described = (table: string) =>
    api.rows(`select id, typeof(amount), amount, typeof(name), hex(name) from ${table} order by id`)
  expect(await described('copied')).toEqual(await described('kept'))
  expect(await described('kept')).toContainEqual(['1', 'real', 'Infinity', 'text', '6127620063'])
})

test('Postgres: copied INSERTs keep the sign of a zero', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  await api.run(`create table kept (id int, x real, y double precision); create table copied (like kept);
    insert into kept values (1, '-0', '-0'), (2, '-Infinity', 'NaN'), (3, 0, 1e-300)`)
  await copyOver(api, 'postgres')
  expect(await api.rows('select id, x, y from copied order by id')).toEqual([
    ['1', '-0', '-0'],
    ['2', '-Infinity', 'NaN'],
    ['3', '0', '1e-300'],
  ])
})
