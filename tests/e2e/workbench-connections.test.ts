import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { cardOf, goToConnections, saveConnection } from './connections-page.ts'
import { openWorkbench, pickConnection, showWorkbench } from './workbench-page.ts'

/** A saved connection `shop`, and a query tab that holds a transaction on it. */
async function openTab() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-query-tabs-'))
  const file = join(folder, 'shop.db')
  const ask = (sql: string) => {
    const database = new DatabaseSync(file)
    const rows = database.prepare(sql).all()
    database.close()
    return rows
  }
  ask('create table items (id integer primary key)')
  const app = await openApp()
  const { page } = app
  await goToConnections(page)
  await saveConnection(page, 'shop', `sqlite:${file}`)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+q')
  await pickConnection(page, 'shop')
  await page.getByRole('switch', { name: 'Commit by hand' }).click()
  const run = async (sql: string) => {
    await page.getByRole('textbox', { name: /^SQL of/ }).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(sql)
    await page.keyboard.press('Control+Enter')
  }
  await run('insert into items values (1)')
  await transaction(page).getByText('A transaction is open').waitFor()
  await page.getByRole('treeitem', { name: /^items/ }).waitFor()
  return {
    app,
    page,
    run,
    ask,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const transaction = (page: Page) => page.getByRole('region', { name: 'Transaction' })
const picker = (page: Page, name: string) => page.getByRole('button', { name: `Connection: ${name}`, exact: true })

it('a query tab follows its connection to a new name, its open transaction too', async () => {
  await using bench = await openTab()
  const { page, app } = bench
  await page.keyboard.press('Alt+c')
  await cardOf(page, 'shop').focus()
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Rename shop' })
  await dialog.getByText('1 query tab uses it. A transaction is open there, which stays open.').waitFor()
  await page.keyboard.type('store')
  await page.keyboard.press('Enter')
  await cardOf(page, 'store').waitFor()
  await page.keyboard.press('Alt+q')
  await picker(page, 'store').waitFor()
  await page.getByRole('treeitem', { name: /^items/ }).waitFor()
  await bench.run('insert into items values (2)')
  await page.getByText('1 row changed').waitFor()
  await transaction(page).getByRole('button', { name: 'Commit' }).click()
  await transaction(page).waitFor({ state: 'detached' })
  expect(bench.ask('select id from items')).toEqual([{ id: 1 }, { id: 2 }])
  // It is kept so: another page has it by its new name.
  await page.reload()
  await showWorkbench(page)
  await picker(page, 'store').waitFor()
  expect(app.complaints).toEqual([])
})

it('a query tab says that its connection was deleted, and offers the others', async () => {
  await using bench = await openTab()
  const { page, app } = bench
  await page.keyboard.press('Alt+c')
  await cardOf(page, 'shop').focus()
  await page.keyboard.press('Delete')
  const dialog = page.getByRole('dialog', { name: 'Delete shop?' })
  await dialog.getByText('1 query tab uses it. A transaction is open there, which is rolled back.').waitFor()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await cardOf(page, 'shop').waitFor({ state: 'detached' })
  await page.keyboard.press('Alt+q')
  await transaction(page).waitFor({ state: 'detached' })
  const gone = page.getByRole('region', { name: 'Connection', exact: true })
  await gone.getByText('There is no connection “shop” any more.').waitFor()
  await page.getByText('Pick another one to see its tables.').waitFor()
  expect(bench.ask('select id from items')).toEqual([])
  await gone.getByRole('button', { name: 'Pick another one' }).click()
  await page
    .getByRole('option', { name: /^sample/ })
    .first()
    .click()
  await gone.waitFor({ state: 'detached' })
  await page.getByRole('treeitem').first().waitFor()
  expect(app.complaints).toEqual([])
})

it.each(['light', 'dark'] as const)('the name of a connection is read beside its labels (%s)', async (colorScheme) => {
  const name = 'warehouse of the north'
  const small = { viewport: { width: 1024, height: 700 }, colorScheme }
  await using bench = await openWorkbench(small, ({ home }) => {
    const file = join(home, 'shop.db')
    const guarded = { dialect: 'sqlite', file, readOnly: true, environment: 'production' }
    const connections = { shop: { dialect: 'sqlite', file }, erp: guarded, [name]: guarded }
    writeFileSync(join(home, 'connections.json'), JSON.stringify(connections))
  })
  const { page, app } = bench
  const shown = (text: string) => page.getByRole('button', { name: /^Connection:/ }).getByText(text, { exact: true })
  const isCut = (text: string) => shown(text).evaluate((element) => element.scrollWidth > element.clientWidth)
  for (const each of ['erp', name]) {
    await pickConnection(page, each)
    await shown('read-only').waitFor()
    await shown('production').waitFor()
    expect(await isCut(each)).toBe(false)
  }
  await pickConnection(page, 'shop')
  const look = () =>
    page.getByRole('button', { name: /^Connection:/ }).evaluate((element) => {
      const { opacity, color } = getComputedStyle(element)
      return { opacity, color }
    })
  const before = await look()
  await bench.write('begin')
  await page.keyboard.press('Control+Enter')
  await transaction(page).getByText('A transaction is open').waitFor()
  expect(await page.getByRole('button', { name: /^Connection:/ }).isDisabled()).toBe(true)
  expect(await look()).toEqual(before)
  expect(app.complaints).toEqual([])
})
