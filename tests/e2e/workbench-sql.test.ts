import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshMariaDb, provisionMariaDb } from '../helpers/mariadb.ts'
import { openWorkbench } from './workbench-page.ts'

describe('SQL of MariaDB', () => {
  let server: Extract<Awaited<ReturnType<typeof provisionMariaDb>>, { stop(): unknown }>
  let fresh: Awaited<ReturnType<typeof freshMariaDb>>
  beforeAll(async () => {
    const found = await provisionMariaDb()
    if ('missing' in found) throw new Error(found.missing)
    server = found
    fresh = await freshMariaDb(server)
  })
  afterAll(async () => {
    await fresh?.drop()
    await server?.stop()
  })
  const open = () =>
    openWorkbench({}, ({ home }) => writeFileSync(join(home, 'connections.json'), JSON.stringify({ shop: fresh.url })))

  it('gives each result of a procedure a tab, in a script with DELIMITER', async () => {
    await using bench = await open()
    const { page, app } = bench
    await bench.write(
      "DELIMITER //\ncreate procedure two() begin select 1 as a; select 'x;y' as b, 3 as c; end //\nDELIMITER ;\ncall two();",
    )
    await page.keyboard.press('Control+Shift+Enter')
    const results = page.getByRole('tablist', { name: 'Results' })
    await results.getByRole('tab', { name: 'Result 2 (1)' }).waitFor()
    await expect.poll(() => bench.row(0)).toEqual(['1', '1'])
    await results.getByRole('tab', { name: 'Result 2 (1)' }).click()
    await expect.poll(() => bench.row(0)).toEqual(['1', 'x;y', '3'])
    await results.getByRole('tab', { name: 'Messages' }).click()
    const messages = page.getByRole('list', { name: 'Messages' }).locator('> li')
    await expect.poll(() => messages.count()).toBe(3)
    expect(app.complaints).toEqual([])
  })

  it('shows numbers where a tinyint(1) holds others than 0 and 1, and says so', async () => {
    await fresh.sql('create table flags (id int primary key, yes tinyint(1))')
    await fresh.sql('insert into flags values (1, 1), (2, 5)')
    await using bench = await open()
    const { page } = bench
    await bench.write('select * from flags order by id')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => bench.row(1)).toEqual(['2', '2', '5'])
    await page.getByRole('tab', { name: 'Messages' }).click()
    await page.getByText(/^Booleans are shown as numbers: Row 2, column yes/).waitFor()
  })
})

it('says where SQL cannot be laid out, and leaves it', async () => {
  await using bench = await openWorkbench()
  const { page } = bench
  await bench.write("select 'open from t")
  await page.keyboard.press('Shift+Alt+F')
  await page.getByText("SQL that cannot be read is not laid out: line 1, column 8, near 'open from t.").waitFor()
  expect(await page.locator('.cm-line').allInnerTexts()).toEqual(["select 'open from t"])
})

it('completes columns of a subquery behind its name', async () => {
  await using bench = await openWorkbench()
  const { page } = bench
  await bench.write('select * from (select id as key, price from items) sub where sub.')
  await page.keyboard.press('Control+Space')
  const options = page.getByRole('listbox').getByRole('option')
  await expect.poll(() => options.allInnerTexts()).toEqual(['keyint64', 'pricedecimal(10,2)'])
})

it('takes what is typed over a line of thousands of words, and puts brackets around what is marked', async () => {
  await using bench = await openWorkbench()
  const { page, app } = bench
  const line = page.locator('.cm-line')
  // Browsers take minutes to take such a line away.
  await bench.write(`select ${Array.from({ length: 2_000 }, (_, i) => `${i} as c${i}`).join(', ')}`)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('select id')
  await expect.poll(() => line.allInnerTexts()).toEqual(['select id'])
  await page.keyboard.press('Control+Shift+ArrowLeft')
  await page.keyboard.type('(')
  await expect.poll(() => line.allInnerTexts()).toEqual(['select (id)'])
  await page.keyboard.press('Control+a')
  await page.keyboard.type('select na')
  await page.getByRole('listbox').waitFor()
  expect(app.complaints).toEqual([])
})

it('keeps many tabs in sight, which the wheel moves', async () => {
  await using bench = await openWorkbench({ viewport: { width: 1024, height: 700 } })
  const { page } = bench
  for (let opened = 0; opened < 12; opened++) await page.keyboard.press('Alt+n')
  const queries = page.getByRole('tablist', { name: 'Open queries' })
  const tabs = queries.getByRole('tab')
  await expect.poll(() => tabs.count()).toBe(13)
  const within = async (tab: Locator) => {
    const [row, box] = await Promise.all([queries.boundingBox(), tab.boundingBox()])
    return row !== null && box !== null && box.x >= row.x - 1 && box.x + box.width <= row.x + row.width + 1
  }
  await expect.poll(() => within(tabs.last())).toBe(true)
  expect(await within(tabs.first())).toBe(false)
  await queries.hover()
  await page.mouse.wheel(0, -5000)
  await expect.poll(() => within(tabs.first())).toBe(true)
})
