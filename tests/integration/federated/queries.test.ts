import { beforeAll, describe, expect, test } from 'vitest'
import { formatType } from '../../../shared/data/types.ts'
import { ThreeDatabases } from './three.ts'

const three = new ThreeDatabases()

beforeAll(async () => {
  await three.postgres(
    'create table orders (id int primary key, customer int, amount numeric(12,2), at timestamptz, note text)',
    `insert into orders select i, i % 10, i * 1.25, timestamptz '2024-01-01 00:00+00' + i * interval '1 hour', 'n' || i from generate_series(1, 1000) i`,
    'create schema "Odd schema"',
    'create table "Odd schema"."Weird ""table"".x" ("a b" int, "A B" int, "select" text)',
    `insert into "Odd schema"."Weird ""table"".x" values (1, 2, 'three')`,
  )
  await three.mariadb(
    'create table customers (id int primary key, name varchar(50), city varchar(50) collate utf8mb4_general_ci)',
    `insert into customers values (0,'Nil','Oslo'),(1,'Ann','oslo'),(2,'Bob','Rome '),(3,'Cyd','Rome'),(4,'Dan','Zürich')`,
  )
  three.sqlite(
    'create table prices (id integer primary key, price real)',
    'insert into prices select value, value * 0.5 from generate_series(1, 20)'.replace(
      'generate_series(1, 20)',
      '(with recursive n(value) as (select 1 union all select value + 1 from n where value < 20) select value from n)',
    ),
  )
})

test('rows of three databases are joined by name', async () => {
  const { columns, rows } = await three.run(
    `select o.id, c.name, p.price, o.amount
       from shop.public.orders o
       join erp.customers c on c.id = o.customer
       join lake.main.prices p on p.id = o.id
      where o.id <= 12 order by o.id`,
  )
  expect(columns.map(({ name, type }) => `${name} ${formatType(type)}`)).toEqual([
    'id int32',
    'name text',
    'price float64',
    'amount decimal(12,2)',
  ])
  expect(rows).toEqual([
    [1, 'Ann', 0.5, '1.25'],
    [2, 'Bob', 1, '2.50'],
    [3, 'Cyd', 1.5, '3.75'],
    [4, 'Dan', 2, '5.00'],
    [10, 'Nil', 5, '12.50'],
    [11, 'Ann', 5.5, '13.75'],
    [12, 'Bob', 6, '15.00'],
  ])
})

describe('names', () => {
  test('a table may be named with or without its schema, in any case, and by both names at once', async () => {
    expect(await three.rows('select count(*) from SHOP.Orders')).toEqual([[1000n]])
    expect(await three.rows('select count(*) from shop.public.orders a, shop.orders b where a.id = b.id')).toEqual([
      [1000n],
    ])
  })

  test('odd names are quoted, and columns that differ in case get names of their own', async () => {
    const { columns, rows } = await three.run('from shop."Odd schema"."Weird ""table"".x"')
    expect(columns.map(({ name }) => name)).toEqual(['a b', 'A B_2', 'select'])
    expect(rows).toEqual([[1, 2, 'three']])
  })

  test('columns may carry the whole name of their table', async () => {
    expect(
      await three.rows('select shop.public.orders.id from shop.public.orders where shop.public.orders.id = 7'),
    ).toEqual([[7]])
  })

  test('a common table expression hides no table of a connection', async () => {
    const sql =
      'with orders as (select 1 as one), shop as (select 2 as two) select one, two, count(*) from orders, shop, shop.orders group by all'
    expect(await three.rows(sql)).toEqual([[1, 2, 1000n]])
  })
})

describe('a table that is read several times', () => {
  test.each([
    ['joined with itself', 'select count(*) from shop.orders a join shop.orders b on a.id = b.id + 1', 999n],
    [
      'in a common table expression that is used twice',
      'with o as (from shop.orders) select count(*) from o a join o b using (id)',
      1000n,
    ],
    ['counted beside another', 'select (select count(*) from shop.orders) + count(*) from lake.prices', 1020n],
    ['counted twice', 'select (select count(*) from shop.orders) + (select count(*) from shop.orders)', 2000n],
    [
      'in every step of a recursion',
      'with recursive r as (select 1 as id union all select o.id from r join shop.orders o on o.id = r.id + 1 where r.id < 50) select count(*) from r',
      50n,
    ],
    [
      'in a correlated subquery',
      'select count(*) from lake.prices p where exists (from shop.orders o where o.id = p.id and o.amount > 10)',
      12n,
    ],
  ])('%s', async (_, sql, count) => {
    expect(await three.rows(sql)).toEqual([[count]])
  })

  test('is asked of its database once, for the rows that any of the readings needs', async () => {
    const sql =
      'select count(*) from shop.orders a, shop.orders b where a.id = b.customer and a.id < 5 and b.customer > 2'
    expect(await three.asks(sql)).toEqual({
      shop: [expect.stringMatching(/^SELECT "id", "customer" FROM "public"\."orders" WHERE \(.* OR .*\)$/)],
    })
    expect(await three.rows(sql)).toEqual([[200n]])
  })
})

describe('what a database is asked', () => {
  test('only the columns that are read, and the rows that can be of use', async () => {
    expect(
      await three.asks(
        `select c.name, sum(o.amount) from shop.orders o join erp.customers c on c.id = o.customer
          where o.at >= '2024-01-10' and o.id between 3 and 900 and c.city in ('Rome', 'Oslo') group by all`,
      ),
    ).toEqual({
      shop: [
        'SELECT "id", "customer", "amount", "at" FROM "public"."orders" WHERE (("id" >= :p1 AND "id" <= :p2) AND "at" >= :p3)',
      ],
      erp: [
        expect.stringMatching(
          /^SELECT `id`, `name`, `city` FROM `sluice_\w+`\.`customers` WHERE `city` IN \(CAST\(:p1 AS CHAR CHARACTER SET utf8mb4\) COLLATE utf8mb4_bin, /,
        ),
      ],
    })
    const [first] = three.asked.filter(({ connection }) => connection === 'shop')
    expect(first?.statement.params).toEqual({
      p1: { type: { kind: 'int32' }, value: 3 },
      p2: { type: { kind: 'int32' }, value: 900 },
      p3: { type: { kind: 'timestamptz' }, value: '2024-01-10 00:00:00.000000+00' },
    })
  })

  test('values of parameters', async () => {
    const statement = {
      sql: 'select id from lake.prices where id = :id',
      params: { id: { type: { kind: 'int64' as const }, value: 7n } },
    }
    expect(await three.asks(statement)).toEqual({ lake: ['SELECT "id" FROM "prices" WHERE "id" = :p1'] })
    expect(await three.rows(statement)).toEqual([[7n]])
  })

  test('a filter that a join carries over to the other side', async () => {
    const sql = 'select c.name from shop.orders o join erp.customers c on c.id = o.customer where o.customer = 3'
    expect(await three.asks(sql)).toEqual({
      shop: ['SELECT "customer" FROM "public"."orders" WHERE "customer" = :p1'],
      erp: [expect.stringMatching(/^SELECT `id`, `name` FROM .* WHERE `id` = CAST\(:p1 AS SIGNED\)$/)],
    })
  })

  test('a limit, when nothing lies between', async () => {
    expect(await three.asks('select note from shop.orders limit 5 offset 2')).toEqual({
      shop: ['SELECT "note" FROM "public"."orders" LIMIT 7'],
    })
    expect(await three.rows('select note from shop.orders limit 5 offset 2')).toHaveLength(5)
  })

  test.each([
    [
      'a filter',
      'select note from shop.orders where id > 3 limit 5',
      'SELECT "id", "note" FROM "public"."orders" WHERE "id" > :p1',
    ],
    ['an order', 'select id from shop.orders order by id limit 5', 'SELECT "id" FROM "public"."orders"'],
    ['a sample', 'select id from (from shop.orders using sample 50%) limit 5', 'SELECT "id" FROM "public"."orders"'],
    ['a grouping', 'select distinct customer from shop.orders limit 5', 'SELECT "customer" FROM "public"."orders"'],
  ])('no limit past %s', async (_, sql, asked) => {
    expect(await three.asks(sql)).toEqual({ shop: [asked] })
  })

  test.each([
    ['computed', `select id from shop.orders where id % 7 = 5`],
    ['of the order of texts', `select note from shop.orders where note > 'n5'`],
    ['a pattern', `select note from shop.orders where note like 'n5%'`],
    ['on several columns at once', 'select id from shop.orders where id > 5 or customer = 3'],
    ['of a float', 'select price from lake.prices where price > 2.5'],
    [
      'that the rows are not needed for',
      'select o.id from shop.orders o left join lake.prices p on p.id = o.id and o.customer > 5',
    ],
  ])('no filter that is %s', async (_, sql) => {
    for (const asked of Object.values(await three.asks(sql)).flat()) expect(asked).not.toContain('WHERE')
  })

  test('nothing, when no row can be of use', async () => {
    expect(await three.asks('select id from shop.orders where id = 3 and id = 4')).toEqual({})
    expect(await three.rows('select id from shop.orders where id = 3 and id = 4')).toEqual([])
  })
})
