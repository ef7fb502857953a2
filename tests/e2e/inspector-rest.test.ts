import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { customers, openShop, orders } from './inspector-page.ts'

const layout = { orders: [0, 0], customers: [0, 160], all: [320, 80] }
const shop = {
  nodes: { orders, customers, all: { kind: 'sql', config: { sql: 'select * from orders' } } },
  edges: [
    { from: 'orders', to: 'all', toPort: 'orders' },
    { from: 'customers', to: 'all', after: true },
  ],
  layout,
}

it('sets how often a node is tried again, its timeout, and switches it off', async () => {
  await using opened = await openShop(shop)
  const { inspector, app, folder } = opened
  const { panel } = inspector
  await inspector.pick('orders')
  await panel.getByRole('button', { name: 'Node', exact: true }).click()
  await panel.getByRole('switch', { name: /^Try again/ }).click()
  await inspector.field('Times').fill('200')
  await panel.getByText('At most 100.').waitFor()
  await inspector.field('Times').fill('5')
  await inspector.field('On').fill('CONNECTION')
  await app.page.getByRole('option', { name: 'CONNECTION', exact: true }).click()
  await app.page.keyboard.press('Escape')
  await inspector.field('Timeout (s)').fill('1.5')
  await panel.getByRole('switch', { name: /^Disabled/ }).click()
  await app.page.keyboard.press('Control+s')
  const saved = async () => JSON.parse(await readFile(join(folder, 'shop.pipeline.json'), 'utf8')).nodes.orders
  await expect.poll(saved).toMatchObject({ disabled: true, timeoutMs: 1500, retry: { count: 5, on: ['CONNECTION'] } })
  expect(app.complaints).toEqual([])
})

it('names the rows of an edge, and turns an edge into one of order only and back', async () => {
  await using opened = await openShop(shop)
  const { inspector, app } = opened
  const { panel } = inspector
  const { page } = app
  await inspector.pickEdge('orders', 'all')
  await inspector.field('Table name in SQL').fill('o')
  await page.keyboard.press('Enter')
  await inspector.pick('all')
  await panel
    .getByText(/orders does not exist|orders/)
    .first()
    .waitFor()
  await inspector.code('SQL').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('select o.id from o')
  await page.keyboard.press('Escape')
  await expect.poll(() => inspector.columnNames()).toEqual(['id'])
  await inspector.pickEdge('customers', 'all')
  const after = panel.getByRole('switch', { name: /^Order only/ })
  await after.click()
  await panel.getByText('Rows pass', { exact: true }).waitFor()
  await after.click()
  await panel.getByText('Order only', { exact: true }).waitFor()
  expect(app.complaints).toEqual([])
})

it('offers for several nodes what can be done with all of them', async () => {
  await using opened = await openShop(shop)
  const { inspector, app } = opened
  await inspector.pick('orders')
  await inspector.card('customers').click({ modifiers: ['Shift'] })
  await inspector.panel.getByText('2 nodes').waitFor()
  await inspector.panel.getByRole('button', { name: 'Disable' }).click()
  await inspector.card('customers').getByText('Disabled').waitFor()
  await inspector.panel.getByRole('button', { name: 'Delete' }).click()
  await inspector.card('orders').waitFor({ state: 'hidden' })
  await inspector.panel.getByText('Pipeline', { exact: true }).waitFor()
  expect(app.complaints).toEqual([])
})

it('fills rows from a spreadsheet, and tells NULL from an empty text', async () => {
  await using opened = await openShop({
    nodes: {
      r: {
        kind: 'rows',
        config: {
          columns: [
            { name: 'a', type: 'int64' },
            { name: 'b', type: 'text' },
          ],
        },
      },
    },
    layout: { r: [0, 0] },
  })
  const { inspector, app } = opened
  const { page } = app
  await inspector.pick('r')
  await inspector.panel.getByRole('button', { name: 'Add row' }).click()
  await inspector.field('a, row 1').click()
  await page.evaluate(() => navigator.clipboard.writeText('1\tone\n2\t'))
  await page.keyboard.press('Control+v')
  await expect.poll(() => inspector.field('b, row 1').inputValue()).toBe('one')
  await expect.poll(() => inspector.field('b, row 2').getAttribute('placeholder')).toBe('')
  await inspector.field('b, row 2').click()
  await page.keyboard.press('Backspace')
  await expect.poll(() => inspector.field('b, row 2').getAttribute('placeholder')).toBe('NULL')
  await inspector.field('a, row 2').fill('two')
  await inspector.panel.getByText(/Row 2, column a/).waitFor()
  await inspector.field('a, row 2').fill('2')
  await inspector.panel.getByText(/Row 2, column a/).waitFor({ state: 'hidden' })
  expect(app.complaints).toEqual([])
})
