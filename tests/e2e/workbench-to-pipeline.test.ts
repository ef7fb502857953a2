import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openWorkbench } from './workbench-page.ts'

/** Adds the connection `lake` with what the shop has in stock. */
function addLake({ home }: { home: string }): void {
  const file = join(home, 'lake.db')
  const lake = new DatabaseSync(file)
  lake.exec('create table stock (item int, pieces int); insert into stock values (1, 10), (2, 20), (4, 40)')
  lake.close()
  const sqlite = (path: string) => ({ dialect: 'sqlite', file: path })
  writeFileSync(
    join(home, 'connections.json'),
    JSON.stringify({ shop: sqlite(join(home, 'shop.db')), lake: sqlite(file) }),
  )
}

it('a query across databases becomes a pipeline that runs; what cannot be one is said', async () => {
  await using bench = await openWorkbench({}, addLake)
  const { page, app } = bench
  await page.getByRole('button', { name: /^Connection:/ }).click()
  await page.getByRole('option', { name: /^Workspace All/ }).click()
  const use = page.getByRole('button', { name: 'Use in a pipeline' })
  await bench.write('select * from nowhere.stock')
  await use.click()
  await page.getByText('There is no connection "nowhere".').waitFor()
  await bench.write(
    'select items.name, stock.pieces * :factor as pieces from shop.items join lake.main.stock on stock.item = items.id order by 1',
  )
  await page.getByRole('textbox', { name: 'Value of factor' }).fill('2')
  await page.getByRole('combobox', { name: 'Type of factor' }).selectOption('int')
  await use.click()
  for (const name of ['items', 'stock']) await page.locator('.react-flow__node', { hasText: name }).first().waitFor()
  await page.locator('.react-flow__node', { hasText: /^sql/ }).waitFor()
  await page.keyboard.press('Shift+Enter')
  await expect.poll(() => bench.row(0)).toEqual(['1', 'one', '20'])
  await expect.poll(() => bench.row(1)).toEqual(['2', 'two', '40'])
  expect(app.complaints).toEqual([])
})

it('what comes onto the canvas from the workbench is in sight, wherever one looked before', async () => {
  await using bench = await openWorkbench()
  const { page, app } = bench
  const canvas = page.locator('[data-canvas]')
  const inSight = (name: string) => async () => {
    const [card, whole] = [
      await page.locator('.react-flow__node.selected', { hasText: name }).boundingBox(),
      await canvas.boundingBox(),
    ]
    if (!card || !whole) return false
    return (
      card.x >= whole.x &&
      card.y >= whole.y &&
      card.x + card.width <= whole.x + whole.width &&
      card.y + card.height <= whole.y + whole.height
    )
  }
  await page.keyboard.press('Alt+p')
  await page.keyboard.press('Control+f')
  await page.getByRole('combobox', { name: 'Find a node' }).fill('into the results')
  await page.keyboard.press('Enter')
  await expect.poll(inSight('Into the results')).toBe(true)
  await page.keyboard.press('Alt+q')
  await bench.write('select * from items')
  await page.getByRole('button', { name: 'Use in a pipeline' }).click()
  await expect.poll(inSight('query')).toBe(true)
  await page.keyboard.press('Alt+q')
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: /Search commands/ }).fill('go to node into the results')
  await page.keyboard.press('Enter')
  await expect.poll(inSight('Into the results')).toBe(true)
  expect(app.complaints).toEqual([])
})
