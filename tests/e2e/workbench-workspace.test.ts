import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { faults } from '../helpers/axe.ts'
import { openWorkbench, pickConnection } from './workbench-page.ts'

/** Adds the connection `lake` with prices, and one called Workspace. */
function addLake({ home }: { home: string }): void {
  const file = join(home, 'lake.db')
  const lake = new DatabaseSync(file)
  lake.exec(`
    create table stock (item integer primary key, pieces integer);
    insert into stock values (1, 10), (2, 20), (4, 40);
  `)
  lake.close()
  const sqlite = (path: string) => ({ dialect: 'sqlite', file: path })
  const connections = { shop: sqlite(join(home, 'shop.db')), lake: sqlite(file), Workspace: sqlite(file) }
  writeFileSync(join(home, 'connections.json'), JSON.stringify(connections))
}

it('joins tables of two connections by name, completing the names', async () => {
  await using bench = await openWorkbench({}, addLake)
  const { page, app } = bench
  await page.getByRole('button', { name: /^Connection:/ }).click()
  await page.getByRole('option', { name: 'Workspace All connections at once, by connection.schema.table' }).click()
  await page.getByRole('button', { name: 'Connection: Workspace' }).waitFor()
  await bench.write('select i.name, s.pieces from sh')
  const offered = page.getByRole('listbox', { name: 'Completions' })
  await page.keyboard.type('o')
  await offered.getByRole('option', { name: /shop/ }).click()
  await page.keyboard.type('.it')
  await offered.getByRole('option', { name: /items/ }).click()
  await page.keyboard.insertText(' i join lake.main.stock s on s.item = i.id where s.pie')
  await page.keyboard.type('c')
  await offered.getByRole('option', { name: /pieces/ }).click()
  await page.keyboard.insertText(' > 5 order by 1')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('tab', { name: 'Result 1 (2)', selected: true }).waitFor()
  await expect.poll(() => bench.row(0)).toEqual(['1', 'one', '10'])
  await expect.poll(() => bench.row(1)).toEqual(['2', 'two', '20'])
  expect(app.complaints).toEqual([])
})

it('by keyboard: the picker, a table of the list, the plan with what each source is asked', async () => {
  await using bench = await openWorkbench({}, addLake)
  const { page, app } = bench
  await page.getByRole('button', { name: /^Connection:/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: /^Workspace All/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Connection: Workspace' }).waitFor()
  await bench.write('select pieces from ')
  const lake = page.getByRole('button', { name: 'lake', exact: true })
  await lake.focus()
  await page.keyboard.press('Enter')
  const stock = page.getByRole('list', { name: 'Tables of lake' }).getByRole('button', { name: 'stock' })
  await stock.focus()
  await page.keyboard.press('Enter')
  const editor = page.getByRole('textbox', { name: /^SQL of/ })
  await editor.getByText('lake.stock').waitFor()
  await editor.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText(' where item = 2')
  await page.keyboard.press('Control+e')
  await page.getByText('SELECT "item", "pieces" FROM "stock" WHERE "item" = 2').first().waitFor()
  expect(await page.getByRole('switch', { name: 'Commit by hand' }).isDisabled()).toBe(true)
  expect(await faults(page)).toEqual([])
  expect(app.complaints).toEqual([])
})

it('says what is wrong where it is, and keeps a connection of that name apart', async () => {
  await using bench = await openWorkbench({}, addLake)
  const { page } = bench
  await page.getByRole('button', { name: /^Connection:/ }).click()
  await page.getByRole('option', { name: /^Workspace All/ }).click()
  await bench.write('select * from lake.stok')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('list', { name: 'Messages' }).getByText('There is no table lake.stok.').waitFor()
  await page.getByText('Did you mean lake.stock?').waitFor()
  await bench.write('delete from lake.stock')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Across databases, statements only read').waitFor()
  await page.getByRole('button', { name: /^Connection:/ }).click()
  await page.getByRole('option', { name: /^Workspace sluice-workbench/ }).click()
  await bench.write('select count(*) as n from stock')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('tab', { name: 'Result 1 (1)', selected: true }).waitFor()
  await pickConnection(page, 'shop')
})
