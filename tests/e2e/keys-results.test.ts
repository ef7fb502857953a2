import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { chooseItem, focused, regionTo, tabTo } from './keys.ts'
import { eventually, openResults } from './results-page.ts'

/** What is done with rows by the mouse in results.test.ts, by keys alone. */
let app: Awaited<ReturnType<typeof openResults>>
let page: Page
let results: typeof app.results
beforeAll(async () => {
  app = await openResults()
  page = app.page
  results = app.results
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
})

/** Chooses in a list that has the focus by typing what it is called. */
async function type(list: Locator, words: string): Promise<void> {
  await tabTo(page, list)
  await page.keyboard.type(words)
  await eventually(() => list.evaluate((box: HTMLSelectElement) => box.selectedOptions[0]?.text)).toBe(words)
}

const show = async (node: string) => {
  await regionTo(page, results.panel)
  await tabTo(page, results.panel.getByRole('tablist', { name: 'Results' }), { back: true })
  await type(results.panel.getByLabel('Node whose results are shown'), node)
}
/** Into the grid, at the header of its first column: the one before it holds the numbers of rows. */
async function enterGrid(): Promise<void> {
  await tabTo(page, results.panel.getByRole('columnheader').first())
  await page.keyboard.press('ArrowRight')
  await focused(results.header('id'))
}
const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
const status = () => results.status.textContent()

beforeEach(async () => {
  await page.keyboard.press('Alt+Shift+R')
  await show('many')
  await results.cell(0, 5).waitFor()
})

test('rows are searched, filtered and sorted', async () => {
  await tabTo(page, results.panel.getByRole('textbox', { name: 'Search all rows' }))
  await page.keyboard.type('NOTE 2999')
  await eventually(status).toBe('11 of 30,000 rows')
  await page.keyboard.press('Escape')
  await eventually(status).toBe('30,000 rows')
  await tabTo(page, results.tool('Filter'))
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'Filters' })
  await focused(form)
  await type(form.getByLabel('Column'), 'day')
  await tabTo(page, form.getByLabel('Value'))
  await page.keyboard.type('2020-01-11')
  await page.keyboard.press('Enter')
  await eventually(status).toBe('15 of 30,000 rows')
  await focused(results.tool('Filters (1)'))
  await tabTo(page, results.panel.getByRole('button', { name: /^Remove the filter day/ }))
  await page.keyboard.press('Enter')
  await eventually(status).toBe('30,000 rows')
  await focused(results.tool('Filter'))
  await enterGrid()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await eventually(() => results.header('id').getAttribute('aria-sort')).toBe('descending')
  await page.keyboard.press('Enter')
  await eventually(() => results.header('id').getAttribute('aria-sort')).toBe('none')
})

test('a cell is opened by itself, and a chart; both give the focus back', async () => {
  await enterGrid()
  await page.keyboard.press('ArrowDown')
  await focused(results.cell(0, 0))
  await page.keyboard.press('Enter')
  const cell = page.getByRole('complementary', { name: 'Cell' })
  await cell.getByText('int64 · row 1').waitFor()
  await page.keyboard.press('ArrowDown')
  await cell.getByText('int64 · row 2').waitFor()
  await tabTo(page, cell.getByRole('button', { name: 'Close the cell' }))
  await page.keyboard.press('Escape')
  await cell.waitFor({ state: 'detached' })
  await focused(results.cell(1, 0))
  await tabTo(page, results.tool('Chart'), { back: true })
  await page.keyboard.press('Enter')
  const chart = page.getByRole('complementary', { name: 'Chart' })
  await type(chart.getByLabel('Groups'), 'colour')
  await type(chart.getByLabel('Measure'), 'sum')
  await type(chart.getByLabel('Of', { exact: true }), 'amount')
  await chart.getByRole('figure', { name: 'sum of amount by colour' }).waitFor()
  await page.keyboard.press('Escape')
  await chart.waitFor({ state: 'detached' })
  await focused(results.tool('Chart'))
})

test('picked cells are copied as another format, and all rows exported', async () => {
  await enterGrid()
  await page.keyboard.press('ArrowDown')
  await focused(results.cell(0, 0))
  await page.keyboard.press('Shift+ArrowRight')
  await tabTo(page, results.tool('Copy'), { back: true })
  await page.keyboard.press('Enter')
  await chooseItem(page, 'Picked cells', 'ArrowRight')
  await chooseItem(page, 'JSON')
  await eventually(clipboard).toBe('[\n  {"id": 0, "big": 9007199254740993}\n]')
  await tabTo(page, results.tool('Export'))
  await page.keyboard.press('Enter')
  await chooseItem(page, 'CSV')
  const dialog = page.getByRole('dialog', { name: 'Export rows' })
  await focused(dialog.getByRole('textbox', { name: 'Name' }))
  await page.keyboard.press('Control+a')
  await page.keyboard.type('by-keys.csv')
  await tabTo(page, dialog.getByRole('button', { name: 'Type a path' }), { back: true })
  await page.keyboard.press('Enter')
  await focused(dialog.getByRole('textbox', { name: 'Path', exact: true }))
  await page.keyboard.press('Control+a')
  await page.keyboard.type(app.folder)
  await page.keyboard.press('Enter')
  await tabTo(page, dialog.getByRole('button', { name: 'Save' }))
  await page.keyboard.press('Enter')
  await page.getByText(/Exported 30,000 rows/).waitFor()
  expect((await readFile(join(app.folder, 'by-keys.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(30_001)
})

test('profile, SQL, log and lineage are opened and gone through', async () => {
  await page.keyboard.press('Alt+Shift+P')
  await tabTo(page, results.panel.getByRole('button', { name: 'colour is red 6,000 rows' }))
  await page.keyboard.press('Enter')
  await eventually(status).toBe('6,000 of 30,000 rows')
  await tabTo(page, results.panel.getByRole('button', { name: 'Remove the filter colour is red' }))
  await page.keyboard.press('Enter')
  await eventually(status).toBe('30,000 rows')
  await page.keyboard.press('Alt+Shift+Q')
  await show('big')
  await tabTo(page, results.panel.getByRole('button', { name: 'Copy the SQL of big' }))
  await page.keyboard.press('Enter')
  await eventually(clipboard).toContain('WHERE (amount > 100')
  await page.keyboard.press('Alt+Shift+L')
  await tabTo(page, results.panel.getByRole('log').getByRole('button', { name: 'broken' }))
  await page.keyboard.press('Enter')
  await page.locator('.react-flow__node.selected', { hasText: 'broken' }).waitFor()
  await page.keyboard.press('Alt+Shift+C')
  await show('sums')
  await tabTo(page, results.panel.getByRole('button', { name: /^total/ }))
  await page.keyboard.press('Enter')
  await tabTo(
    page,
    results.panel.getByRole('region', { name: 'Comes from' }).getByRole('button', { name: 'many.amount' }),
  )
  await page.keyboard.press('Enter')
  await results.panel.getByRole('region', { name: 'Goes into' }).getByRole('button', { name: 'sums.total' }).waitFor()
  await tabTo(page, results.panel.getByRole('button', { name: 'Stop following' }), { back: true })
  await page.keyboard.press('Enter')
  await results.panel.getByText('Pick a column to see where its values come from.').waitFor()
})

test("a column's menu is opened from its header, and gives the focus back", async () => {
  await enterGrid()
  await page.keyboard.press('Alt+ArrowDown')
  const menu = page.getByRole('menu', { name: 'Menu of id' })
  await focused(menu)
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await focused(results.header('id'))
  await page.keyboard.press('Alt+ArrowDown')
  await focused(menu)
  await chooseItem(page, 'Sort descending')
  await eventually(() => results.header('id').getAttribute('aria-sort')).toBe('descending')
  await focused(results.header('id'))
  await page.keyboard.press('Enter')
  await eventually(() => results.header('id').getAttribute('aria-sort')).toBe('none')
  await page.keyboard.press('Alt+ArrowDown')
  await chooseItem(page, 'Hide')
  await results.header('id').waitFor({ state: 'detached' })
  await focused(results.header('big'))
  await page.keyboard.press('Alt+ArrowDown')
  await chooseItem(page, 'Filter')
  await focused(page.getByRole('dialog', { name: 'Filters' }))
})
