import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { faults } from '../helpers/axe.ts'
import { lineOf, menuItem, openShop } from './schema-page.ts'

const diagramOf = (page: Page) => page.getByRole('application', { name: 'Tables of shop' })
const tableOf = (page: Page, name: string) => diagramOf(page).getByRole('article', { name: new RegExp(`^${name} ·`) })
const markOf = (page: Page, name: string) => tableOf(page, name).getAttribute('data-mark')

it('draws the tables of a schema and what refers to what, from the tree', async () => {
  await using bench = await openShop()
  const { page, app } = bench
  await lineOf(page, 'orders').click({ button: 'right' })
  await menuItem(page, 'Show in diagram').click()
  await page.getByRole('tab', { name: 'Diagram of shop', selected: true }).waitFor()
  await page.getByText('5 tables, 3 relations').waitFor()
  await expect.poll(() => markOf(page, 'orders')).toBe('picked')
  expect(await markOf(page, 'customers')).toBe('near')
  expect(await markOf(page, 'Order lines')).toBe('near')
  expect(await markOf(page, 'items')).toBe('aside')
  await tableOf(page, 'orders').getByText('placed_at').waitFor()
  await page.getByText('Keys only', { exact: true }).click()
  await tableOf(page, 'orders').getByText('placed_at').waitFor({ state: 'detached' })
  await tableOf(page, 'orders').getByText('customer_id').waitFor()
  const before = await tableOf(page, 'customers').boundingBox()
  await page.mouse.move((before?.x ?? 0) + 40, (before?.y ?? 0) + 10)
  await page.mouse.down()
  await page.mouse.move((before?.x ?? 0) + 40, (before?.y ?? 0) + 110, { steps: 5 })
  await page.mouse.up()
  await expect
    .poll(async () => ((await tableOf(page, 'customers').boundingBox())?.y ?? 0) - (before?.y ?? 0))
    .toBeGreaterThan(50)
  await page.getByRole('tab', { name: 'Query 1' }).click()
  await page.getByRole('tab', { name: 'Diagram of shop' }).click()
  await page.getByText('5 tables, 3 relations').waitFor()
  await tableOf(page, 'items').dblclick()
  await page.getByRole('tab', { name: 'items', selected: true }).waitFor()
  await page.getByRole('tab', { name: 'Result 1 (3)' }).waitFor()
  expect(app.complaints).toEqual([])
})

it('opens hundreds of tables, and draws those in sight', async () => {
  const many = Array.from({ length: 320 }, (_, index) =>
    index === 0
      ? 'create table t_0 (id integer primary key);'
      : `create table t_${index} (id integer primary key, parent_id integer references t_${Math.floor(index / 4)}(id), a text, b text, c text);`,
  )
  await using bench = await openShop({}, many.join('\n'))
  const { page, app } = bench
  await lineOf(page, 'orders').waitFor()
  await page.getByRole('button', { name: 'Diagram', exact: true }).click()
  await page.getByText('325 tables, 322 relations').waitFor()
  await page.getByRole('combobox', { name: 'Find a table' }).fill('t_319')
  await page.getByRole('option', { name: 't_319' }).click()
  await expect.poll(() => markOf(page, 't_319')).toBe('picked')
  await expect.poll(() => diagramOf(page).getByRole('article').count()).toBeLessThan(100)
  expect(app.complaints).toEqual([])
})

it.each(['light', 'dark'] as const)('can be used by everyone (%s)', async (colorScheme) => {
  await using bench = await openShop({ colorScheme, reducedMotion: 'reduce' })
  const { page, app } = bench
  await lineOf(page, 'orders').waitFor()
  await page.getByRole('button', { name: 'Diagram', exact: true }).click()
  await tableOf(page, 'orders').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByText('List', { exact: true }).click()
  await page.getByRole('list', { name: 'Tables and their relations' }).waitFor()
  expect(await faults(page)).toEqual([])
  expect(app.complaints).toEqual([])
})

it('says that there is nothing to draw', async () => {
  await using bench = await openShop(
    {},
    'drop view big_orders; drop table "Order lines"; drop table orders; drop table customers; drop table items;',
  )
  const { page, app } = bench
  await page.getByText('The database has no tables yet.').waitFor()
  await page.getByRole('button', { name: 'Diagram', exact: true }).click()
  await page.getByText('No tables to draw').waitFor()
  expect(app.complaints).toEqual([])
})
