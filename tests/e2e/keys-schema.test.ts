import type { Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chooseItem, chooseOption, fill, focused, press, regionTo, tabTo } from './keys.ts'
import { activeLine, lineOf, linesOf, openShop, treeOf } from './schema-page.ts'
import type { Workbench } from './workbench-page.ts'

/** What is done with the tables of a database and their diagram by the mouse in the specs of them, by keys alone. */
let bench: Workbench
let page: Page
beforeAll(async () => {
  bench = await openShop()
  page = bench.page
})
afterAll(async () => {
  expect(bench.app.complaints).toEqual([])
  await bench[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await page.getByRole('tab').first().waitFor()
  await page.keyboard.press('Alt+q')
  await page.keyboard.press('Alt+n')
  await eventually(() => editor().textContent()).toBe('select …')
  await focused(editor())
})
afterEach(async ({ task }) => {
  // What a failed test leaves open is not in the way of the next.
  if (task.result?.state === 'fail') await page.reload()
})

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)
const editor = () => page.getByRole('textbox', { name: /^SQL of/ })
const side = () => page.getByRole('complementary', { name: 'Database and queries' })
const searchBox = () => page.getByRole('searchbox', { name: 'Search tables' })
const button = (within: Page | Locator, name: string) => within.getByRole('button', { name, exact: true })
const queryTab = (name: string) => page.getByRole('tab', { name, exact: true, selected: true })
const diagram = () => page.getByRole('application', { name: 'Tables of shop' })
const table = (name: string) => diagram().getByRole('article', { name: new RegExp(`^${name} ·`) })
const isPicked = (name: string) => eventually(() => table(name).getAttribute('data-mark')).toBe('picked')
const definition = (name: string) => page.getByRole('dialog', { name: `Definition of ${name}` })

async function toTree(): Promise<void> {
  await regionTo(page, side())
  // The focus may be behind the tree or before it, and goes round at its search.
  await page.keyboard.press('Alt+t')
  await focused(searchBox())
  await tabTo(page, treeOf(page))
}

/** From the first line of the tree, which has the focus, down to another. */
async function goToLine(name: string): Promise<void> {
  const line = activeLine(page, name)
  await page.keyboard.press('Home')
  for (let presses = 0; presses < 40 && (await line.count()) === 0; presses++) await page.keyboard.press('ArrowDown')
  await line.waitFor()
}

/** Chooses in the menu of what is active. */
async function fromMenu(name: string, key: 'Shift+F10' | 'ContextMenu' = 'Shift+F10'): Promise<void> {
  await page.keyboard.press(key)
  await chooseItem(page, new RegExp(`^${name}`))
  await page.getByRole('menu').waitFor({ state: 'detached' })
}

/** Chooses among radio buttons of which one has the focus. */
async function chooseRadio(group: string, name: string): Promise<void> {
  await tabTo(page, page.getByRole('radiogroup', { name: group }))
  await page.keyboard.press('ArrowRight')
  await eventually(() => page.getByRole('radio', { name }).isChecked()).toBe(true)
}

async function openFromTree(): Promise<void> {
  await toTree()
  await goToLine('orders table')
  await fromMenu('Show in diagram')
  await queryTab('Diagram of shop').waitFor()
  await isPicked('orders')
}

test('what a table has is opened, gone through and closed', async () => {
  await toTree()
  await goToLine('orders table')
  await page.keyboard.press('ArrowRight')
  await lineOf(page, 'placed_at').waitFor()
  await goToLine('Foreign keys 1')
  await page.keyboard.press('ArrowRight')
  await treeOf(page).getByRole('treeitem', { name: 'customer_id → customers (id) · on delete cascade' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await activeLine(page, 'customers table').waitFor()
  await focused(treeOf(page))
  await goToLine('orders table')
  await page.keyboard.press('ArrowLeft')
  await lineOf(page, 'placed_at').waitFor({ state: 'detached' })
})

test('tables are searched and read anew', async () => {
  await toTree()
  await fill(page, searchBox(), 'ord', { back: true })
  await eventually(() => linesOf(page)).toEqual(['big_orders', 'Order lines', 'orders'])
  await page.keyboard.press('ArrowDown')
  await focused(treeOf(page))
  await activeLine(page, 'big_orders view').waitFor()
  await press(page, button(page, 'Clear the search'), { back: true })
  await lineOf(page, 'customers').waitFor()
  await focused(searchBox())
  bench.tell('create table if not exists made_meanwhile (id integer)')
  await press(page, button(page, 'Refresh tables'))
  await lineOf(page, 'made_meanwhile').waitFor()
  await focused(button(page, 'Refresh tables'))
})

test('rows are opened from the menu, and by Enter', async () => {
  await toTree()
  await goToLine('orders table')
  await fromMenu('Open rows')
  await queryTab('orders').waitFor()
  await page.getByRole('tab', { name: 'Result 1 (3)' }).waitFor()
  await focused(editor())
  await toTree()
  await goToLine('customers table')
  await page.keyboard.press('Enter')
  await queryTab('customers').waitFor()
  await page.getByRole('tab', { name: 'Result 1 (2)' }).waitFor()
  await focused(editor())
})

test('names and statements are written into the editor', async () => {
  await toTree()
  await goToLine('Order lines table')
  await fromMenu('Write its name', 'ContextMenu')
  await eventually(() => editor().textContent()).toBe('"Order lines"')
  await focused(editor())
  await page.keyboard.type(' x')
  await eventually(() => editor().textContent()).toBe('"Order lines" x')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await toTree()
  await goToLine('customers table')
  await fromMenu('Write SELECT')
  await eventually(() => editor().textContent()).toMatch(/select\s*id,\s*name,\s*country\s*from customers/)
  await focused(editor())
})

test('a definition is looked at, copied and opened in a query', async () => {
  await toTree()
  await goToLine('orders table')
  await fromMenu('Show definition', 'ContextMenu')
  const dialog = definition('orders')
  await dialog.getByText('orders_by_customer').waitFor()
  await focused(dialog.getByRole('region', { name: 'SQL' }))
  await press(page, button(dialog, 'Copy'))
  await button(dialog, 'Copied').waitFor()
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/references customers\(id\)/i)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await focused(treeOf(page))
  await activeLine(page, 'orders table').waitFor()
  await fromMenu('Show definition')
  await press(page, button(dialog, 'Open in a query'))
  await queryTab('orders').waitFor()
  await eventually(() => editor().textContent()).toContain('orders_by_customer')
  await focused(editor())
})

test('a menu is left, and the tree goes on', async () => {
  await toTree()
  await goToLine('orders table')
  await page.keyboard.press('Shift+F10')
  await focused(page.getByRole('menu'))
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await focused(treeOf(page))
  await page.keyboard.press('ArrowUp')
  await activeLine(page, 'orders table').waitFor({ state: 'detached' })
})

test('a diagram is opened, walked through, and left', async () => {
  await openFromTree()
  await regionTo(page, page.getByRole('region', { name: /^Diagram of/ }))
  await tabTo(page, diagram())
  await page.keyboard.press('ArrowLeft')
  await isPicked('customers')
  await page.keyboard.press('ArrowRight')
  await isPicked('orders')
  await fromMenu('Show definition')
  await focused(definition('orders'))
  await page.keyboard.press('Escape')
  await definition('orders').waitFor({ state: 'detached' })
  await focused(diagram())
  await page.keyboard.press('ArrowRight')
  await isPicked('Order lines')
  await page.keyboard.press('Enter')
  await queryTab('Order lines').waitFor()
  await page.keyboard.press('Alt+PageUp')
  await queryTab('Diagram of shop').waitFor()
  await page.keyboard.press('Alt+w')
  await queryTab('Diagram of shop').waitFor({ state: 'detached' })
  await focused(editor())
})

test('a diagram is opened by its button, searched, shown by keys alone and as a list', async () => {
  await toTree()
  await press(page, button(page, 'Diagram'), { back: true })
  await table('orders').waitFor()
  const find = page.getByRole('combobox', { name: 'Find a table' })
  await tabTo(page, find)
  await page.keyboard.type('cust')
  await chooseOption(page, 'customers')
  await isPicked('customers')
  await focused(find)
  await chooseRadio('Columns shown', 'Keys only')
  await table('orders').getByText('placed_at').waitFor({ state: 'detached' })
  await chooseRadio('Show as', 'List')
  await press(page, button(page.getByRole('list', { name: 'Tables and their relations' }), 'items'))
  await isPicked('items')
  await focused(diagram())
  await page.keyboard.press('Escape')
  await eventually(() => table('items').getAttribute('data-mark')).not.toBe('picked')
  await page.keyboard.press('Alt+w')
  await diagram().waitFor({ state: 'detached' })
})

test('a table is added to the pipeline, from the workbench and beside the canvas', async () => {
  const canvas = page.getByRole('application', { name: 'Canvas' })
  const card = (name: string) => page.locator('.react-flow__node.selected', { hasText: name })
  await toTree()
  await goToLine('orders table')
  await fromMenu('Add to pipeline')
  await card('orders').waitFor()
  await focused(canvas)
  const left = page.getByRole('tablist', { name: 'Left panel' })
  await regionTo(page, page.locator('[data-region]').filter({ has: left }))
  await tabTo(page, left, { back: true })
  const databases = page.getByRole('tab', { name: 'Databases' })
  for (let presses = 0; presses < 3 && !(await databases.evaluate((tab) => tab.ariaSelected === 'true')); presses++)
    await page.keyboard.press('ArrowRight')
  const connection = page.getByRole('tabpanel', { name: 'Databases' }).getByRole('combobox', { name: 'Connection' })
  await tabTo(page, connection)
  await page.keyboard.press('Enter')
  await chooseOption(page, 'shop')
  await eventually(() => connection.inputValue()).toBe('shop')
  await tabTo(page, treeOf(page))
  await goToLine('customers table')
  await fromMenu('Add to pipeline')
  await card('customers').waitFor()
  await focused(canvas)
  await page.keyboard.press('Control+z')
  await card('customers').waitFor({ state: 'detached' })
})
