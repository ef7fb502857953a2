import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { lineOf, menuItem, openShop } from './schema-page.ts'
import type { Workbench } from './workbench-page.ts'

/** Pictures of the query workbench, of diagrams and of connections; see pictures.test.ts. */
const folder = join('.cache', 'pictures')
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]

/** Enough orders to look at. */
const more = `
  with recursive n(i) as (select 4 union all select i + 1 from n where i < 500)
  insert into orders select i, 1 + i % 2, date('2024-01-01', '+' || (i % 90) || ' days'), (i * 7919 % 50000) / 100.0 from n;
`

const statement = `select c.name, o.placed_at, count(*) as orders, sum(o.total) as total
from orders o
join customers c on c.id = o.customer_id
where o.total > 20
group by 1, 2
order by total desc`

const screens: Record<string, (page: Page, bench: Workbench) => Promise<void>> = {
  workbench: async (page, bench) => {
    await lineOf(page, 'orders').locator('svg').first().click()
    await lineOf(page, 'customer_id').waitFor()
    await bench.write(statement)
    await page.keyboard.press('Control+Enter')
    await page.getByText('92 rows', { exact: true }).waitFor()
  },
  plan: async (page) => {
    // Rows stand there before the run has ended, and until then nothing is explained.
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    await page.getByRole('textbox', { name: /^SQL of/ }).click()
    await page.keyboard.press('Control+e')
    await page.getByRole('tab', { name: /^Plan/, selected: true }).waitFor()
  },
  diagram: async (page) => {
    await lineOf(page, 'orders').click({ button: 'right' })
    await menuItem(page, 'Show in diagram').click()
    await page.getByText('5 tables, 3 relations').waitFor()
  },
  'connection-form': async (page) => {
    await page.getByRole('button', { name: 'Connections', exact: true }).click()
    await page.getByRole('button', { name: 'New connection' }).first().click()
    const form = page.getByRole('form', { name: 'New connection' })
    await form.getByRole('textbox', { name: 'Paste a URL' }).fill('postgres://etl@db.example.com:5432/lake')
    await page.keyboard.press('Enter')
    await form.getByRole('textbox', { name: 'Name' }).fill('lake')
    await form.getByRole('textbox', { name: 'Host' }).and(page.locator('[value="db.example.com"]')).waitFor()
  },
}

it.each(['light', 'dark'] as const)('what shows databases can be seen in the %s theme', async (colorScheme) => {
  await mkdir(folder, { recursive: true })
  await using bench = await openShop({ colorScheme, reducedMotion: 'reduce' }, more)
  const { page, app } = bench
  await lineOf(page, 'orders').waitFor()
  for (const [name, show] of Object.entries(screens)) {
    await show(page, bench)
    await page.mouse.move(720, 1)
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}.png`), animations: 'disabled' })
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  expect(app.complaints).toEqual([])
})
