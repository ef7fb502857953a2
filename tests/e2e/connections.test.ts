import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { listen } from '../helpers/tls-proxy.ts'
import { cardOf, formOf, newForm, openConnections, saveConnection } from './connections-page.ts'
import { openPipeline } from './open.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'sluice-e2e-connections-'))

function newDatabase(): string {
  const file = join(newFolder(), 'shop.db')
  const database = new DatabaseSync(file)
  database.exec('create table orders (id integer)')
  database.close()
  return file
}

describe('with the mouse', () => {
  it('a connection is made from a URL, saved and tested', async () => {
    await using app = await openConnections()
    const { page, complaints } = app
    await page.getByRole('button', { name: 'New connection' }).first().click()
    const form = newForm(page)
    await form.getByRole('textbox', { name: 'Paste a URL' }).fill(`sqlite:${newDatabase()}`)
    await form.getByRole('textbox', { name: 'Name' }).fill('shop')
    await expect.poll(() => form.getByRole('textbox', { name: 'Database file' }).inputValue()).toMatch(/shop\.db$/)
    await form.getByRole('radio', { name: 'Green' }).check({ force: true })
    await form.getByRole('button', { name: 'Save and test' }).click()
    await formOf(page, 'shop')
      .getByRole('status')
      .getByText(/Connected to SQLite 3\.\d+.* in \d+/)
      .waitFor()
    await cardOf(page, 'shop').getByText('Unused').waitFor()
    expect(complaints).toEqual([])
  })

  it('a URL fills the fields of a server, and leaves the page with its password', async () => {
    await using app = await openConnections()
    const { page, complaints } = app
    await page.getByRole('button', { name: 'New connection' }).first().click()
    const form = newForm(page)
    await form
      .getByRole('textbox', { name: 'Paste a URL' })
      .fill('postgres://etl:hunter2hunter2@db.example.com:6432/lake?sslmode=require&application_name=nightly')
    await page.keyboard.press('Enter')
    const value = (name: string) => form.getByRole('textbox', { name, exact: true }).inputValue()
    await expect.poll(() => value('Host')).toBe('db.example.com')
    expect([await value('Port'), await value('Database'), await value('User')]).toEqual(['6432', 'lake', 'etl'])
    expect(await value('Paste a URL')).toBe('')
    await form.getByRole('button', { name: /Encryption.*Required, certificate not checked/ }).waitFor()
    await form
      .getByRole('button', { name: /Driver options/ })
      .getByText('application_name')
      .waitFor()
    await form
      .getByRole('textbox', { name: 'Paste a URL' })
      .fill('"jdbc:postgresql://other.example.com/lake?user=etl&channel_binding=require&currentSchema=raw"')
    await page.keyboard.press('Enter')
    await form.getByText('Left out, as it has no meaning here: channel_binding, currentSchema.').waitFor()
    expect(await value('Host')).toBe('other.example.com')
    await form.getByRole('textbox', { name: 'Paste a URL' }).fill('oracle://x')
    await page.keyboard.press('Enter')
    await form.getByText('The connection URL names no database that Sluice knows.', { exact: false }).waitFor()
    expect(complaints).toEqual([])
  })

  it('the name of a production connection is typed before it goes', async () => {
    await using app = await openConnections()
    const { page, complaints } = app
    await saveConnection(page, 'lake', 'postgres://etl@db.example.com/lake', 'Production')
    await cardOf(page, 'lake').getByText('Production').waitFor()
    await page.getByRole('button', { name: 'Actions for lake' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete lake?' })
    const gone = dialog.getByRole('button', { name: 'Delete' })
    expect(await gone.isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Type lake to delete it' }).fill('lak')
    expect(await gone.isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Type lake to delete it' }).fill('lake')
    await gone.click()
    await cardOf(page, 'lake').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('a file is picked, and an empty database made', async () => {
    await using app = await openConnections()
    const { page, complaints } = app
    const file = newDatabase()
    await page.getByRole('button', { name: 'New connection' }).first().click()
    const form = newForm(page)
    const typePath = async (dialogName: string, path: string, action: string) => {
      const dialog = page.getByRole('dialog', { name: dialogName })
      await dialog.getByRole('button', { name: 'Type a path' }).click()
      await dialog.getByRole('textbox', { name: 'Path', exact: true }).fill(path)
      await page.keyboard.press('Enter')
      if (action !== '') await dialog.getByRole('button', { name: action }).click()
      await dialog.waitFor({ state: 'hidden' })
    }
    await form.getByRole('button', { name: 'Browse…' }).click()
    await typePath('Pick a database', file, '')
    await expect.poll(() => form.getByRole('textbox', { name: 'Database file' }).inputValue()).toBe(file)
    const made = join(newFolder(), 'made.db')
    await form.getByRole('button', { name: 'Create new…' }).click()
    await typePath('Create a database', made, 'Save')
    await expect.poll(() => form.getByRole('textbox', { name: 'Database file' }).inputValue()).toBe(made)
    expect(readFileSync(made)).toHaveLength(0)
    await form.getByRole('button', { name: 'Test', exact: true }).click()
    await form.getByRole('status').getByText('Connected').waitFor()
    expect(complaints).toEqual([])
  })
})

describe('with the keyboard', () => {
  it('a connection is made, opened, renamed, duplicated and deleted', async () => {
    await using app = await openConnections()
    const { page, complaints } = app
    await page.getByRole('button', { name: 'New connection' }).first().focus()
    await page.keyboard.press('Enter')
    await newForm(page).waitFor()
    // The form begins in its first field.
    await page.keyboard.type(`sqlite:${newDatabase()}`)
    await page.keyboard.press('Tab')
    await page.keyboard.type('shop')
    await page.keyboard.press('Control+s')
    await formOf(page, 'shop').getByRole('status').getByText('Saved').waitFor()
    await page.keyboard.press('Control+Enter')
    await formOf(page, 'shop').getByRole('status').getByText('Connected').waitFor()
    await page.keyboard.press('Escape')
    await formOf(page, 'shop').waitFor({ state: 'detached' })
    await page.keyboard.press('F2')
    await page.getByRole('dialog', { name: 'Rename shop' }).waitFor()
    await page.keyboard.type('store')
    await page.keyboard.press('Enter')
    await cardOf(page, 'store').focus()
    await page.keyboard.press('Control+d')
    await formOf(page, 'store copy').waitFor()
    await cardOf(page, 'store').focus()
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-connection')))
      .toBe('store copy')
    await page.keyboard.press('Delete')
    const dialog = page.getByRole('dialog', { name: 'Delete store copy?' })
    await dialog.getByRole('button', { name: 'Delete' }).focus()
    await page.keyboard.press('Enter')
    await cardOf(page, 'store copy').waitFor({ state: 'detached' })
    await cardOf(page, 'store').waitFor()
    expect(complaints).toEqual([])
  })

  it('what is not saved is not lost unasked', async () => {
    await using app = await openConnections()
    const { page } = app
    await saveConnection(page, 'shop', `sqlite:${newDatabase()}`)
    const form = formOf(page, 'shop')
    await form.getByRole('textbox', { name: 'Name' }).fill('other')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click()
    expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('other')
  })
})

it('says on each field what is wrong with it', async () => {
  await using app = await openConnections()
  const { page, complaints } = app
  await saveConnection(page, 'taken', `sqlite:${newDatabase()}`)
  await page.getByRole('button', { name: 'New connection' }).first().click()
  const form = newForm(page)
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await form.getByText('Give the connection a name.').waitFor()
  await form.getByText('Pick a database file, or create a new one.').waitFor()
  await expect
    .poll(() => form.getByRole('textbox', { name: 'Name' }).evaluate((field) => field === document.activeElement))
    .toBe(true)
  await form.getByText('PostgreSQL', { exact: true }).click()
  await form.getByRole('textbox', { name: 'Name' }).fill('taken')
  await form.getByText('There is a connection "taken" already.').waitFor()
  await form.getByRole('textbox', { name: 'Host' }).fill('db.example.com:5432')
  await form.getByText('The port has a field of its own.').waitFor()
  await form.getByRole('textbox', { name: 'Port' }).fill('99999')
  await form.getByText('A port is a whole number from 1 to 65535.').waitFor()
  expect(complaints).toEqual([])
})

it('says what is wrong with a connection, where to look, and stops a test that hangs', async () => {
  await using app = await openConnections()
  const { page, complaints } = app
  const silent = createServer(() => undefined)
  const port = await listen(silent)
  await saveConnection(page, 'lake', `postgres://etl@127.0.0.1:${port}/lake`)
  const form = formOf(page, 'lake')
  await form.getByRole('button', { name: 'Test', exact: true }).click()
  await form.getByRole('status').getByText('Connecting…').waitFor()
  await form.getByRole('button', { name: 'Stop testing' }).click()
  await form.getByRole('button', { name: 'Test', exact: true }).waitFor()
  silent.close()
  await form.getByRole('textbox', { name: 'Host' }).fill('no-such-host.invalid')
  await form.getByRole('button', { name: 'Test', exact: true }).click()
  const alert = form.getByRole('alert')
  await alert.getByText('The host is unknown').waitFor()
  await alert.getByText('No server is known under the name no-such-host.invalid.').waitFor()
  await alert.getByRole('button', { name: 'Go to the field' }).click()
  await expect
    .poll(() => form.getByRole('textbox', { name: 'Host' }).evaluate((field) => field === document.activeElement))
    .toBe(true)
  expect(complaints).toEqual([])
})

it('tells who uses a connection, and opens the pipeline', async () => {
  await using app = await openConnections()
  const { page, complaints } = app
  await saveConnection(page, 'shop', `sqlite:${newDatabase()}`)
  await page.keyboard.press('Alt+p')
  const nodes = { orders: { kind: 'query', config: { connection: 'shop', sql: 'select * from orders' } } }
  await openPipeline(page, newFolder(), { name: 'Daily orders', nodes, edges: [] })
  await page.keyboard.press('Alt+c')
  await cardOf(page, 'shop').getByText('Used by 1 pipeline').waitFor()
  const form = formOf(page, 'shop')
  await page.getByRole('button', { name: 'Actions for shop' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete shop?' })
  await dialog.getByText('Daily orders').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await form.getByRole('region', { name: 'Used by' }).getByRole('button', { name: 'Daily orders' }).click()
  await page.getByRole('tab', { name: 'Daily orders', selected: true }).waitFor()
  expect(complaints).toEqual([])
})

it('lists what the environment and files define, to be read and tested', async () => {
  await using app = await openConnections({ env: { SLUICE_CONNECTION_SHOP: `sqlite:${newDatabase()}` } })
  const { page, complaints } = app
  const elsewhere = page.getByRole('region', { name: /^Defined elsewhere/ })
  await elsewhere.getByText('From the environment: SLUICE_CONNECTION_SHOP').waitFor()
  // Those of the sample that is open.
  await elsewhere.getByText('routes', { exact: true }).waitFor()
  await elsewhere.getByRole('button', { name: 'Test shop' }).click()
  await page.getByText(/^Connected in .* Version 3\./).waitFor()
  await page.getByRole('searchbox', { name: 'Search connections' }).fill('routes')
  await elsewhere.getByText('SLUICE_CONNECTION_SHOP').waitFor({ state: 'detached' })
  await page.getByRole('searchbox', { name: 'Search connections' }).fill('nothing of the kind')
  await page.getByText('No connection fits').waitFor()
  expect(complaints).toEqual([])
})

it('imports and exports by files', async () => {
  await using app = await openConnections()
  const { page, complaints } = app
  const folder = newFolder()
  const from = join(folder, 'connections.json')
  writeFileSync(from, JSON.stringify({ shop: 'sqlite:shop.db', odd: 'oracle://x' }))
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Import…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import connections' })
  await dialog.getByRole('button', { name: 'Type a path' }).click()
  await dialog.getByRole('textbox', { name: 'Path', exact: true }).fill(from)
  await page.keyboard.press('Enter')
  await cardOf(page, 'shop').waitFor()
  await page.getByText(/1 added; odd: /).waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Export without secrets…' }).click()
  const saving = page.getByRole('dialog', { name: 'Export connections without secrets' })
  await saving.getByRole('button', { name: 'Type a path' }).click()
  const to = join(folder, 'exported.json')
  await saving.getByRole('textbox', { name: 'Path', exact: true }).fill(to)
  await page.keyboard.press('Enter')
  await saving.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Connections exported').waitFor()
  expect(JSON.parse(readFileSync(to, 'utf8'))).toMatchObject({ shop: { file: join(folder, 'shop.db') } })
  expect(complaints).toEqual([])
})
