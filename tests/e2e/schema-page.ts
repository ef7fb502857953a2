import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BrowserContextOptions, Locator, Page } from 'playwright'
import { openWorkbench, type Workbench } from './workbench-page.ts'

/** A shop whose tables refer to each other, beside the table `items` of every workbench. */
const shop = `
  create table customers (id integer primary key, name text not null, country text);
  create table orders (
    id integer primary key,
    customer_id integer not null references customers(id) on delete cascade,
    placed_at timestamp not null,
    total decimal(10,2)
  );
  create table "Order lines" (
    order_id integer not null references orders(id),
    line integer not null,
    item_id integer references items(id),
    primary key (order_id, line)
  );
  create index orders_by_customer on orders (customer_id, placed_at);
  create view big_orders as select * from orders where total > 100;
  insert into customers values (1, 'Ada', 'CH'), (2, 'Grace', 'US');
  insert into orders values (1, 1, '2024-01-01', 10), (2, 1, '2024-01-02', 200), (3, 2, '2024-01-03', 300);
`

/** The workbench with the shop in its tree. @param more SQL of what else the shop holds */
export const openShop = (context: BrowserContextOptions = {}, more = ''): Promise<Workbench> =>
  openWorkbench(context, ({ home }) => {
    const database = new DatabaseSync(join(home, 'shop.db'))
    database.exec(shop + more)
    database.close()
  })

export const treeOf = (page: Page): Locator => page.getByRole('tree', { name: 'Tables of shop' })

/** A line of the tree by what it is called. */
export const lineOf = (page: Page, name: string): Locator =>
  treeOf(page).getByRole('treeitem', { name: new RegExp(`^${name}( |$)`) })

/** Names of what the tree shows, from top to bottom. */
export async function linesOf(page: Page): Promise<string[]> {
  return treeOf(page)
    .getByRole('treeitem')
    .evaluateAll((lines) => lines.map((line) => line.querySelector('span[class*="name"]')?.textContent ?? ''))
}

/** The line that keys act on. */
export const activeLine = (page: Page, name: string): Locator =>
  treeOf(page).getByRole('treeitem', { name, exact: true, selected: true })

export const menuItem = (page: Page, name: string): Locator => page.getByRole('menuitem', { name, exact: false })
