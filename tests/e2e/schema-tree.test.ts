import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { faults } from '../helpers/axe.ts'
import { CanvasPage } from './canvas-page.ts'
import { activeLine, lineOf, linesOf, menuItem, openShop, treeOf } from './schema-page.ts'
import { showWorkbench } from './workbench-page.ts'

const sqlOf = (name: string | RegExp) => ({ name: name instanceof RegExp ? name : `SQL of ${name}` })

it('shows what a table has, opened with the mouse, and remembers what was open', async () => {
  await using bench = await openShop()
  const { page, app } = bench
  await lineOf(page, 'orders').waitFor()
  expect(await linesOf(page)).toEqual(['big_orders', 'customers', 'items', 'Order lines', 'orders'])
  await lineOf(page, 'orders').locator('svg').first().click()
  await lineOf(page, 'total').locator('span[aria-hidden]', { hasText: 'decimal(10,2)' }).waitFor()
  await lineOf(page, 'Foreign keys').click()
  await lineOf(page, 'Indexes').click()
  await lineOf(page, 'Referenced by').click()
  await treeOf(page).getByRole('treeitem', { name: 'customer_id INTEGER, foreign key, not null' }).waitFor()
  await treeOf(page)
    .getByRole('treeitem', { name: /^id INTEGER, primary key/ })
    .waitFor()
  await treeOf(page).getByRole('treeitem', { name: 'customer_id → customers (id) · on delete cascade' }).waitFor()
  await treeOf(page).getByRole('treeitem', { name: 'customer_id, placed_at orders_by_customer' }).waitFor()
  await treeOf(page).getByRole('treeitem', { name: 'Order lines order_id' }).dblclick()
  await activeLine(page, 'Order lines table').waitFor()
  await page.reload()
  await showWorkbench(page)
  await treeOf(page).getByRole('treeitem', { name: 'customer_id INTEGER, foreign key, not null' }).waitFor()
  expect(app.complaints).toEqual([])
})

it('opens rows, shows the definition and copies from the menu', async () => {
  await using bench = await openShop()
  const { page, app } = bench
  await lineOf(page, 'Order lines').dblclick()
  await page.getByRole('textbox', sqlOf('Order lines')).getByText('select * from "Order lines"').waitFor()
  await page.getByText('No rows').first().waitFor()
  await lineOf(page, 'big_orders').click({ button: 'right' })
  await menuItem(page, 'Open rows').click()
  await page.getByRole('tab', { name: 'Result 1 (2)' }).waitFor()
  await lineOf(page, 'orders').hover()
  await lineOf(page, 'orders').locator('button').click()
  await menuItem(page, 'Show definition').click()
  const dialog = page.getByRole('dialog', { name: 'Definition of orders' })
  await dialog.getByText('orders_by_customer').waitFor()
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await dialog.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /references customers\(id\)[\s\S]*create index/i,
  )
  await dialog.getByRole('button', { name: 'Open in a query' }).click()
  await page.getByRole('textbox', sqlOf('orders')).getByText('orders_by_customer').waitFor()
  await treeOf(page).focus()
  await page.keyboard.press('Control+c')
  await page.getByText('Copied orders.').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('orders')
  expect(app.complaints).toEqual([])
})

it('drops a table and a column into the editor where they are let go', async () => {
  await using bench = await openShop()
  const { page, app } = bench
  await bench.write('select * from  where x')
  const text = page.getByRole('textbox', sqlOf('Query 1'))
  const end = async () => {
    const box = await text.locator('.cm-line').first().boundingBox()
    return { x: 600, y: (box?.height ?? 20) / 2 + 2 }
  }
  await lineOf(page, 'Order lines').dragTo(text, { targetPosition: await end() })
  await expect.poll(() => text.textContent()).toContain('where x"Order lines"')
  await lineOf(page, 'orders').locator('svg').first().click()
  await lineOf(page, 'placed_at').dragTo(text, { targetPosition: await end() })
  await expect.poll(() => text.textContent()).toContain('where x"Order lines"placed_at')
  expect(app.complaints).toEqual([])
})

it('puts a table onto the canvas, by mouse and by keys, each as one step', async () => {
  await using bench = await openShop()
  const { page, app } = bench
  await page.getByRole('button', { name: 'Pipelines', exact: true }).click()
  const canvas = new CanvasPage(page)
  await canvas.card('Airports').waitFor()
  await canvas.canvas.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.getByText('Nothing here yet').first().waitFor()
  await page.getByRole('tab', { name: 'Databases' }).click()
  await page.getByRole('combobox', { name: 'Connection' }).click()
  await page.getByRole('option', { name: 'shop', exact: true }).click()
  await lineOf(page, 'orders').dragTo(canvas.canvas, { targetPosition: { x: 240, y: 160 } })
  await canvas.card('orders').waitFor()
  await page
    .getByRole('textbox', { name: 'Table' })
    .or(page.getByRole('combobox', { name: 'Table' }))
    .first()
    .waitFor()
  await lineOf(page, 'Order lines').click()
  await page.keyboard.press('Shift+F10')
  await menuItem(page, 'Add to pipeline').click()
  await canvas.card('Order lines').waitFor()
  await canvas.canvas.focus()
  await canvas.undo()
  await expect.poll(() => canvas.cards().count()).toBe(1)
  await canvas.undo()
  await expect.poll(() => canvas.cards().count()).toBe(0)
  await canvas.redo()
  await canvas.card('orders').waitFor()
  await page.keyboard.press('F5')
  await canvas.card('orders').getByText('Done').waitFor()
  await canvas.card('orders').getByText('3', { exact: true }).waitFor()
  expect(app.complaints).toEqual([])
})

it('follows what statements make, alter and drop, in the names that are offered too', async () => {
  await using bench = await openShop()
  const { page, app } = bench
  await lineOf(page, 'orders').locator('svg').first().click()
  await lineOf(page, 'total').waitFor()
  const offered = page.getByRole('listbox', { name: 'Completions' })
  const offers = async (typed: string) => {
    await bench.write(typed)
    await page.keyboard.press('Control+Space')
    await offered.waitFor()
    const names = await offered.getByRole('option').allInnerTexts()
    await page.keyboard.press('Escape')
    return names.join(' ')
  }
  expect(await offers('select * from ord')).not.toContain('orders_old')
  await bench.write('create table orders_old (id integer); alter table orders add column remark text')
  await page.keyboard.press('Control+Shift+Enter')
  await lineOf(page, 'orders_old').waitFor()
  await lineOf(page, 'remark').waitFor()
  expect(await offers('select * from ord')).toContain('orders_old')
  await bench.write('drop table orders_old')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click()
  await lineOf(page, 'orders_old').waitFor({ state: 'detached' })
  expect(app.complaints).toEqual([])
})

it('shows what was made meanwhile once it is refreshed, and says when nothing is found', async () => {
  await using bench = await openShop()
  const { page, app, home } = bench
  await lineOf(page, 'orders').waitFor()
  const database = new DatabaseSync(join(home, 'shop.db'))
  database.exec('create table brand_new (id integer)')
  database.close()
  await page.getByRole('button', { name: 'Refresh tables' }).click()
  await lineOf(page, 'brand_new').waitFor()
  await page.getByRole('searchbox', { name: 'Search tables' }).fill('nothing of the kind')
  await page.getByText('No table, view or loaded column is called so.').waitFor()
  expect(app.complaints).toEqual([])
})

it('finds its way in five thousand tables', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `create table t_${index}_${index % 7} (id integer);`)
  await using bench = await openShop({}, `begin; ${many.join('\n')} commit;`)
  const { page, app } = bench
  await lineOf(page, 'big_orders').waitFor()
  expect((await linesOf(page)).length).toBeLessThan(120)
  await treeOf(page).focus()
  await page.keyboard.press('End')
  await activeLine(page, 't_4999_1 table').waitFor()
  await page.getByRole('searchbox', { name: 'Search tables' }).fill('4321')
  await expect.poll(() => linesOf(page)).toEqual(['t_4321_2'])
  await page.getByRole('searchbox', { name: 'Search tables' }).fill('t_12 _3')
  await expect.poll(async () => (await linesOf(page)).slice(0, 2)).toEqual(['t_122_3', 't_129_3'])
  expect(app.complaints).toEqual([])
})

it.each(['light', 'dark'] as const)('can be used by everyone (%s)', async (colorScheme) => {
  await using bench = await openShop({ colorScheme, reducedMotion: 'reduce' })
  const { page, app } = bench
  await lineOf(page, 'orders').locator('svg').first().click()
  await lineOf(page, 'Indexes').click()
  await page.getByRole('searchbox', { name: 'Search tables' }).fill('ord')
  await lineOf(page, 'big_orders').locator('mark').waitFor()
  expect(await faults(page)).toEqual([])
  await lineOf(page, 'orders').click({ button: 'right' })
  await menuItem(page, 'Open rows').waitFor()
  expect(await faults(page)).toEqual([])
  await menuItem(page, 'Show definition').click()
  await page.getByRole('dialog', { name: 'Definition of orders' }).getByText('orders_by_customer').waitFor()
  await page.getByRole('menu').waitFor({ state: 'hidden' })
  expect(await faults(page)).toEqual([])
  expect(app.complaints).toEqual([])
})
