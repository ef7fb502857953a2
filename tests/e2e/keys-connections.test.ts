import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { App } from '../helpers/app.ts'
import { cardOf, formOf, newForm, openConnections } from './connections-page.ts'
import { chooseItem, chooseOption, command, fill, focused, openByKeys, press, regionTo, tabTo } from './keys.ts'

/** What is done with connections by the mouse in the specs of them, by keys alone. Each test has connections of its own. */
let app: App
let page: Page
const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-keys-'))
beforeAll(async () => {
  app = await openConnections({ env: { SLUICE_CONNECTION_GIVEN: `sqlite:${newDatabase('given')}` } })
  page = app.page
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async ({ task }) => {
  // What a failed test leaves open is not in the way of the next.
  if (task.result?.state === 'fail') await page.reload()
})
beforeEach(async () => {
  await page.getByRole('tab').or(list()).first().waitFor()
  await page.keyboard.press('Alt+c')
  await page.getByRole('heading', { name: 'Connections' }).waitFor()
})

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)
const list = () => page.getByRole('region', { name: 'Connections' })
const field = (form: Locator, name: string) => form.getByRole('textbox', { name, exact: true })
const button = (within: Page | Locator, name: string | RegExp) =>
  within.getByRole('button', { name, exact: typeof name === 'string' })

function newDatabase(name: string): string {
  const file = join(folder, `${name}.db`)
  const database = new DatabaseSync(file)
  database.exec('create table orders (id integer)')
  database.close()
  return file
}

/** Begins a new connection; the form begins in the field for a URL. */
async function begin(): Promise<Locator> {
  await command(page, 'new connection')
  await focused(field(newForm(page), 'Paste a URL'))
  return newForm(page)
}

/** Saves a connection by its URL. */
async function save(name: string, url: string, environment?: string): Promise<Locator> {
  const form = await begin()
  await page.keyboard.insertText(url)
  await page.keyboard.press('Enter')
  await eventually(() => field(form, 'Paste a URL').inputValue()).toBe('')
  await fill(page, field(form, 'Name'), name)
  if (environment !== undefined) {
    await tabTo(page, form.getByRole('combobox', { name: 'Environment' }))
    await page.keyboard.press('Enter')
    await chooseOption(page, environment)
  }
  await page.keyboard.press('Control+s')
  await formOf(page, name).getByRole('status').getByText('Saved').waitFor()
  return formOf(page, name)
}

/** Goes to the card of a connection. */
async function goToCard(name: string): Promise<void> {
  await regionTo(page, list())
  await tabTo(page, cardOf(page, name))
}

/** Chooses among radio buttons by arrows. */
async function chooseRadio(radio: Locator): Promise<void> {
  for (let presses = 0; presses < 20 && !(await radio.isChecked()); presses++) await page.keyboard.press('ArrowRight')
  await eventually(() => radio.isChecked()).toBe(true)
}

/** Types a path into a dialog of files that is open. @param action its button, where typing alone does not end it */
async function typePath(dialogName: string, path: string, action?: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: dialogName })
  await focused(dialog)
  await press(page, button(dialog, 'Type a path'), { back: true })
  await focused(field(dialog, 'Path'))
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(path)
  await page.keyboard.press('Enter')
  if (action !== undefined) await press(page, button(dialog, action))
  await dialog.waitFor({ state: 'detached' })
}

test('a connection is made field by field, marked, read only, and tested', async () => {
  const form = await begin()
  await fill(page, field(form, 'Name'), 'shop')
  await tabTo(page, form.getByRole('combobox', { name: 'Environment' }))
  await page.keyboard.press('Enter')
  await chooseOption(page, 'Staging')
  await fill(page, field(form, 'Database file'), newDatabase('shop'))
  await tabTo(page, form.getByRole('radiogroup', { name: 'Colour' }))
  await chooseRadio(form.getByRole('radio', { name: 'Green' }))
  const readOnly = form.getByRole('switch', { name: 'Read-only' })
  await tabTo(page, readOnly)
  await page.keyboard.press('Space')
  await eventually(() => readOnly.isChecked()).toBe(true)
  await press(page, button(form, 'Save and test'))
  const saved = formOf(page, 'shop')
  await saved
    .getByRole('status')
    .getByText(/Connected to SQLite 3\.\d+.* in \d+/)
    .waitFor()
  await focused(saved)
  await cardOf(page, 'shop').getByText('Staging').waitFor()
  await cardOf(page, 'shop').getByText('Read-only').waitFor()
  await page.keyboard.press('Escape')
  await saved.waitFor({ state: 'detached' })
  await focused(cardOf(page, 'shop'))
})

test('a server is chosen, and told by a URL, with a password, options and encryption', async () => {
  const form = await begin()
  await tabTo(page, form.getByRole('radiogroup', { name: 'Kind of database' }), { back: true })
  await chooseRadio(form.getByRole('radio', { name: 'MySQL, MariaDB' }))
  await tabTo(page, field(form, 'Paste a URL'))
  await page.keyboard.insertText('postgres://etl:hunter2hunter2@db.example.com:6432/lake?sslmode=require')
  await page.keyboard.press('Enter')
  await eventually(() => field(form, 'Host').inputValue()).toBe('db.example.com')
  await focused(field(form, 'Paste a URL'))
  await fill(page, field(form, 'Name'), 'far')
  await press(page, button(form, /^Encryption/))
  await tabTo(page, form.getByRole('combobox', { name: 'Encryption' }))
  await page.keyboard.press('Enter')
  await chooseOption(page, 'Off')
  await press(page, button(form, /^Driver options/))
  await press(page, button(form, 'Add an option'))
  await focused(form.getByLabel('Option 1', { exact: true }))
  await page.keyboard.type('appli')
  const offered = page.getByRole('option', { name: 'application_name' })
  await offered.waitFor()
  await page.keyboard.press('Escape')
  await offered.waitFor({ state: 'hidden' })
  await page.keyboard.type('cation')
  await chooseOption(page, 'application_name')
  await fill(page, field(form, 'Value of option 1'), 'nightly')
  await page.keyboard.press('Control+s')
  const saved = formOf(page, 'far')
  await saved.getByRole('status').getByText('Saved').waitFor()
  await press(page, button(saved, 'Replace password'), { back: true })
  await focused(saved.getByLabel('Password', { exact: true }))
  await page.keyboard.type('second-password')
  await page.keyboard.press('Control+s')
  await saved.getByRole('group', { name: 'Password' }).getByText('Set').waitFor()
  await press(page, button(saved, 'Remove password'), { back: true })
  await focused(saved)
  await press(page, button(saved, 'Remove option 1'))
  await focused(button(saved, 'Add an option'))
  await page.keyboard.press('Control+s')
  await saved.getByRole('status').getByText('Saved').waitFor()
  expect(await saved.getByLabel('Password', { exact: true }).inputValue()).toBe('')
})

test('what is wrong is said at the fields, and a failed test leads to its own', async () => {
  const form = await begin()
  await page.keyboard.press('Control+s')
  await form.getByText('Give the connection a name.').waitFor()
  await focused(field(form, 'Name'))
  await tabTo(page, field(form, 'Paste a URL'), { back: true })
  await page.keyboard.insertText('postgres://etl@no-such-host.invalid/lake')
  await page.keyboard.press('Enter')
  await eventually(() => field(form, 'Host').inputValue()).toBe('no-such-host.invalid')
  await press(page, button(form, 'Test'))
  const alert = form.getByRole('alert')
  await alert.getByText('The host is unknown').waitFor()
  await press(page, button(alert, 'Go to the field'), { back: true })
  await focused(field(form, 'Host'))
  await page.keyboard.press('Escape')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await press(page, button(question, 'Cancel'))
  await question.waitFor({ state: 'detached' })
  await focused(field(form, 'Host'))
  await page.keyboard.press('Escape')
  await press(page, button(question, 'Leave'))
  await form.waitFor({ state: 'detached' })
  await focused(list())
})

test('connections are duplicated, renamed and deleted from the menu and by their keys', async () => {
  await save('one', `sqlite:${newDatabase('one')}`)
  await goToCard('one')
  await press(page, button(page, 'Actions for one'))
  await chooseItem(page, 'Duplicate')
  await formOf(page, 'one copy').waitFor()
  await focused(button(page, 'Actions for one'))
  await press(page, button(page, 'Actions for one'))
  await chooseItem(page, 'Test')
  await page.getByText(/^Connected in .* Version 3\./).waitFor()
  await goToCard('one copy')
  await page.keyboard.press('F2')
  const renaming = page.getByRole('dialog', { name: 'Rename one copy' })
  await fill(page, renaming.getByRole('textbox'), 'two')
  await page.keyboard.press('Enter')
  await cardOf(page, 'two').waitFor()
  await focused(list())
  await goToCard('two')
  await page.keyboard.press('Delete')
  const question = page.getByRole('dialog', { name: 'Delete two?' })
  await press(page, button(question, 'Cancel'))
  await question.waitFor({ state: 'detached' })
  await focused(cardOf(page, 'two'))
  await page.keyboard.press('Delete')
  await press(page, button(question, 'Delete'))
  await cardOf(page, 'two').waitFor({ state: 'detached' })
  await focused(list())
})

test('a production connection is deleted by its name; who uses one is told and gone to', async () => {
  await save('live', `sqlite:${newDatabase('live')}`, 'Production')
  const path = join(folder, 'daily.pipeline.json')
  const nodes = { orders: { kind: 'query', config: { connection: 'live', sql: 'select * from orders' } } }
  writeFileSync(path, JSON.stringify({ sluice: 1, name: 'Daily orders', nodes, edges: [] }))
  await page.keyboard.press('Alt+p')
  await openByKeys(page, path)
  await page.getByRole('tab', { name: 'Daily orders', selected: true }).waitFor()
  await page.keyboard.press('Alt+c')
  await cardOf(page, 'live').getByText('Used by 1 pipeline').waitFor()
  await goToCard('live')
  await page.keyboard.press('Enter')
  const usedBy = formOf(page, 'live').getByRole('region', { name: 'Used by' })
  await regionTo(page, formOf(page, 'live'))
  await press(page, button(usedBy, 'Daily orders'))
  await page.getByRole('tab', { name: 'Daily orders', selected: true }).waitFor()
  await page.keyboard.press('Alt+c')
  await goToCard('live')
  await page.keyboard.press('Delete')
  const question = page.getByRole('dialog', { name: 'Delete live?' })
  await question.getByText('Daily orders').waitFor()
  await focused(field(question, 'Type live to delete it'))
  await page.keyboard.type('liv')
  await page.keyboard.press('Enter')
  expect(await button(question, 'Delete').isDisabled()).toBe(true)
  await page.keyboard.type('e')
  await page.keyboard.press('Enter')
  await cardOf(page, 'live').waitFor({ state: 'detached' })
  await focused(list())
})

test('files are picked and made', async () => {
  const form = await begin()
  await press(page, button(form, 'Browse…'))
  const picked = newDatabase('picked')
  await typePath('Pick a database', picked)
  await focused(button(form, 'Browse…'))
  await eventually(() => field(form, 'Database file').inputValue()).toBe(picked)
  await press(page, button(form, 'Create new…'))
  const made = join(folder, 'made.db')
  await typePath('Create a database', made, 'Save')
  await focused(button(form, 'Create new…'))
  await eventually(() => field(form, 'Database file').inputValue()).toBe(made)
  await page.keyboard.press('Escape')
  await press(page, button(page.getByRole('dialog'), 'Leave'))
  await form.waitFor({ state: 'detached' })
})

test('connections are searched, imported and exported; one defined elsewhere is tested', async () => {
  const from = join(folder, 'connections.json')
  writeFileSync(from, JSON.stringify({ imported: `sqlite:${newDatabase('imported')}` }))
  await regionTo(page, list())
  await press(page, button(list(), 'More'), { back: true })
  await chooseItem(page, 'Import…')
  await typePath('Import connections', from)
  await page.getByText(/^1 added/).waitFor()
  await focused(button(list(), 'More'))
  await fill(page, page.getByRole('searchbox', { name: 'Search connections' }), 'imported', { back: true })
  await eventually(() => list().locator('[data-connection]').count()).toBe(1)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await press(page, button(list(), 'More'))
  await chooseItem(page, 'Export without secrets…')
  const to = join(folder, 'exported.json')
  await typePath('Export connections without secrets', to, 'Save')
  await page.getByText('Connections exported').waitFor()
  await focused(button(list(), 'More'))
  expect(JSON.parse(readFileSync(to, 'utf8'))).toHaveProperty('imported')
  await press(page, button(list(), 'Test given'))
  await page.getByText('given', { exact: true }).first().waitFor()
  await page
    .getByRole('alert')
    .getByText(/^Connected in/)
    .first()
    .waitFor()
  await focused(button(list(), 'Test given'))
})

test('how secrets are guarded is changed', async () => {
  await regionTo(page, list())
  await press(page, button(list(), 'Change…'))
  const dialog = page.getByRole('dialog', { name: 'How secrets are guarded' })
  await tabTo(page, dialog.getByRole('radio', { checked: true }))
  await chooseRadio(dialog.getByRole('radio', { name: 'A passphrase' }))
  const first = dialog.getByLabel('New passphrase', { exact: true })
  await fill(page, first, 'short')
  await page.keyboard.press('Enter')
  await dialog.getByText('Use at least 8 characters.').waitFor()
  await fill(page, first, 'long enough a phrase')
  await fill(page, dialog.getByLabel('The same again', { exact: true }), 'long enough a phrase')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Secrets: guarded by a passphrase').waitFor()
  await focused(button(list(), 'Change…'))
})
