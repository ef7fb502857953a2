import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually, exportTo, openResults, rowCount } from './results-page.ts'

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
beforeEach(async () => {
  await results.tab('Rows')
  await results.show('sums')
  await results.header('total').waitFor()
  await results.show('many')
  await results.cell(0, 5).waitFor()
})

const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
const status = () => results.status.textContent()

describe('cells', () => {
  test('are exact, and NULL, empty text and the text NULL look different', async () => {
    expect(await results.column(1).then((all) => all[0])).toBe('9007199254740993')
    expect((await results.column(2)).slice(0, 5)).toEqual(['red', 'green', '', 'NULL', 'NULL'])
    const style = (row: number) => results.cell(row, 2).evaluate((cell) => getComputedStyle(cell).fontStyle)
    expect([await style(3), await style(4)]).toEqual(['italic', 'normal'])
  })

  test('are reached by keys in every row there is', async () => {
    await results.cell(0, 0).click()
    await page.keyboard.press('Control+ArrowDown')
    await eventually(() => results.cell(rowCount - 1, 0).textContent()).toBe(String(rowCount - 1))
    await page.keyboard.press('Alt+g')
    await page.getByRole('textbox', { name: /^Row/ }).fill('12,346')
    await page.keyboard.press('Enter')
    await eventually(() => results.cell(12_345, 0).textContent()).toBe('12345')
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe('12345')
  })
})

test("a column's menu sorts, pins, fits, hides and leads on", async () => {
  const open = async (name: string) => {
    await results.header(name).hover()
    await results
      .header(name)
      .getByRole('button', { name: `Menu of ${name}` })
      .click()
    await page.getByRole('menu', { name: `Menu of ${name}` }).waitFor()
  }
  const choose = (name: string) => page.getByRole('menuitem', { name, exact: true }).click()
  const left = async (name: string) => (await results.header(name).boundingBox())?.x ?? Number.NaN
  const width = async (name: string) => (await results.header(name).boundingBox())?.width ?? Number.NaN
  await open('id')
  await choose('Sort descending')
  await eventually(() => results.cell(0, 0).textContent()).toBe(String(rowCount - 1))
  await results.header('id').getByRole('button').first().click()
  await eventually(() => results.cell(0, 0).textContent()).toBe('0')
  await open('note')
  await choose('Pin to the left')
  await eventually(async () => (await left('note')) < (await left('id'))).toBe(true)
  await open('note')
  await choose('Unpin')
  await eventually(async () => (await left('note')) > (await left('id'))).toBe(true)
  const before = await width('colour')
  await open('colour')
  await choose('Fit width to content')
  await eventually(async () => (await width('colour')) < before).toBe(true)
  await open('colour')
  await choose('Hide')
  await results.header('colour').waitFor({ state: 'detached' })
  await open('amount')
  await page.keyboard.press('Escape')
  await page.getByRole('menu', { name: 'Menu of amount' }).waitFor({ state: 'detached' })
  await open('amount')
  await choose('Profile')
  await results.panel.getByRole('tab', { name: 'Profile', selected: true }).waitFor()
})

describe('sorting, filtering and searching go over all rows', () => {
  test('a click on a header sorts, another turns it, Shift adds a column', async () => {
    await results.header('id').getByRole('button').first().click()
    await results.header('id').getByRole('button').first().click()
    await eventually(() => results.cell(0, 0).textContent()).toBe(String(rowCount - 1))
    expect(await results.header('id').getAttribute('aria-sort')).toBe('descending')
    await results.header('id').getByRole('button').first().click()
    await results.header('amount').getByRole('button').first().click()
    await results
      .header('id')
      .getByRole('button')
      .first()
      .click({ modifiers: ['Shift'] })
    await eventually(async () => (await results.column(0)).slice(0, 3)).toEqual(['0', '1000', '2000'])
    await results.header('id').getByRole('button').first().click()
    await results.header('id').getByRole('button').first().click()
    await eventually(async () => (await results.column(0)).slice(0, 2)).toEqual(['0', '1'])
    expect(await results.header('id').getAttribute('aria-sort')).toBe('none')
  })

  test('the same from a header by Enter', async () => {
    await results.cell(0, 0).click()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await eventually(() => results.cell(0, 0).textContent()).toBe(String(rowCount - 1))
    await page.keyboard.press('Enter')
    await eventually(() => results.cell(0, 0).textContent()).toBe('0')
  })

  test('a filter takes typed values, says what does not fit, and can be taken off', async () => {
    await results.tool('Filter').click()
    const form = page.getByRole('dialog', { name: 'Filters' })
    await form.getByLabel('Column').selectOption('day')
    await form.getByLabel('Operator').selectOption('<')
    await form.getByLabel('Value').fill('soon')
    await page.keyboard.press('Enter')
    await eventually(status).toContain('"soon" cannot be compared with day, which is date.')
    await results.panel.getByRole('button', { name: 'day < soon', exact: true }).click()
    await form.getByLabel('Value').fill('2020-01-11')
    await page.keyboard.press('Enter')
    await eventually(status).toBe('150 of 30,000 rows')
    await results.panel.getByRole('button', { name: 'Remove the filter day < 2020-01-11' }).click()
    await eventually(status).toBe('30,000 rows')
  })

  test('a search finds text in any column', async () => {
    const search = results.panel.getByRole('textbox', { name: 'Search all rows' })
    await search.fill('NOTE 2999')
    await eventually(status).toBe('11 of 30,000 rows')
    expect((await results.column(0)).slice(0, 2)).toEqual(['2999', '29990'])
    await page.keyboard.press('Escape')
    await eventually(status).toBe('30,000 rows')
  })
})

describe('copying', () => {
  test('a range picked by keys comes as text with tabs, NULL blank', async () => {
    await results.cell(2, 1).click()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Control+c')
    await eventually(clipboard).toBe('9007199254740995\t\n9007199254740996\t')
    await page.keyboard.press('Control+Shift+c')
    await eventually(clipboard).toBe('big\tcolour\n9007199254740995\t\n9007199254740996\t')
  })

  test('a range picked by the mouse comes in other formats', async () => {
    await results.cell(0, 0).hover()
    await page.mouse.down()
    await results.cell(1, 2).hover()
    await page.mouse.up()
    const copyAs = async (scope: string, format: string) => {
      await results.tool('Copy').click()
      await page.getByRole('menuitem', { name: scope, exact: true }).click()
      await page.getByRole('menuitem', { name: format }).click()
    }
    await copyAs('Picked cells', 'JSON')
    await eventually(clipboard).toBe(
      '[\n  {"id": 0, "big": 9007199254740993, "colour": "red"},\n  {"id": 1, "big": 9007199254740994, "colour": "green"}\n]',
    )
    await copyAs('Rows of picked cells', 'INSERT statements')
    await eventually(clipboard).toContain('INSERT INTO "many" ("id", "big", "colour", "amount", "day", "note") VALUES')
    await copyAs('All rows', 'CSV')
    await eventually(async () => (await clipboard()).split('\n').length).toBe(rowCount + 1)
  })
})

describe('exporting', () => {
  test('writes all rows of the view to a file', async () => {
    await exportTo(page, results, { format: 'CSV', folder: app.folder, name: 'rows.csv' })
    await page.getByText(/Exported 30,000 rows/).waitFor()
    const lines = (await readFile(join(app.folder, 'rows.csv'), 'utf8')).trimEnd().split('\n')
    expect([lines.length, lines[1]]).toEqual([rowCount + 1, '0,9007199254740993,red,0.0,2020-01-01,note 0'])
    expect((await readdir(app.folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('a cell by itself', () => {
  test('shows its whole text, follows the picked cell, and closes by Esc', async () => {
    await results.show('odd')
    await results.cell(0, 4).click()
    await page.keyboard.press('Enter')
    const side = page.getByRole('complementary', { name: 'Cell' })
    await side.getByText('5,000 characters').waitFor()
    await results.cell(0, 1).dblclick()
    await side.getByText('1: {1}').click()
    await side.getByText('12345678901234567890').waitFor()
    await results.cell(0, 2).click()
    await side.getByText(/89 50 4e 47/).waitFor()
    await side.getByText('image/png').waitFor()
    await side.getByRole('button', { name: 'Close the cell' }).focus()
    await page.keyboard.press('Escape')
    await side.waitFor({ state: 'detached' })
  })
})

test('a chart counts, and adds up', async () => {
  await results.tool('Chart').click()
  const chart = page.getByRole('complementary', { name: 'Chart' })
  await chart.getByLabel('Groups').selectOption('colour')
  await chart.getByRole('figure', { name: 'Rows by colour' }).locator('.recharts-bar-rectangle').first().waitFor()
  expect(await chart.locator('.recharts-bar-rectangle').count()).toBe(5)
  await chart.getByLabel('Measure').selectOption('sum')
  await chart.getByLabel('Of', { exact: true }).selectOption('amount')
  await chart.getByRole('figure', { name: 'sum of amount by colour' }).waitFor()
  await chart.getByRole('button', { name: 'Close the chart' }).click()
})

test('a profile tells of each column, and a bar leaves its rows', async () => {
  await results.tab('Profile')
  const row = results.panel.getByRole('row', { name: /^colour text/ })
  await row.getByText('20.0 %').waitFor()
  await row.getByRole('button', { name: 'colour is red 6,000 rows' }).click()
  await eventually(status).toBe('6,000 of 30,000 rows')
  await results.panel.getByRole('button', { name: 'Remove the filter colour is red' }).click()
})

test('the SQL that will run stands by node, with its place', async () => {
  await results.show('big')
  await results.tab('SQL')
  const stage = results.panel.getByRole('region', { name: 'Stage of big' })
  await stage.getByText('amount > 100').first().waitFor()
  await stage.getByText('runs in the embedded engine').waitFor()
  await stage.getByRole('button', { name: 'Copy the SQL of big' }).first().click()
  await eventually(clipboard).toContain('WHERE (amount > 100')
})

test('the log tells what nodes did, by level and node, and leads to them', async () => {
  await results.tab('Log')
  const log = results.panel.getByRole('log')
  await log.getByText(/^completed · 30,000 rows/).waitFor()
  await results.panel.getByLabel('Level').selectOption('error')
  await log.getByText(/holds "note 0", which is no int32/).waitFor()
  expect(await log.getByText(/^completed/).count()).toBe(0)
  await log.getByRole('button', { name: 'broken' }).click()
  await results.tab('Rows')
  await results.panel
    .getByRole('alert')
    .getByText(/holds "note 0", which is no int32/)
    .waitFor()
  await results.panel.getByRole('button', { name: 'Go to field' }).click()
  await page.getByRole('complementary', { name: 'Inspector' }).getByText('cast(note as int) > 1').waitFor()
})

test('lineage goes from a column to those it is made of', async () => {
  await results.show('sums')
  await results.tab('Lineage')
  await results.panel.getByRole('button', { name: /^total/ }).click()
  const from = results.panel.getByRole('region', { name: 'Comes from' })
  await from.getByRole('button', { name: 'many.amount' }).waitFor()
  await results.panel
    .getByRole('region', { name: 'Rows decided by' })
    .getByRole('button', { name: 'big.colour' })
    .waitFor()
  await from.getByRole('button', { name: 'many.amount' }).click()
  const into = results.panel.getByRole('region', { name: 'Goes into' })
  await into.getByRole('button', { name: 'sums.total' }).waitFor()
  await results.panel.getByRole('button', { name: 'Stop following' }).click()
})

test('a pinned node stays while others are picked', async () => {
  await results.panel.getByRole('button', { name: 'Keep showing this node' }).click()
  await page.locator('.react-flow__node', { hasText: 'sums' }).click()
  await results.cell(0, 5).getByText('note 0').waitFor()
  await results.panel.getByRole('button', { name: 'Follow the picked node' }).click()
  await results.header('total').waitFor()
})

test('the other output of a node has its own rows', async () => {
  await results.show('big')
  await results.panel.getByText('All other rows').click()
  await eventually(status).toBe('24,030 rows')
})
