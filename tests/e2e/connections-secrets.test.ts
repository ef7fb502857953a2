import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { openApp, startServer } from '../helpers/app.ts'
import { cardOf, formOf, goToConnections, newForm, openConnections, saveConnection } from './connections-page.ts'

const canary = 'canary-7d21/"ß-word'
/** Every form in which it might get out. */
const forms = [canary, encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1), 'canary-7d21']
const shows = (text: string) => forms.filter((form) => text.includes(form))

/** Saves a connection whose password, SSH password and driver option are the canary. */
async function saveWithCanary(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New connection' }).first().click()
  const form = newForm(page)
  await form.getByRole('textbox', { name: 'Paste a URL' }).fill('postgres://etl@127.0.0.1:1/lake')
  await page.keyboard.press('Enter')
  await form.getByRole('textbox', { name: 'Name' }).fill('lake')
  await form.getByLabel('Password', { exact: true }).fill(canary)
  await form.getByRole('button', { name: /^SSH tunnel/ }).click()
  await form.getByRole('radiogroup', { name: 'SSH tunnel, logging in by' }).getByText('Password').click()
  await form.getByRole('textbox', { name: 'SSH host' }).fill('127.0.0.1')
  await form.getByRole('textbox', { name: 'SSH port' }).fill('1')
  await form.getByLabel('SSH password', { exact: true }).fill(canary)
  await form.getByRole('button', { name: /^Driver options/ }).click()
  await form.getByRole('button', { name: 'Add an option' }).click()
  await form.getByLabel('Option 1', { exact: true }).fill('sslpassword')
  await form.getByRole('textbox', { name: 'Value of option 1' }).fill(canary)
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await formOf(page, 'lake').getByRole('status').getByText('Saved').waitFor()
}

/** What the arguments of a process and of all it started say. */
function commandLines(pid: number): string {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${name}/stat`)
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isOurs = (id: number): boolean => id === pid || (parents.has(id) && isOurs(parents.get(id) ?? 0))
  return [...parents.keys()]
    .filter(isOurs)
    .map((id) => read(`/proc/${id}/cmdline`))
    .join('\n')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

it('a saved password leaves no trace in the page, what it hears, files, arguments and errors', async () => {
  await using app = await openConnections()
  const { page, server, complaints } = app
  const heard: string[] = []
  const said: string[] = []
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => heard.push(payload.toString()))
    socket.on('framesent', ({ payload }) => said.push(payload.toString()))
  })
  await page.reload()
  await goToConnections(page)
  await saveWithCanary(page)
  // It is told once, when it is saved.
  expect(shows(said.join('\n')).length).toBeGreaterThan(0)
  said.length = 0
  const form = formOf(page, 'lake')
  await form.getByRole('button', { name: 'Test', exact: true }).click()
  await form.getByRole('alert').getByText('No SSH server listens there').waitFor()
  await form.getByRole('button', { name: 'Replace password' }).waitFor()
  await page.getByRole('button', { name: 'Actions for lake' }).click()
  await page.getByRole('menuitem', { name: 'Test' }).click()
  await page.getByText('lake: No SSH server listens there').waitFor()
  const fields = await page.evaluate(() =>
    [...document.querySelectorAll('input, textarea')].map((field) => Reflect.get(field, 'value')).join('\n'),
  )
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  expect(shows(await page.content())).toEqual([])
  expect(shows(fields)).toEqual([])
  expect(shows(kept)).toEqual([])
  expect(shows(heard.join('\n'))).toEqual([])
  expect(shows(said.join('\n'))).toEqual([])
  expect(shows(commandLines(server.pid))).toEqual([])
  for (const name of readdirSync(server.home, { recursive: true, encoding: 'utf8' })) {
    const path = join(server.home, name)
    if (!statSync(path).isFile()) continue
    expect({ name, shown: shows(readFileSync(path, 'utf8')).concat(shows(read(path))) }).toEqual({ name, shown: [] })
  }
  expect(complaints).toEqual([])
})

it('a saved password is replaced and removed without being seen', async () => {
  await using app = await openConnections()
  const { page, complaints } = app
  await saveConnection(page, 'lake', 'postgres://etl:first-password@db.example.com/lake')
  const form = formOf(page, 'lake')
  const password = form.getByRole('group', { name: 'Password' })
  await password.getByText('Set').waitFor()
  await password.getByRole('button', { name: 'Replace password' }).click()
  await form.getByLabel('Password', { exact: true }).fill('second-password')
  await page.keyboard.press('Control+s')
  await password.getByText('Set').waitFor()
  await password.getByRole('button', { name: 'Remove password' }).click()
  await page.keyboard.press('Control+s')
  await form.getByRole('status').getByText('Saved').waitFor()
  expect(await form.getByLabel('Password', { exact: true }).inputValue()).toBe('')
  expect(complaints).toEqual([])
})

describe('how secrets are guarded', () => {
  const inHome = async (work: (home: string) => Promise<void>) => {
    const home = mkdtempSync(join(tmpdir(), 'sluice-e2e-vault-'))
    try {
      await work(home)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  }

  it('a passphrase is asked for after each start, and told when it is wrong', () =>
    inHome(async (home) => {
      {
        await using server = await startServer({ home })
        await using app = await openConnections({ server })
        const { page, complaints } = app
        await saveConnection(page, 'lake', 'postgres://etl:first-password@db.example.com/lake')
        await page.getByText('Secrets: guarded by a key file').waitFor()
        await page.getByRole('button', { name: 'Change…' }).click()
        const dialog = page.getByRole('dialog', { name: 'How secrets are guarded' })
        await dialog.getByRole('radio', { name: 'A passphrase' }).check()
        await dialog.getByLabel('New passphrase', { exact: true }).fill('short')
        await dialog.getByRole('button', { name: 'Change' }).click()
        await dialog.getByText('Use at least 8 characters.').waitFor()
        await dialog.getByLabel('New passphrase', { exact: true }).fill('long enough a phrase')
        await dialog.getByLabel('The same again', { exact: true }).fill('long enough a phrase')
        await page.keyboard.press('Enter')
        await page.getByText('Secrets: guarded by a passphrase').waitFor()
        expect(complaints).toEqual([])
      }
      await using server = await startServer({ home })
      await using app = await openApp({ server })
      const { page, complaints } = app
      const dialog = page.getByRole('dialog', { name: 'Unlock secrets' })
      await dialog.getByLabel('Passphrase', { exact: true }).fill('another phrase')
      await page.keyboard.press('Enter')
      await dialog.getByText('This is not the passphrase that guards the secrets.', { exact: false }).waitFor()
      await dialog.getByRole('button', { name: 'Not now' }).click()
      await goToConnections(page)
      await page.getByText('Secrets: guarded by a passphrase, locked').waitFor()
      await cardOf(page, 'lake').click()
      await formOf(page, 'lake').getByText('Set, locked').waitFor()
      await formOf(page, 'lake').getByRole('button', { name: 'Test', exact: true }).click()
      await formOf(page, 'lake').getByRole('alert').getByRole('button', { name: 'Unlock secrets…' }).click()
      await dialog.getByLabel('Passphrase', { exact: true }).fill('long enough a phrase')
      await dialog.getByRole('button', { name: 'Unlock' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await page.getByText('Secrets: guarded by a passphrase', { exact: true }).waitFor()
      await formOf(page, 'lake').getByText('Set', { exact: true }).waitFor()
      expect(complaints).toEqual([])
    }))

  it('passwords of a session are asked for again after it', () =>
    inHome(async (home) => {
      {
        await using server = await startServer({ home })
        await using app = await openConnections({ server })
        const { page } = app
        await page.getByRole('button', { name: 'Change…' }).click()
        await page.getByRole('radio', { name: 'This session only' }).check()
        await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
        await page.getByText('Secrets: guarded by this session only', { exact: false }).waitFor()
        await saveConnection(page, 'lake', 'postgres://etl:first-password@db.example.com/lake')
      }
      await using server = await startServer({ home })
      await using app = await openConnections({ server })
      const { page, complaints } = app
      await cardOf(page, 'lake').getByText('Password wanted').waitFor()
      await cardOf(page, 'lake').click()
      const form = formOf(page, 'lake')
      await form.getByText('Gone with the last session').waitFor()
      await form.getByRole('button', { name: 'Enter password' }).click()
      await form.getByLabel('Password', { exact: true }).fill('first-password')
      await page.keyboard.press('Control+s')
      await form.getByRole('status').getByText('Saved').waitFor()
      await cardOf(page, 'lake').getByText('Password wanted').waitFor({ state: 'detached' })
      expect(complaints).toEqual([])
    }))
})
