import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { cardOf, formOf, goToConnections, saveConnection } from './connections-page.ts'
import { pickConnection, showWorkbench } from './workbench-page.ts'

/** Two windows on one workspace with the connection `shop`, the second with a saved query on it. */
async function openTwo() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-windows-'))
  const file = join(folder, 'shop.db')
  const database = new DatabaseSync(file)
  database.exec('create table items (id integer primary key)')
  database.close()
  const app = await openApp()
  const { page } = app
  await goToConnections(page)
  await saveConnection(page, 'shop', `sqlite:${file}`)
  const other = await openApp({ server: app.server })
  await showWorkbench(other.page)
  await pickConnection(other.page, 'shop')
  await write(other.page, 'select * from items')
  await save(other.page, 'Stock')
  return {
    app,
    page,
    other: other.page,
    complaints: () => [...app.complaints, ...other.complaints],
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function write(page: Page, sql: string): Promise<void> {
  await page.getByRole('textbox', { name: /^SQL of/ }).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(sql)
}

async function save(page: Page, name: string, action = 'Save'): Promise<void> {
  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save the query' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('button', { name: action, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })
const savedNames = (page: Page) => page.getByRole('list', { name: 'Saved queries' }).getByRole('button')

async function showSaved(page: Page): Promise<void> {
  await page.getByText('Saved', { exact: true }).click()
}

it('a window follows what another does to connections: another name, another file, none at all', async () => {
  await using windows = await openTwo()
  const { page, other } = windows
  await cardOf(page, 'shop').focus()
  await page.keyboard.press('F2')
  await page.getByRole('dialog', { name: 'Rename shop' }).waitFor()
  await page.keyboard.type('store')
  await page.keyboard.press('Enter')
  await other.getByRole('button', { name: 'Connection: store', exact: true }).waitFor()
  await other.getByRole('treeitem', { name: /^items/ }).waitFor()
  // The saved query names it by its new name, too: nothing is to be saved.
  await tab(other, 'Stock').waitFor()
  await showSaved(other)
  await other.getByRole('button', { name: 'Stock store', exact: true }).waitFor()
  await other.getByRole('button', { name: /^Connections/ }).click()
  await cardOf(other, 'store').press('Enter')
  const form = formOf(other, 'store')
  await form.getByRole('textbox', { name: 'Name' }).waitFor()
  await cardOf(page, 'store').focus()
  await page.keyboard.press('F2')
  await page.getByRole('dialog', { name: 'Rename store' }).waitFor()
  await page.keyboard.type('depot')
  await page.keyboard.press('Enter')
  // The form that is open there goes on under the new name.
  await expect
    .poll(() => formOf(other, 'depot').getByRole('textbox', { name: 'Name', exact: true }).inputValue())
    .toBe('depot')
  await cardOf(page, 'depot').focus()
  await page.keyboard.press('Delete')
  await page.getByRole('dialog', { name: 'Delete depot?' }).getByRole('button', { name: 'Delete' }).click()
  await cardOf(other, 'depot').waitFor({ state: 'detached' })
  await formOf(other, 'depot').waitFor({ state: 'detached' })
  await other.keyboard.press('Alt+q')
  await other.getByText('There is no connection “depot” any more.').waitFor()
  expect(windows.complaints()).toEqual([])
})

it('a press on the connection counts also when another one is named there before the button is let go', async () => {
  await using windows = await openTwo()
  const { page, other } = windows
  const name = other.getByRole('button', { name: 'Connection: shop', exact: true }).getByText('shop', { exact: true })
  await name.hover()
  await other.mouse.down()
  await cardOf(page, 'shop').focus()
  await page.keyboard.press('Delete')
  await page.getByRole('dialog', { name: 'Delete shop?' }).getByRole('button', { name: 'Delete' }).click()
  await other.getByText('There is no connection “shop” any more.').first().waitFor()
  await other.mouse.up()
  await other.getByRole('option', { name: /^Workspace/ }).waitFor()
  expect(windows.complaints()).toEqual([])
})

it('tabs of a saved query see that another text was saved over theirs, that it was renamed, and deleted', async () => {
  await using windows = await openTwo()
  const { page, other } = windows
  // In the same window: a second tab takes the first one's file.
  await other.getByRole('button', { name: 'New query' }).click()
  await write(other, 'select 2')
  await save(other, 'Stock', 'Replace')
  const both = other.getByRole('tablist', { name: 'Open queries' }).getByRole('tab')
  await expect.poll(() => both.allTextContents()).toEqual(['Stock unsaved', 'Stock'])
  // In another one: the text that is saved there is not this window's any more.
  await page.keyboard.press('Alt+q')
  await showSaved(page)
  await savedNames(page).first().click()
  await write(page, 'select 3')
  await page.keyboard.press('Control+s')
  await expect.poll(() => both.allTextContents()).toEqual(['Stock unsaved', 'Stock unsaved'])
  await page.getByRole('button', { name: 'Menu of Stock' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByRole('dialog', { name: 'Rename the query' }).getByRole('textbox').fill('Goods')
  await page.keyboard.press('Enter')
  await expect.poll(() => both.allTextContents()).toEqual(['Goods unsaved', 'Goods unsaved'])
  await write(other, 'select 3')
  await expect.poll(() => both.allTextContents()).toEqual(['Goods unsaved', 'Goods'])
  await page.getByRole('button', { name: 'Menu of Goods' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('dialog', { name: 'Delete Goods?' }).getByRole('button', { name: 'Delete' }).click()
  await expect.poll(() => both.allTextContents()).toEqual(['Goods unsaved', 'Goods unsaved'])
  await tab(page, 'Goods unsaved').waitFor()
  expect(windows.complaints()).toEqual([])
})
