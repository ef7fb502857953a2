import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshMariaDb, provisionMariaDb } from '../helpers/mariadb.ts'
import { freshDatabase, provisionPostgres } from '../helpers/postgres.ts'
import { lineOf, menuItem, treeOf } from './schema-page.ts'
import { openWorkbench, type Workbench } from './workbench-page.ts'

/** A server's database with a shop in its usual schema, and another schema that refers to it. */
interface Shop {
  url: string
  /** The usual schema and the other one. */
  schema: string
  other: string
  integer: string
  /** What the definition of a table begins with. */
  definition: RegExp
}

/** @param other how the other schema is called in SQL */
const statements = (other: string): string[] => [
  'create table customers (id integer primary key, name varchar(40) not null, country char(2))',
  `create table orders (
    id integer primary key,
    customer_id integer not null,
    placed_at timestamp not null,
    total decimal(10,2),
    constraint total_is_positive check (total > 0),
    constraint of_customer foreign key (customer_id) references customers (id) on delete cascade
  )`,
  'create index orders_by_customer on orders (customer_id, placed_at)',
  'create view big_orders as select * from orders where total > 100',
  "insert into customers values (1, 'Ada', 'CH'), (2, 'Grace', 'US')",
  "insert into orders values (1, 1, '2024-01-01', 10), (2, 1, '2024-01-02', 200), (3, 2, '2024-01-03', 300)",
  `create table ${other}.invoices (
    id integer primary key,
    order_id integer not null,
    constraint of_order foreign key (order_id) references orders (id)
  )`,
]

interface Server extends AsyncDisposable {
  shop: Shop
}

/** Servers of these specs alone: others need none. */
const servers: Record<string, () => Promise<Server>> = {
  Postgres: async () => {
    const server = await provisionPostgres()
    if ('missing' in server) throw new Error(server.missing)
    const fresh = await freshDatabase(server)
    await fresh.sql('create schema billing')
    for (const sql of [...statements('billing'), 'analyze orders']) await fresh.sql(sql)
    return {
      shop: { url: fresh.url, schema: 'public', other: 'billing', integer: 'integer', definition: /^CREATE TABLE/i },
      async [Symbol.asyncDispose]() {
        await fresh.drop()
        await server.stop()
      },
    }
  },
  MariaDB: async () => {
    const server = await provisionMariaDb()
    if ('missing' in server) throw new Error(server.missing)
    const fresh = await freshMariaDb(server)
    const { url, name } = fresh
    const other = `${name}_billing`
    await fresh.sql(`create database ${other}`)
    const texts = statements(other).map((sql) => sql.replace('references orders', `references ${name}.orders`))
    for (const sql of [...texts, 'analyze table orders']) await fresh.sql(sql)
    return {
      shop: { url, schema: name, other, integer: 'int(11)', definition: /^CREATE TABLE `orders`/ },
      async [Symbol.asyncDispose]() {
        await fresh.sql(`drop database ${other}`)
        await fresh.drop()
        await server.stop()
      },
    }
  },
}

const openShop = ({ url }: Shop): Promise<Workbench> =>
  openWorkbench({}, ({ home }) => writeFileSync(join(home, 'connections.json'), JSON.stringify({ shop: url })))

const lineWith = (page: Page, name: string) => treeOf(page).getByRole('treeitem', { name, exact: true })
const open = (page: Page, name: string) => lineOf(page, name).locator('svg').first().click()

describe.each(Object.entries(servers))('%s', (_name, serve) => {
  let server: Server
  let shop: Shop
  beforeAll(async () => {
    server = await serve()
    shop = server.shop
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('shows its schemas, tables, views, columns, keys, indexes and estimates in the tree', async () => {
    await using bench = await openShop(shop)
    const { page, app } = bench
    await lineOf(page, shop.schema).waitFor()
    await lineWith(page, 'orders table, about 3 rows').waitFor()
    await lineWith(page, 'big_orders view').waitFor()
    await open(page, 'orders')
    await lineWith(page, `id ${shop.integer}, primary key, not null`).waitFor()
    await lineWith(page, `customer_id ${shop.integer}, foreign key, not null`).waitFor()
    await lineOf(page, 'total')
      .locator('span[aria-hidden]', { hasText: /(decimal|numeric)\(10,2\)/ })
      .waitFor()
    for (const part of ['Indexes', 'Foreign keys', 'Referenced by', 'Checks']) await lineOf(page, part).click()
    await lineWith(page, 'customer_id, placed_at orders_by_customer').waitFor()
    await lineWith(page, 'customer_id → customers (id) · on delete cascade').waitFor()
    await lineOf(page, '.*total.* total_is_positive').waitFor()
    await lineWith(page, `${shop.other}.invoices order_id`).dblclick()
    await treeOf(page).getByRole('treeitem', { name: 'invoices table', selected: true }).waitFor()
    expect(app.complaints).toEqual([])
  })

  it('opens rows, shows the definition and writes names with their schema', async () => {
    await using bench = await openShop(shop)
    const { page, app } = bench
    await lineOf(page, 'orders').dblclick()
    await page.getByRole('tab', { name: 'Result 1 (3)' }).waitFor()
    await expect.poll(async () => (await bench.row(1)).slice(0, 3)).toEqual(['2', '2', '1'])
    await lineOf(page, 'orders').click({ button: 'right' })
    await menuItem(page, 'Show definition').click()
    const dialog = page.getByRole('dialog', { name: 'Definition of orders' })
    await dialog.getByText('of_customer').waitFor()
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(shop.definition)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await bench.write('select * from ')
    const text = page.getByRole('textbox', { name: /^SQL of/ })
    await open(page, `${shop.other} schema,`)
    await lineOf(page, 'invoices').dragTo(text, { targetPosition: { x: 600, y: 12 } })
    await expect.poll(() => text.textContent()).toContain(`select * from ${shop.other}.invoices`)
    await page.keyboard.press('Control+Enter')
    await page.getByText('No rows').first().waitFor()
    expect(app.complaints).toEqual([])
  })

  it('draws a schema, and what another one has to do with it', async () => {
    await using bench = await openShop(shop)
    const { page, app } = bench
    await lineOf(page, 'orders').click({ button: 'right' })
    await menuItem(page, 'Show in diagram').click()
    await page.getByText('3 tables, 1 relation').waitFor()
    const diagram = page.getByRole('application', { name: 'Tables of shop' })
    const table = (name: string) => diagram.getByRole('article', { name: new RegExp(`[.]${name} ·`) })
    await expect.poll(() => table('orders').getAttribute('data-mark')).toBe('picked')
    expect(await table('customers').getAttribute('data-mark')).toBe('near')
    expect(await table('big_orders').getAttribute('data-mark')).toBe('aside')
    await page.getByRole('combobox', { name: 'Schema' }).click()
    await page.getByRole('option', { name: shop.other, exact: true }).click()
    await page.getByText('1 table, 1 relation').waitFor()
    await table('invoices').waitFor()
    await page.getByText('List', { exact: true }).click()
    await page
      .getByRole('list', { name: 'Tables and their relations' })
      .getByText(/order_id → .*orders/)
      .first()
      .waitFor()
    expect(app.complaints).toEqual([])
  })
})
