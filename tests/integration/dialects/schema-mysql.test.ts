import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../../shared/sql/statements.ts'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'

let shop: FreshMariaDb
let people: FreshMariaDb

beforeAll(async () => {
  shop = await freshMariaDb()
  people = await freshMariaDb()
  await people.sql('create table customers (id int primary key, name varchar(20))')
  await people.sql('create table secrets (id int primary key)')
  await shop.sql(
    `create table orders (id int primary key, customer int, constraint of_customer foreign key (customer)
       references ${people.name}.customers (id) on delete cascade)`,
  )
  await shop.sql('create table hidden (id int primary key, secret varchar(20))')
})
afterAll(async () => {
  await shop.drop()
  await people.drop()
})

describe('a foreign key across schemas', () => {
  test('is known from both ends, with the schema it leads to', async () => {
    await using database = await mysql.open(mysql.parseUrl(shop.url), '/')
    const orders = await database.catalog.object({ schema: shop.name, name: 'orders' })
    expect(orders?.foreignKeys).toEqual([
      {
        name: 'of_customer',
        columns: ['customer'],
        references: { schema: people.name, table: 'customers', columns: ['id'] },
        onDelete: 'cascade',
        onUpdate: null,
      },
    ])
    const customers = await database.catalog.object({ schema: people.name, name: 'customers' })
    expect(customers?.referencedBy).toEqual([
      { name: 'of_customer', schema: shop.name, table: 'orders', columns: ['customer'], references: ['id'] },
    ])
    expect((await database.catalog.definition({ schema: shop.name, name: 'orders' })) ?? '').toContain(people.name)
  })

  test('leads out of the diagram of its schema', async () => {
    await using database = await mysql.open(mysql.parseUrl(shop.url), '/')
    const { tables, relations } = await database.catalog.diagram({ schema: shop.name })
    expect(tables.map(({ name }) => name)).toEqual(['hidden', 'orders'])
    expect(relations).toEqual([
      {
        name: 'of_customer',
        from: { table: 'orders', columns: ['customer'] },
        to: { schema: people.name, table: 'customers', columns: ['id'] },
      },
    ])
  })
})

test('the definition of a table holds its triggers, in the order they fire', async () => {
  await using fresh = await freshMariaDb()
  await using database = await mysql.open(mysql.parseUrl(fresh.url), '/')
  await fresh.sql('create table noted (a int, b varchar(20))')
  await fresh.sql(
    "create trigger `z first` before insert on noted for each row begin set new.a = 1; set new.b = 'it''s;'; end",
  )
  await fresh.sql('create trigger a_second before insert on noted for each row set new.a = new.a * 10')
  const read = async () => (await database.catalog.definition({ schema: fresh.name, name: 'noted' })) ?? ''
  const before = await read()
  await fresh.sql('drop table noted')
  await using session = await database.session()
  for (const { sql } of statementsOf(before, 'mysql')) await session.execute({ sql })
  expect(await read()).toBe(before)
  await session.execute({ sql: 'insert into noted values (null, null)' })
  expect((await session.execute({ sql: 'select a, b from noted' })).rows).toEqual([[10, "it's;"]])
})

describe('a user without rights on some schemas', () => {
  const user = () => `narrow_${shop.name.slice(-8)}`
  beforeAll(async () => {
    await shop.sql(`create user ${user()}@'%'`)
    await shop.sql(`grant select on ${shop.name}.orders to ${user()}@'%'`)
  })
  afterAll(() => shop.sql(`drop user ${user()}@'%'`))
  const config = () => ({ ...mysql.parseUrl(shop.url), user: user() })

  test('is shown what he may read, and no error', async () => {
    await using database = await mysql.open(config(), '/')
    const { schemas, objects, defaultSchema } = await database.catalog.objects()
    expect(schemas).toEqual([shop.name])
    expect(defaultSchema).toBe(shop.name)
    expect(objects.map(({ name }) => name)).toEqual(['orders'])
    expect((await database.catalog.object({ name: 'orders' }))?.columns.map(({ name }) => name)).toEqual([
      'id',
      'customer',
    ])
    expect((await database.catalog.diagram({})).tables.map(({ name }) => name)).toEqual(['orders'])
  })

  test('finds nothing of what is hidden', async () => {
    await using database = await mysql.open(config(), '/')
    for (const ref of [
      { schema: shop.name, name: 'hidden' },
      { schema: people.name, name: 'secrets' },
    ]) {
      expect(await database.catalog.object(ref)).toBeUndefined()
      expect(await database.catalog.definition(ref)).toBeUndefined()
    }
    expect((await database.catalog.diagram({ schema: people.name })).tables).toEqual([])
  })
})
