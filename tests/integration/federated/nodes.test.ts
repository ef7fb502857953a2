import { beforeAll, describe, expect, test } from 'vitest'
import type { QueryNodes } from '../../../shared/contract/queries.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Pipeline } from '../../../shared/pipeline/schema.ts'
import { queryNodes } from '../../../src-main/engine/federated/nodes.ts'
import { withQueryNodes } from '../../../src-renderer/workbench/query-nodes.ts'
import { pipelineOf, world } from '../../helpers/engine.ts'
import { ThreeDatabases } from './three.ts'

const three = new ThreeDatabases()

beforeAll(async () => {
  await three.postgres(
    'create table items (id int primary key, name text)',
    `insert into items values (1, 'one'), (2, 'two'), (3, 'three')`,
    'create schema other',
    'create table other.items (id int, note text)',
    `insert into other.items values (1, 'first'), (4, 'fourth')`,
    'create table "Odd ""name""" (id int, "group" text)',
    `insert into "Odd ""name""" values (2, 'b')`,
    'create table "order" (id int)',
    'insert into "order" values (1), (2)',
  )
  await three.mariadb(
    'create table items (id int primary key, price int)',
    'insert into items values (1, 10), (2, 20), (5, 50)',
  )
  three.sqlite('create table stock (item integer, pieces integer)', 'insert into stock values (1, 7), (2, 0), (5, 3)')
})

const nodesOf = (sql: string): Promise<QueryNodes> =>
  queryNodes(sql, { connections: three.connections, scratch: three.scratch })

const failureOf = async (sql: string): Promise<AppError> => {
  const failed = await nodesOf(sql).catch((error: unknown) => error)
  if (failed instanceof AppError) return failed
  throw new Error(`It did not fail as it should: ${JSON.stringify(failed)}`)
}

const texts = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join('|')).sort()

/** The rows of the pipeline that a query becomes. */
async function rowsOf(nodes: QueryNodes): Promise<string[]> {
  await using w = await world(three.settings)
  const made: Pipeline = withQueryNodes(pipelineOf({ nodes: {} }), nodes)
  const outcome = await w.run({
    nodes: { ...made.nodes, kept: { kind: 'load', config: { connection: 'a', table: 'kept', mode: 'replace' } } },
    edges: [...made.edges, { from: Object.keys(made.nodes).at(-1) ?? '', to: 'kept' }],
  })
  if (outcome.error) throw outcome.error
  return texts(w.sqlite('a', 'select * from kept').map((row) => Object.values(row)))
}

describe('reads as inputs what it read from connections, with the same rows', () => {
  test.each<[string, string, Record<string, string>]>([
    [
      'select o.id, s.pieces from shop.public.items o join lake.main.stock s on s.item = o.id',
      'select o.id, s.pieces from items o join stock s on s.item = o.id',
      { items: 'shop public.items', stock: 'lake stock' },
    ],
    // Without aliases: what is called by the table's name goes on being so.
    [
      'select items.id, stock.* from shop.items, lake.stock where stock.item = items.id',
      'select items.id, stock.* from items, stock where stock.item = items.id',
      { items: 'shop items', stock: 'lake stock' },
    ],
    // Columns named with their connection or schema.
    [
      'select shop.public.items.id, public.items.name, lake.stock.pieces from shop.public.items, lake.stock where lake.stock.item = id',
      'select items.id, items.name, stock.pieces from items, stock where stock.item = id',
      { items: 'shop public.items', stock: 'lake stock' },
    ],
    // The same table twice, spelled in two ways.
    [
      'select a.id, b.name from shop.items a, SHOP . "public" /* one */ . ITEMS b where a.id < b.id',
      'select a.id, b.name from items a, items b where a.id < b.id',
      { items: 'shop items' },
    ],
    // Names that need quotes.
    [
      `select "Odd ""name""".id, "group" from shop."Odd ""name""" union all select id, 'x' from shop.order`,
      `select "Odd ""name""".id, "group" from "Odd ""name""" union all select id, 'x' from "order"`,
      { 'Odd "name"': 'shop "Odd ""name"""', order: 'shop order' },
    ],
    // Names that clash between connections and schemas.
    [
      'select a.id, price, note from shop.items a join erp.items b using (id) left join shop.other.items c using (id)',
      'select a.id, price, note from shop_public_items a join erp_items b using (id) left join shop_other_items c using (id)',
      { shop_public_items: 'shop items', erp_items: 'erp items', shop_other_items: 'shop other.items' },
    ],
    [
      'select items.name, (select max(items.price) from erp.items) as top from shop.items',
      'select items.name, (select max(items.price) from erp_items as items) as top from shop_items as items',
      { erp_items: 'erp items', shop_items: 'shop items' },
    ],
    [
      'select shop.items.id, erp.items.price from shop.items join erp.items on shop.items.id = erp.items.id',
      'select shop_items.id, erp_items.price from shop_items join erp_items on shop_items.id = erp_items.id',
      { shop_items: 'shop items', erp_items: 'erp items' },
    ],
    // A common table expression that is called like the table it reads.
    [
      'with items as (select items.id from shop.items where id > 1) select items.id, pieces from items join lake.stock on item = id',
      'with items as (select items.id from shop_items as items where id > 1) select items.id, pieces from items join stock on item = id',
      { shop_items: 'shop items', stock: 'lake stock' },
    ],
    [
      'with recursive n as (select min(id) as id from shop.items union all select n.id + 1 from n where exists (from erp.items e where e.id = n.id)) from n',
      'with recursive n as (select min(id) as id from shop_items as items union all select n.id + 1 from n where exists (from erp_items e where e.id = n.id)) from n',
      { shop_items: 'shop items', erp_items: 'erp items' },
    ],
    // Strings, comments and letters of several bytes are no names.
    [
      `select 'ü shop.items' as "ä" /* shop.items */, name from shop.items -- shop.items\n where id = 1`,
      `select 'ü shop.items' as "ä" /* shop.items */, name from items -- shop.items\n where id = 1`,
      { items: 'shop items' },
    ],
    [
      'pivot shop.items on name in (one, two) using count(*)',
      'from (\npivot items on name in (one, two) using count(*)\n)',
      { items: 'shop items' },
    ],
    ['from erp.items order by price desc limit 1;', 'from items order by price desc limit 1', { items: 'erp items' }],
    ['select 1 as one, 2 as two', 'select 1 as one, 2 as two', {}],
  ])('%s', async (sql, expected, tables) => {
    const nodes = await nodesOf(sql)
    expect(nodes.sql).toBe(expected)
    const found = nodes.tables.map(({ input, connection, table }) => [input, `${connection} ${table}`])
    expect(Object.fromEntries(found)).toEqual(tables)
    expect(await rowsOf(nodes)).toEqual(texts(await three.rows(sql)))
  })
})

test('parameters stay what they are', async () => {
  const { sql } = await nodesOf('select :low as low, shop.items.id from shop.items where id > :low::int')
  expect(sql).toBe('select :low as low, items.id from items where id > :low::int')
})

test('SUMMARIZE and DESCRIBE give rows in a pipeline, too', async () => {
  expect((await nodesOf('summarize lake.stock')).sql).toBe('from (\nsummarize stock\n)')
  expect(await rowsOf(await nodesOf('describe lake.stock'))).toHaveLength(2)
})

describe('what cannot become nodes is said in words, with its place', () => {
  test.each<[string, string, RegExp, string | undefined]>([
    ['select 1; select 2', 'QUERY_SYNTAX', /Only one statement/, ' select 2'],
    ['explain from shop.items', 'QUERY_DENIED', /plan/, undefined],
    ['delete from shop.items', 'QUERY_DENIED', /only read/, undefined],
    ['  select * from things', 'QUERY_MISSING', /no table things here/, 'things'],
    ['select * from shop.itms', 'QUERY_MISSING', /no table shop\.itms/, 'shop.itms'],
    ['select * from nowhere.items', 'CONNECTION_UNKNOWN', /nowhere/, 'nowhere'],
    [
      'select items.name, erp.items.price from shop.items, erp.items',
      'QUERY_CONFLICT',
      /Several tables are called items/,
      'items.name',
    ],
    ['select ü from (', 'QUERY_SYNTAX', /./, undefined],
  ])('%s', async (sql, code, message, place) => {
    const error = await failureOf(sql)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    if (place !== undefined) expect(error.at.position).toBe(sql.indexOf(place))
  })
})
