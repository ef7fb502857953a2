import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { filesPage } from './files-page.ts'

const sales = 'id,region,amount\n1,North,12.50\n2,South,7.25\n3,North,100\n'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-minute-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a person does, counted: each click, drop and text typed is one. */
function counter() {
  let actions = 0
  return {
    do: async (action: Promise<unknown>) => {
      actions++
      await action
    },
    count: () => actions,
  }
}

/** Drops a file into the window, as from a file manager. */
async function drop(page: Page, name: string, text: string, at: { x: number; y: number }): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer()
      data.items.add(new File([content ?? ''], fileName ?? ''))
      return data
    },
    [name, text],
  )
  const point = { dataTransfer, clientX: at.x, clientY: at.y }
  await page.dispatchEvent('[data-canvas]', 'dragover', point)
  await page.dispatchEvent('[data-canvas]', 'drop', point)
}

const rowsOf = (home: string, table: string) => {
  using database = new DatabaseSync(join(home, 'sample.db'), { readOnly: true })
  return database
    .prepare(`select * from ${table} order by id`)
    .all()
    .map((row) => ({ ...row }))
}

const loaded = [
  { id: 1, region: 'North', amount: 12.5 },
  { id: 2, region: 'South', amount: 7.25 },
  { id: 3, region: 'North', amount: 100 },
]

describe('the first minute', () => {
  it('shows rows of the first sample after one click', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const files = filesPage(page)
    const actions = counter()
    await files.tab('Airports').waitFor()
    await actions.do(page.getByRole('button', { name: 'Run', exact: true }).click())
    await page.getByRole('gridcell').first().waitFor()
    expect(actions.count()).toBe(1)
    expect(complaints).toEqual([])
  })

  it("loads one's own CSV file into a table with the mouse, in at most twelve actions", async () => {
    await using app = await openApp()
    const { page, server, complaints } = app
    const files = filesPage(page)
    const actions = counter()
    await files.tab('Airports').waitFor()
    await actions.do(page.getByRole('button', { name: 'New pipeline' }).click())
    await files.tab('Untitled').waitFor()
    const box = await files.canvas.boundingBox()
    if (!box) throw new Error('The canvas is not shown.')
    const spot = { x: box.x + 160, y: box.y + 160 }
    await actions.do(drop(page, 'Sales 2024.csv', sales, spot))
    const card = files.card('Sales 2024')
    await card.waitFor()
    const placed = await card.boundingBox()
    expect(Math.abs((placed?.x ?? 0) - spot.x)).toBeLessThan(120)
    expect(readFileSync(join(server.home, 'files', 'Sales 2024.csv'), 'utf8')).toBe(sales)

    await actions.do(
      card
        .locator('.react-flow__handle.source')
        .first()
        .dragTo(files.canvas, {
          targetPosition: { x: 520, y: 190 },
        }),
    )
    const picker = page.getByRole('combobox', { name: /add/i })
    await actions.do(picker.fill('load'))
    await actions.do(page.keyboard.press('Enter'))
    await files.card('sales_2024').waitFor()
    await actions.do(page.getByRole('button', { name: 'Run', exact: true }).click())
    await page.getByRole('status').getByText('Done').waitFor()
    expect(rowsOf(server.home, 'sales_2024')).toEqual(loaded)
    expect(actions.count()).toBeLessThanOrEqual(12)
    expect(complaints).toEqual([])
  })

  it('does the same with the keyboard alone', async () => {
    await using app = await openApp()
    const { page, server, complaints } = app
    const files = filesPage(page)
    const path = join(folder, 'orders.csv')
    writeFileSync(path, sales)
    const actions = counter()
    await files.tab('Airports').waitFor()
    await actions.do(page.keyboard.press('Alt+n'))
    await files.tab('Untitled').waitFor()
    await actions.do(page.keyboard.press('Control+Shift+o'))
    await page.getByRole('listbox', { name: 'Files and folders' }).waitFor()
    await actions.do(page.keyboard.press('/'))
    await page.getByRole('textbox', { name: 'Path' }).waitFor()
    await actions.do(page.keyboard.type(path))
    await actions.do(page.keyboard.press('Enter'))
    await files.card('orders').waitFor()
    await actions.do(page.keyboard.press('Tab'))
    await page.getByRole('combobox', { name: /add/i }).waitFor()
    await actions.do(page.keyboard.type('load'))
    await actions.do(page.keyboard.press('Enter'))
    await files.card('Load').waitFor()
    await actions.do(page.keyboard.press('F5'))
    await page.getByRole('status').getByText('Done').waitFor()
    expect(rowsOf(server.home, 'orders')).toEqual(loaded)
    expect(actions.count()).toBeLessThanOrEqual(12)
    expect(complaints).toEqual([])
  })

  it('runs the sample that asks a web service, without starting anything by hand', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: /Search commands/ }).fill('samples')
    await page.keyboard.press('Enter')
    const gallery = page.getByRole('dialog', { name: 'Samples' })
    await gallery.getByRole('button', { name: /^API to table/ }).click()
    await files.tab('API to table').waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('status').getByText('Done').waitFor()
    expect(complaints).toEqual([])
  })
})
