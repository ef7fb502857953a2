import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { type InspectorPage, type Opened, openShop, orders } from './inspector-page.ts'
import { chooseName, chooseOption, fill, focused, press, tabTo } from './keys.ts'
import { pickNode, savedPipeline } from './keys-inspector-page.ts'

/** What inspector-values.test.ts does by the mouse, and files and code in the inspector, by keys alone. */
let opened: Opened
let page: Page
let inspector: InspectorPage
const part = (columns: object[]) => ({ kind: 'rows', config: { columns, rows: [] } })
beforeAll(async () => {
  opened = await openShop({
    parameters: [
      { name: 'since', type: 'date', default: '2026-01-01' },
      { name: 'start', type: 'date', default: '2026-01-01' },
      { name: 'country', type: 'text', default: 'GB' },
    ],
    nodes: {
      orders,
      north: part([
        { name: 'id', type: 'int64' },
        { name: 'amount', type: 'int64' },
      ]),
      south: part([
        { name: 'Amount', type: 'text' },
        { name: 'id', type: 'int64' },
      ]),
      union: { kind: 'union', config: {} },
      api: { kind: 'http', config: { method: 'POST', url: 'http://127.0.0.1:9/orders' } },
      reader: { kind: 'file', config: {} },
      writer: { kind: 'write-file', config: {} },
      sql: { kind: 'query', config: { connection: 'shop', sql: 'select 1' } },
      big: { kind: 'filter', config: { where: 'true' } },
      lake: { kind: 'load', config: { connection: 'shop', table: 'lake', mode: 'replace' } },
    },
    edges: [
      { from: 'north', to: 'union' },
      { from: 'south', to: 'union' },
      ...['big', 'lake', 'writer'].map((to) => ({ from: 'orders', to })),
    ],
  })
  writeFileSync(join(opened.folder, 'cities.csv'), 'city,people\nGraz,300000\n')
  writeFileSync(join(opened.folder, 'towns.csv'), 'city,people\nMurau,3000\n')
  page = opened.app.page
  inspector = opened.inspector
})
afterAll(async () => {
  expect(opened.app.complaints).toEqual([])
  await opened[Symbol.asyncDispose]()
})

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)
const button = (name: string | RegExp) => inspector.panel.getByRole('button', { name, exact: typeof name === 'string' })

const pick = (id: string) => pickNode(opened, id)
const saved = (part: (nodes: Pipeline['nodes']) => unknown) => savedPipeline(opened, ({ nodes }) => part(nodes))

test('a union is matched by position, and what each input gives is hidden and shown', async () => {
  await pick('union')
  const table = inspector.panel.getByRole('table', { name: 'What each input gives' })
  const told = async () =>
    (await table.getByRole('row').allInnerTexts()).map((line) => line.split(/\s+/).filter(Boolean))
  await eventually(told).toEqual([
    ['Column', 'north', 'south'],
    ['id', 'int64', 'int64'],
    ['amount', 'int64', 'text'],
  ])
  await tabTo(page, inspector.field('Match columns'))
  await page.keyboard.press('Enter')
  await chooseOption(page, 'By position')
  await eventually(told).toEqual([
    ['Column', 'north', 'south'],
    ['id', 'id', 'int64', 'Amount', 'text'],
    ['amount', 'amount', 'int64', 'id', 'int64'],
  ])
  const head = button(/^What each input gives/)
  await press(page, head)
  await table.waitFor({ state: 'detached' })
  await focused(head)
  await page.keyboard.press('Space')
  await table.waitFor()
})

test('a header is given a secret, which is saved on the spot and replaced, and is removed', async () => {
  await pick('api')
  await press(page, button('Add header'))
  await focused(inspector.field('Headers 1, name'))
  await page.keyboard.type('Authorization')
  await tabTo(page, inspector.field('Headers 1, kind'))
  await page.keyboard.press('Enter')
  await chooseOption(page, 'Secret')
  await fill(page, inspector.field('Headers 1, name of the secret'), 'shop_token')
  await inspector.panel.getByText('Not kept in this workspace').waitFor()
  await press(page, button('Save it…'))
  const saving = page.getByRole('dialog', { name: 'Save a secret' })
  await focused(saving.getByLabel('Secret', { exact: true }))
  await page.keyboard.press('Enter')
  await saving.getByText('Enter a name and the secret.').waitFor()
  await page.keyboard.type('canary-of-a-token')
  await page.keyboard.press('Enter')
  await saving.waitFor({ state: 'detached' })
  await inspector.panel.getByText(/^Kept since/).waitFor()
  await focused(button('Replace…'))
  await page.keyboard.press('Enter')
  const replacing = page.getByRole('dialog', { name: 'Replace the secret' })
  await focused(replacing.getByLabel('Secret', { exact: true }))
  await page.keyboard.press('Escape')
  await replacing.waitFor({ state: 'detached' })
  await focused(button('Replace…'))
  await saved(({ api }) => api?.config.headers).toEqual({ Authorization: { secret: 'shop_token' } })
  await press(page, button('Add header'))
  await fill(page, inspector.field('Headers 2, name'), 'Accept')
  await fill(page, inspector.field('Headers 2, value'), 'application/json')
  await saved(({ api }) => api?.config.headers).toMatchObject({ Accept: 'application/json' })
  await press(page, button('Remove header 1'), { back: true })
  await focused(button('Remove header 1'))
  await saved(({ api }) => api?.config.headers).toEqual({ Accept: 'application/json' })
})

test('a parameter is offered in the address, and a body is written as JSON', async () => {
  await pick('api')
  const address = inspector.field('Address')
  await tabTo(page, address, { back: true })
  await page.keyboard.press('End')
  await page.keyboard.type('?since={{')
  await chooseOption(page, /since/)
  await eventually(() => address.inputValue()).toBe('http://127.0.0.1:9/orders?since={{since}}')
  const modes = inspector.panel.getByRole('radiogroup').filter({ hasText: 'JSON' })
  await tabTo(page, modes)
  await page.keyboard.press('ArrowRight')
  const body = inspector.code('Body')
  await tabTo(page, body)
  await page.keyboard.insertText('{"filter": {"day": "')
  await inspector.panel.getByText(/does not end/).waitFor()
  await page.keyboard.type('{{')
  // The editor has closed them.
  await page.keyboard.press('Delete')
  await page.keyboard.press('Delete')
  await page.keyboard.type('s')
  await chooseName(page, /since/)
  await page.keyboard.insertText('"}}')
  await inspector.panel.getByText(/does not end/).waitFor({ state: 'hidden' })
  await saved(({ api }) => api?.config.body).toEqual({ filter: { day: '{{since}}' } })
  await press(page, button('Send no body'))
  await saved(({ api }) => api && 'body' in api.config).toBe(false)
  await focused(inspector.panel)
})

test('SQL and conditions are completed by names, and a list of names is left by Escape', async () => {
  await pick('sql')
  const sql = inspector.code('SQL')
  await tabTo(page, sql)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('select * from cust')
  await chooseName(page, /^customers/)
  await page.keyboard.type(' where coun')
  const list = page.getByRole('listbox', { name: 'Completions' })
  await list.waitFor()
  await page.keyboard.press('Escape')
  await list.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+Space')
  await chooseName(page, /^country/)
  await page.keyboard.type(' = :')
  await chooseName(page, /^:country/)
  await eventually(() => sql.textContent()).toBe('select * from customers where country = :country')
  await eventually(() => inspector.columnNames()).toEqual(['id', 'name', 'country'])
  await page.keyboard.type(' or n')
  await list.waitFor()
  await page.keyboard.press('Escape')
  await list.waitFor({ state: 'detached' })
  await focused(sql)
  await page.keyboard.type('ame = name')
  await eventually(() => sql.textContent()).toBe('select * from customers where country = :country or name = name')
  await pick('big')
  const where = inspector.code('Condition')
  await tabTo(page, where)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('a')
  await chooseName(page, /^amount/)
  await page.keyboard.type(' > 100')
  await saved(({ big }) => big?.config.where).toBe('amount > 100')
})

test('SQL is written in the large editor, which gives the focus back', async () => {
  await pick('sql')
  const open = button('Open SQL in a large editor')
  await press(page, open)
  const large = page.getByRole('dialog', { name: 'SQL' })
  await focused(large.getByRole('textbox', { name: 'SQL' }))
  await page.keyboard.press('Control+a')
  await page.keyboard.type('select id from orders ')
  await press(page, large.getByRole('button', { name: 'Close' }), { back: true })
  await large.waitFor({ state: 'detached' })
  await focused(open)
  await saved(({ sql }) => sql?.config.sql).toBe('select id from orders ')
  await eventually(() => inspector.columnNames()).toEqual(['id'])
})

test('a file is chosen through the dialog, a second one added, and a column given a type', async () => {
  const dialog = page.getByRole('dialog', { name: 'Choose a file to read' })
  const choose = async (name: string) => {
    await focused(dialog.getByRole('listbox'))
    await dialog.getByRole('option', { name }).waitFor()
    await page.keyboard.type(name)
    await dialog.getByRole('option', { name, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
  }
  await pick('reader')
  await press(page, button('Browse…'))
  await choose('cities.csv')
  await focused(button('Browse…'))
  await eventually(() => inspector.field('File').inputValue()).toBe('cities.csv')
  await eventually(() => inspector.columnNames()).toEqual(['city', 'people'])
  await press(page, button('Add type'))
  await focused(inspector.field('Types 1, column'))
  await page.keyboard.type('peo')
  await chooseOption(page, /^people/)
  await fill(page, inspector.field('Types 1, type'), 'text')
  await eventually(() =>
    inspector
      .columns()
      .getByRole('row', { name: /people.*text/ })
      .count(),
  ).toBe(1)
  await press(page, button('Add file'), { back: true })
  await focused(inspector.field('File 2'))
  await page.keyboard.type('towns.csv')
  await saved(({ reader }) => reader?.config).toMatchObject({
    path: ['cities.csv', 'towns.csv'],
    types: { people: 'text' },
  })
  await press(page, button('Remove file 2'))
  await saved(({ reader }) => reader?.config.path).toBe('cities.csv')
})

test('a file to write is named through the dialog, and its format chosen', async () => {
  await pick('writer')
  await press(page, button('Browse…'))
  const dialog = page.getByRole('dialog', { name: 'Choose a file to write' })
  const name = dialog.getByRole('textbox', { name: 'Name' })
  await focused(name)
  await page.keyboard.type('out.csv')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await focused(button('Browse…'))
  await eventually(() => inspector.field('File').inputValue()).toBe('out.csv')
  await tabTo(page, inspector.field('If the file exists'))
  await page.keyboard.press('Enter')
  await chooseOption(page, 'Fail')
  await tabTo(page, inspector.field('Header'))
  await page.keyboard.press('Space')
  await saved(({ writer }) => writer?.config).toMatchObject({ path: 'out.csv', ifExists: 'fail', header: false })
})

test('a load gives a column another name and a type of the database', async () => {
  await pick('lake')
  await fill(page, inspector.field('amount in the table'), 'total')
  await press(page, button(/^More settings/))
  await press(page, button('Add type'))
  await focused(inspector.field('Types of a table that is created 1, column'))
  await page.keyboard.type('tot')
  await chooseOption(page, /^total/)
  await fill(page, inspector.field('Types of a table that is created 1, type'), 'numeric')
  await saved(({ lake }) => lake?.config).toMatchObject({ columns: { amount: 'total' }, types: { total: 'numeric' } })
  await press(page, button('Remove type 1'))
  await focused(button('Add type'))
  await saved(({ lake }) => lake?.config.types).toBeUndefined()
})
