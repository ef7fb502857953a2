import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { customers, openShop, orders } from './inspector-page.ts'

const place = (ids: readonly string[]) => Object.fromEntries(ids.map((id, index) => [id, [index * 260, 0]]))

it('shows an error while it is typed, on the field and on the card, and its end', async () => {
  await using opened = await openShop({
    nodes: { orders, big: { kind: 'filter', config: { where: 'amount > 100' } } },
    edges: [{ from: 'orders', to: 'big' }],
    layout: place(['orders', 'big']),
  })
  const { inspector, app } = opened
  const { page } = app
  await inspector.pick('big')
  await expect.poll(() => inspector.columnNames()).toEqual(['id', 'customer_id', 'amount', 'status'])
  const where = inspector.code('Condition')
  await where.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('amout > 100')
  await inspector.panel.getByText('The column "amout" does not arrive here.').waitFor()
  await inspector.panel.getByText('Did you mean amount?').waitFor()
  await inspector.card('big').getByText('does not arrive').waitFor()
  expect(await where.getAttribute('aria-invalid')).toBe('true')
  expect(await inspector.panel.locator('.cm-lintRange-error').textContent()).toBe('amout')
  await page.keyboard.press('Control+z')
  await expect.poll(() => where.textContent()).toBe('amount > 100')
  await inspector.panel.getByText('does not arrive here').waitFor({ state: 'hidden' })
  await expect.poll(() => where.getAttribute('aria-invalid')).toBe('false')
  expect(app.complaints).toEqual([])
})

it('leaves the editor by Escape and Tab, and runs and saves while typing', async () => {
  await using opened = await openShop({
    nodes: { orders, big: { kind: 'filter', config: { where: 'amount > 100' } } },
    edges: [{ from: 'orders', to: 'big' }],
    layout: place(['orders', 'big']),
  })
  const { inspector, app, folder } = opened
  const { page } = app
  await inspector.pick('big')
  const where = inspector.code('Condition')
  await where.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' and id = 1')
  await page.keyboard.press('Control+s')
  await expect
    .poll(async () => JSON.parse(await readFile(join(folder, 'shop.pipeline.json'), 'utf8')).nodes.big.config.where)
    .toBe('amount > 100 and id = 1')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Done', { exact: false }).first().waitFor()
  await where.focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await where.evaluate((element) => element.contains(document.activeElement))).toBe(false)
  expect(app.complaints).toEqual([])
})

it('offers connections, tables and columns, and says which column is missing', async () => {
  await using opened = await openShop({ nodes: { t: { kind: 'table', config: {} } }, layout: place(['t']) })
  const { inspector, app } = opened
  const { page } = app
  await inspector.pick('t')
  await inspector.panel.getByText('Fill this in.').first().waitFor()
  await inspector.field('Connection').click()
  await inspector.option(/^shop/).click()
  await inspector.field('Table').fill('ord')
  await inspector.option(/^orders/).click()
  await expect.poll(() => inspector.columnNames()).toEqual(['id', 'customer_id', 'amount', 'status'])
  await inspector.field('Columns').first().fill('amoun')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await inspector.panel.getByText(/amoun does not arrive/).waitFor()
  await inspector.panel.getByRole('button', { name: 'Use amount' }).click()
  await expect.poll(() => inspector.columnNames()).toEqual(['amount'])
  expect(app.complaints).toEqual([])
})

it('completes SQL from the real schema, columns that arrive, functions and parameters', async () => {
  await using opened = await openShop({
    parameters: [{ name: 'country', type: 'text', default: 'GB' }],
    nodes: {
      q: { kind: 'query', config: { connection: 'shop', sql: 'select 1' } },
      f: { kind: 'filter', config: { where: 'true' } },
      orders,
    },
    edges: [{ from: 'orders', to: 'f' }],
    layout: place(['q', 'orders', 'f']),
  })
  const { inspector, app } = opened
  const { page } = app
  const list = page.locator('.cm-tooltip-autocomplete')
  const accept = (name: RegExp) => list.getByRole('option', { name }).first().click()
  await inspector.pick('q')
  const sql = inspector.code('SQL')
  await sql.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('select * from custo')
  await accept(/^customers/)
  await page.keyboard.type(' c where c.coun')
  await accept(/^country/)
  await page.keyboard.type(' = :co')
  await accept(/^:country/)
  await expect.poll(() => sql.textContent()).toBe('select * from customers c where c.country = :country')
  await expect.poll(() => inspector.columnNames()).toEqual(['id', 'name', 'country'])
  await inspector.pick('f')
  const where = inspector.code('Condition')
  await expect.poll(() => inspector.columnNames()).toContain('amount')
  await where.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('roun')
  await accept(/^round/)
  await page.keyboard.type('amo')
  await accept(/^amount/)
  await expect.poll(() => where.textContent()).toBe('round(amount)')
  expect(app.complaints).toEqual([])
})

it('joins by pairs of columns, each side from its own input', async () => {
  await using opened = await openShop({
    nodes: { orders, customers, both: { kind: 'join', config: { keys: [] } } },
    edges: [
      { from: 'orders', to: 'both', toPort: 'left' },
      { from: 'customers', to: 'both', toPort: 'right' },
    ],
    layout: place(['orders', 'customers', 'both']),
  })
  const { inspector, app } = opened
  await inspector.pick('both')
  await inspector.panel.getByText('Add at least one.').waitFor()
  await inspector.panel.getByRole('button', { name: 'Add pair' }).click()
  await inspector.field('Keys 1, left').fill('cust')
  await inspector.option(/^customer_id/).click()
  await inspector.field('Keys 1, right').click()
  await expect(inspector.option(/^country/).count()).resolves.toBe(1)
  await inspector.option(/^id/).click()
  await expect
    .poll(() => inspector.columnNames())
    .toEqual(['id', 'customer_id', 'amount', 'status', 'id_right', 'name', 'country'])
  expect(app.complaints).toEqual([])
})

it('picks all columns, puts them in order by keyboard, renames one and takes one away', async () => {
  await using opened = await openShop({
    nodes: { orders, some: { kind: 'select', config: { columns: [] } } },
    edges: [{ from: 'orders', to: 'some' }],
    layout: place(['orders', 'some']),
  })
  const { inspector, app } = opened
  const { page } = app
  await inspector.pick('some')
  await inspector.panel.getByRole('button', { name: 'Add all columns' }).click()
  await expect.poll(() => inspector.columnNames()).toEqual(['id', 'customer_id', 'amount', 'status'])
  const grip = inspector.panel.getByRole('button', { name: 'Move column 4', exact: true })
  await grip.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => inspector.columnNames()).toEqual(['id', 'status', 'customer_id', 'amount'])
  await page.keyboard.press('ArrowUp')
  await inspector.panel.getByRole('button', { name: 'Remove column 2', exact: true }).click()
  await inspector.field('Columns 1, name').fill('state')
  await expect.poll(() => inspector.columnNames()).toEqual(['state', 'customer_id', 'amount'])
  const first = inspector.panel.getByRole('button', { name: 'Move column 1', exact: true })
  await first.dragTo(inspector.panel.getByRole('listitem').nth(2))
  await expect.poll(() => inspector.columnNames()).toEqual(['customer_id', 'amount', 'state'])
  expect(app.complaints).toEqual([])
})

it('edits parameters of the pipeline, with what is wrong with them', async () => {
  await using opened = await openShop({ nodes: { orders }, layout: place(['orders']) })
  const { inspector, app } = opened
  const { page } = app
  await inspector.panel.getByRole('button', { name: 'Add parameter' }).click()
  const name = inspector.field('Parameter parameter, name')
  await name.fill('1st')
  await inspector.panel.getByText(/starts|letter/).waitFor()
  await name.fill('since')
  await page.keyboard.press('Enter')
  await inspector.field('Parameter since, type').click()
  await inspector.option('date').click()
  const card = inspector.panel.getByRole('group', { name: 'Parameter since' })
  await card.getByLabel('Default').fill('soon')
  await card.getByText(/soon/).waitFor()
  await card.getByLabel('Default').fill('2024-01-31')
  await card.getByText(/soon/).waitFor({ state: 'hidden' })
  await inspector.pick('orders')
  await inspector.code('Where').click()
  await page.keyboard.type('status > :since')
  await page.keyboard.press('Escape')
  await inspector.panel.getByText('no parameter').waitFor({ state: 'hidden' })
  await expect.poll(() => inspector.columnNames()).toHaveLength(4)
  expect(app.complaints).toEqual([])
})

it('renames an id with its edges, and undoes typing as one step', async () => {
  await using opened = await openShop({
    nodes: { orders, big: { kind: 'filter', config: { where: 'amount > 100' } } },
    edges: [{ from: 'orders', to: 'big' }],
    layout: place(['orders', 'big']),
  })
  const { inspector, app } = opened
  const { page } = app
  await inspector.pick('big')
  await inspector.panel.getByRole('button', { name: 'Node', exact: true }).click()
  await inspector.field('Id').fill('orders')
  await page.keyboard.press('Enter')
  await inspector.panel.getByText(/already a node/).waitFor()
  await inspector.field('Id').fill('large')
  await page.keyboard.press('Enter')
  await inspector.card('large').waitFor()
  await inspector.field('Note').fill('Only the large ones')
  await inspector.field('Note').press('Tab')
  await inspector.field('Title').fill('Large orders')
  await inspector.field('Title').press('Tab')
  await inspector.card('large').getByText('Large orders').waitFor()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect.poll(() => inspector.field('Title').inputValue()).toBe('')
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect.poll(() => inspector.field('Note').inputValue()).toBe('')
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await inspector.card('big').waitFor()
  expect(app.complaints).toEqual([])
})

it('previews the rows up to a node', async () => {
  await using opened = await openShop({
    nodes: { orders, big: { kind: 'filter', config: { where: 'amount > 100' } } },
    edges: [{ from: 'orders', to: 'big' }],
    layout: place(['orders', 'big']),
  })
  const { inspector, app } = opened
  await inspector.pick('big')
  await inspector.panel.getByRole('button', { name: /^Preview/ }).click()
  await app.page.getByRole('gridcell', { name: '120.50' }).waitFor()
  expect(app.complaints).toEqual([])
})

it('opens at the field of an error, with the caret where it is', async () => {
  await using opened = await openShop({
    nodes: { orders, big: { kind: 'filter', config: { where: 'id > 0 and amout > 100' } } },
    edges: [{ from: 'orders', to: 'big' }],
    layout: place(['orders', 'big']),
  })
  const { inspector, app } = opened
  const { page } = app
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('button', { name: 'Show where' }).click()
  await expect
    .poll(() => inspector.code('Condition').evaluate((element) => element === document.activeElement))
    .toBe(true)
  await page.keyboard.type('total_')
  await expect.poll(() => inspector.code('Condition').textContent()).toBe('id > 0 and total_amout > 100')
  expect(app.complaints).toEqual([])
})
