import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp, type Server, startServer } from '../helpers/app.ts'
import { listen } from '../helpers/tls-proxy.ts'
import { cardOf, formOf, newForm } from './connections-page.ts'
import { command, fill, focused, hasFocus, press, regionTo, tabTo } from './keys.ts'

/** The rest of what is done with connections by the mouse in the specs of them, by keys alone: one test goes on where the other has ended. */
let server: Server
let app: App
let page: Page
const home = mkdtempSync(join(tmpdir(), 'sluice-e2e-keys-'))
beforeAll(async () => {
  server = await startServer({ home })
  app = await openApp({ server })
  page = app.page
  // The first pipeline opens by itself and would take the window back.
  await page.getByRole('tab').first().waitFor()
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)
const list = () => page.getByRole('region', { name: 'Connections' })
const field = (form: Locator, name: string) => form.getByRole('textbox', { name, exact: true })
const button = (within: Page | Locator, name: string | RegExp) =>
  within.getByRole('button', { name, exact: typeof name === 'string' })
const passphrase = 'long enough a phrase'
const unlocking = () => page.getByRole('dialog', { name: 'Unlock secrets' })

/** Begins a new connection with what a URL says of it. */
async function begin(url: string, host: string): Promise<Locator> {
  await command(page, 'new connection')
  const form = newForm(page)
  await focused(field(form, 'Paste a URL'))
  await page.keyboard.insertText(url)
  await page.keyboard.press('Enter')
  await eventually(() => field(form, 'Host').inputValue()).toBe(host)
  return form
}

/** Chooses among radio buttons by arrows. */
async function chooseRadio(radio: Locator): Promise<void> {
  for (let presses = 0; presses < 20 && !(await radio.isChecked()); presses++) await page.keyboard.press('ArrowRight')
  await eventually(() => radio.isChecked()).toBe(true)
}

/** Something has the focus, as one who works by keys needs. */
const somethingFocused = () => eventually(() => hasFocus(page.locator('main'))).toBe(true)

test('a test that hangs is stopped by the button and by Escape', async () => {
  const silent = createServer(() => undefined)
  const port = await listen(silent)
  const form = await begin(`postgres://etl@127.0.0.1:${port}/lake`, '127.0.0.1')
  await press(page, button(form, 'Test'))
  await form.getByRole('status').getByText('Connecting…').waitFor()
  await focused(button(form, 'Stop testing'))
  await page.keyboard.press('Enter')
  await button(form, 'Test').waitFor()
  await focused(button(form, 'Test'))
  await page.keyboard.press('Enter')
  await button(form, 'Stop testing').waitFor()
  await page.keyboard.press('Escape')
  await button(form, 'Test').waitFor()
  await focused(button(form, 'Test'))
  await page.keyboard.press('Escape')
  await press(page, button(page.getByRole('dialog', { name: 'Leave without saving?' }), 'Leave'))
  await form.waitFor({ state: 'detached' })
  await focused(list())
  silent.close()
})

test('a tunnel is set up, and its server that refuses is gone to', async () => {
  const form = await begin('postgres://etl:first-password@127.0.0.1:1/lake', '127.0.0.1')
  await fill(page, field(form, 'Name'), 'lake')
  await press(page, button(form, /^SSH tunnel/))
  await tabTo(page, form.getByRole('radiogroup', { name: 'SSH tunnel, logging in by' }))
  await chooseRadio(form.getByRole('radio', { name: 'Password' }))
  await fill(page, field(form, 'SSH host'), '127.0.0.1')
  await fill(page, field(form, 'SSH port'), '1')
  await fill(page, field(form, 'SSH user'), 'etl')
  await fill(page, form.getByLabel('SSH password', { exact: true }), 'second-password')
  await page.keyboard.press('Control+Enter')
  const saved = formOf(page, 'lake')
  const alert = saved.getByRole('alert')
  await alert.getByText('No SSH server listens there').waitFor()
  await focused(saved)
  await press(page, button(alert, 'Go to the field'))
  await focused(field(saved, 'SSH port'))
  await press(page, button(saved, /^SSH tunnel/), { back: true })
  await field(saved, 'SSH host').waitFor({ state: 'detached' })
  await saved.getByRole('button', { name: 'SSH tunnel By way of 127.0.0.1' }).waitFor()
})

test('secrets are unlocked by their passphrase after a restart', async () => {
  await regionTo(page, list())
  await press(page, button(list(), 'Change…'))
  const changing = page.getByRole('dialog', { name: 'How secrets are guarded' })
  await tabTo(page, changing.getByRole('radio', { checked: true }))
  await chooseRadio(changing.getByRole('radio', { name: 'A passphrase' }))
  await fill(page, changing.getByLabel('New passphrase', { exact: true }), passphrase)
  await fill(page, changing.getByLabel('The same again', { exact: true }), passphrase)
  await page.keyboard.press('Enter')
  await changing.waitFor({ state: 'detached' })
  await restart()
  await focused(unlocking().getByLabel('Passphrase', { exact: true }))
  await page.keyboard.type('another phrase')
  await page.keyboard.press('Enter')
  await unlocking().getByText('This is not the passphrase that guards the secrets.', { exact: false }).waitFor()
  await focused(unlocking().getByLabel('Passphrase', { exact: true }))
  await page.keyboard.press('Escape')
  await unlocking().waitFor({ state: 'detached' })
  await page.keyboard.press('Alt+c')
  await page.getByText('Secrets: guarded by a passphrase, locked').waitFor()
  await somethingFocused()
  await regionTo(page, list())
  await tabTo(page, cardOf(page, 'lake'))
  await page.keyboard.press('Enter')
  const form = formOf(page, 'lake')
  await form.getByRole('group', { name: 'Password', exact: true }).getByText('Set, locked').waitFor()
  await regionTo(page, form)
  await press(page, button(form, 'Test'))
  const remedy = button(form.getByRole('alert'), 'Unlock secrets…')
  await press(page, remedy, { back: true })
  await focused(unlocking().getByLabel('Passphrase', { exact: true }))
  await page.keyboard.press('Escape')
  await unlocking().waitFor({ state: 'detached' })
  await focused(remedy)
  await regionTo(page, list())
  await press(page, button(list(), 'Unlock…'))
  await focused(unlocking().getByLabel('Passphrase', { exact: true }))
  await page.keyboard.type(passphrase)
  await page.keyboard.press('Enter')
  await unlocking().waitFor({ state: 'detached' })
  await page.getByText('Secrets: guarded by a passphrase', { exact: true }).waitFor()
  await form.getByRole('group', { name: 'Password', exact: true }).getByText('Set', { exact: true }).waitFor()
  await focused(list())
})

/** Ends the server and starts it anew over the same workspace, with the window at what it showed. */
async function restart(): Promise<void> {
  await page.goto('about:blank')
  await server.stop()
  server = await startServer({ home })
  await page.goto(server.url)
}
