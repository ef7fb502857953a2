import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase, provisionPostgres } from '../helpers/postgres.ts'
import { chooseItem, fill, focused, press, regionTo, tabTo } from './keys.ts'
import { KeysBench } from './keys-workbench-page.ts'
import { openWorkbench, type Workbench } from './workbench-page.ts'

/** The rest of what is done in the workbench by the mouse in the specs of it, by keys alone. Each test has a query of its own. */
let server: Awaited<ReturnType<typeof provisionPostgres>>
let far: FreshDatabase
let bench: Workbench
let page: Page
let keys: KeysBench
beforeAll(async () => {
  server = await provisionPostgres()
  if ('missing' in server) throw new Error(server.missing)
  far = await freshDatabase(server)
  await far.sql('create table stock (item int primary key, pieces int)')
  await far.sql('insert into stock values (1, 10), (2, 20), (4, 40)')
  bench = await openWorkbench({}, addFar)
  page = bench.page
  keys = new KeysBench(page)
})
afterAll(async () => {
  expect(bench.app.complaints).toEqual([])
  await bench[Symbol.asyncDispose]()
  await far.drop()
  if (!('missing' in server)) await server.stop()
})
beforeEach(() => keys.begin())

/** Two connections: the shop in a file, and stock on a server. */
function addFar({ home }: { home: string }): void {
  const connections = { shop: { dialect: 'sqlite', file: join(home, 'shop.db') }, far: far.url }
  writeFileSync(join(home, 'connections.json'), JSON.stringify(connections))
}

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)
const changesOf = (table: string) => page.getByRole('dialog', { name: new RegExp(`^Changes of ${table}\\b`) })
/** Runs a query on a table whose cells can be changed, and goes to the first of its names. */
async function toNamesOf(table: string): Promise<void> {
  await keys.run(`select id, name from ${table} order by id`)
  await page.getByText(`Type in a cell to change ${table}`).waitFor()
  await keys.enterGrid('id')
  await page.keyboard.press('ArrowRight')
}

const apply = (changes: Locator) => changes.getByRole('button', { name: 'Apply' })

test('a cell is changed, looked through and applied', async () => {
  bench.tell(
    "create table edited (id integer primary key, name text); insert into edited values (1, 'one'), (2, 'two')",
  )
  await toNamesOf('edited')
  await page.keyboard.type('first')
  await page.getByRole('textbox', { name: 'name', exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await eventually(() => keys.cell(0, 1).textContent()).toBe('first')
  await press(page, keys.button('Review and apply'))
  const changes = changesOf('edited')
  await press(page, changes.getByRole('button', { name: 'Undo the change of name' }), { back: true })
  await changes.getByText('Nothing is changed any more.').waitFor()
  await focused(changes)
  await page.keyboard.press('Escape')
  await changes.waitFor({ state: 'detached' })
  await focused(keys.results)
  await keys.enterGrid('id')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('first')
  await page.keyboard.press('Enter')
  await eventually(() => keys.cell(0, 1).textContent()).toBe('first')
  await page.keyboard.press('Alt+a')
  await changes.getByText('SET "name" = \'first\'').waitFor()
  await press(page, apply(changes))
  await changes.waitFor({ state: 'detached' })
  await eventually(() => Promise.resolve(bench.ask('select name from edited where id = 1'))).toBe('first')
  await focused(keys.results)
})

test('rows that were read before a rollback say so, and are read again', async () => {
  bench.tell("create table undone (id integer primary key, name text); insert into undone values (1, 'one')")
  await tabTo(page, page.getByRole('switch', { name: 'Commit by hand' }), { back: true })
  await page.keyboard.press('Space')
  await toNamesOf('undone')
  await page.keyboard.type('lost')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Alt+a')
  await press(page, apply(changesOf('undone')))
  await changesOf('undone').waitFor({ state: 'detached' })
  await keys.ended()
  const transaction = page.getByRole('region', { name: 'Transaction' })
  await regionTo(page, keys.editing)
  await press(page, transaction.getByRole('button', { name: 'Roll back' }), { back: true })
  await transaction.waitFor({ state: 'detached' })
  const note = page.getByRole('region', { name: 'Rolled back' })
  await note.getByText('Read before the transaction was rolled back').waitFor()
  expect(await keys.cell(0, 1).textContent()).toBe('lost')
  await regionTo(page, keys.results)
  await press(page, note.getByRole('button', { name: 'Run again' }))
  await eventually(() => keys.cell(0, 1).textContent()).toBe('one')
  await note.waitFor({ state: 'detached' })
  await keys.ended()
  await press(page, transaction.getByRole('button', { name: 'Commit' }), { back: true })
  await transaction.waitFor({ state: 'detached' })
})

test('a conflict in changed cells is seen, and settled row by row', async () => {
  bench.tell(
    "create table shared (id integer primary key, name text); insert into shared values (1, 'one'), (2, 'two'), (3, 'three')",
  )
  await toNamesOf('shared')
  for (const row of [0, 1, 2]) {
    await page.keyboard.type('mine')
    await page.getByRole('textbox', { name: 'name', exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await eventually(() => keys.cell(row, 1).textContent()).toBe('mine')
  }
  bench.tell("update shared set name = 'theirs' where id < 3; delete from shared where id = 3")
  await page.keyboard.press('Alt+a')
  const changes = changesOf('shared')
  await focused(apply(changes))
  await page.keyboard.press('Enter')
  await changes.getByText('3 rows are not as shown any more').waitFor()
  await focused(changes.getByRole('alert'))
  const row = (id: number) => changes.getByRole('listitem').filter({ hasText: `id = ${id}` })
  await press(page, row(1).getByRole('button', { name: 'Keep mine' }))
  await changes.getByText('2 rows are not as shown any more').waitFor()
  await focused(changes)
  await press(page, row(2).getByRole('button', { name: 'Take theirs' }))
  await row(2).waitFor({ state: 'detached' })
  await focused(changes)
  await press(page, row(3).getByRole('button', { name: 'Drop my change' }))
  await row(3).waitFor({ state: 'detached' })
  await focused(changes)
  await press(page, apply(changes))
  await changes.waitFor({ state: 'detached' })
  await focused(keys.results)
  await eventually(() => Promise.resolve(bench.ask('select group_concat(name) from shared'))).toBe('mine,theirs')
})

test('tables of two databases are looked for, and joined', async () => {
  await keys.pickConnection('Workspace')
  await keys.write('select i.name, s.pieces from shop.items i join ')
  await regionTo(page, keys.side)
  await press(page, keys.side.getByRole('button', { name: 'far', exact: true }))
  const stock = page.getByRole('list', { name: 'Tables of far' }).getByRole('button', { name: /^stock/ })
  await press(page, stock)
  await eventually(() => keys.editor.textContent()).toMatch(/join far\.public\.stock$/)
  await focused(keys.editor)
  await page.keyboard.insertText(' s on s.item = i.id order by 1')
  await page.keyboard.press('Control+Enter')
  await keys.result('Result 1 (2)').waitFor()
  await eventually(() => bench.row(0)).toEqual(['1', 'one', '10'])
  await eventually(() => bench.row(1)).toEqual(['2', 'two', '20'])
  await keys.ended()
})

test('a transaction that goes with its connection is told, and reconnected', async () => {
  await keys.pickConnection('far')
  await regionTo(page, keys.editing)
  await tabTo(page, page.getByRole('switch', { name: 'Commit by hand' }), { back: true })
  await page.keyboard.press('Space')
  await keys.run('create table kept (id int)')
  const bar = page.getByRole('region', { name: 'Transaction' })
  await bar.getByText('A transaction is open').waitFor()
  await far.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()",
  )
  await keys.run('select 1 as one')
  await bar.getByText('The connection was lost, and the transaction with it.').waitFor()
  await keys.messages.getByText('Reconnect to go on.').waitFor()
  await keys.ended()
  await focused(keys.editor)
  await press(page, bar.getByRole('button', { name: 'Reconnect' }), { back: true })
  await bar.waitFor({ state: 'detached' })
  await focused(keys.editing)
  await regionTo(page, keys.editing)
  await tabTo(page, keys.editor)
  await page.keyboard.press('Control+Enter')
  await keys.result('Result 1 (1)').waitFor()
  await keys.ended()
})

test('changes that wait for a row which someone else holds can be stopped', async () => {
  await keys.pickConnection('far')
  await keys.write('begin; update stock set pieces = 41 where item = 4')
  await page.keyboard.press('Control+Shift+Enter')
  const transaction = page.getByRole('region', { name: 'Transaction' })
  await transaction.getByText('A transaction is open').waitFor()
  await keys.ended()
  await keys.begin()
  await keys.run('select item, pieces from stock where item = 4')
  await page.getByText('Type in a cell to change stock').waitFor()
  await keys.enterGrid('item')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('42')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Alt+a')
  const changes = changesOf('stock')
  await press(page, apply(changes))
  await press(page, changes.getByRole('button', { name: 'Stop' }), { back: true })
  await changes.getByText('Nothing was written: The statement was stopped.').waitFor()
  await page.keyboard.press('Escape')
  await changes.waitFor({ state: 'detached' })
  await eventually(() => keys.cell(0, 1).textContent()).toBe('42')
  expect(await far.sql('select pieces from stock where item = 4')).toEqual([{ pieces: 40 }])
})

test('rows are copied and exported', async () => {
  await keys.pickConnection('shop')
  await keys.run('select id, name from items order by id')
  await keys.result('Result 1 (3)').waitFor()
  await keys.ended()
  await keys.enterGrid('id')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Control+c')
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await eventually(clipboard).toBe('1\tone')
  // Once it is known whose rows they are.
  await page.getByText('Type in a cell to change items').waitFor()
  await tabTo(page, keys.results.getByRole('button', { name: 'Copy' }), { back: true })
  await page.keyboard.press('Enter')
  await chooseItem(page, 'Picked cells', 'ArrowRight')
  await chooseItem(page, 'INSERT statements')
  await eventually(clipboard).toBe(`INSERT INTO "items" ("id", "name") VALUES\n  (1, 'one');`)
  await tabTo(page, keys.results.getByRole('button', { name: 'Export' }))
  await page.keyboard.press('Enter')
  await chooseItem(page, 'CSV')
  const dialog = page.getByRole('dialog', { name: 'Export rows' })
  await focused(dialog.getByRole('textbox', { name: 'Name' }))
  await press(page, dialog.getByRole('button', { name: 'Type a path' }), { back: true })
  await fill(page, dialog.getByRole('textbox', { name: 'Path', exact: true }), bench.home)
  await page.keyboard.press('Enter')
  await fill(page, dialog.getByRole('textbox', { name: 'Name' }), 'by-keys.csv')
  await page.keyboard.press('Enter')
  await page.getByText(/Exported 3 rows/).waitFor()
  await focused(keys.results)
  expect(readFileSync(join(bench.home, 'by-keys.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(4)
})
