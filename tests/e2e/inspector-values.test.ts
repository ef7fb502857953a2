import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectAccessible } from './files-page.ts'
import { openShop } from './inspector-page.ts'

const api = {
  parameters: [{ name: 'since', type: 'date', default: '2026-01-01' }],
  nodes: { api: { kind: 'http', config: { method: 'POST', url: 'http://127.0.0.1:9/orders' } } },
}

it('shows what each input gives to a union, by name and by position', async () => {
  const part = (columns: object[], rows: unknown[][]) => ({ kind: 'rows', config: { columns, rows } })
  await using opened = await openShop({
    nodes: {
      north: part(
        [
          { name: 'id', type: 'int64' },
          { name: 'amount', type: 'int64' },
        ],
        [[1, 2]],
      ),
      south: part(
        [
          { name: 'Amount', type: 'text' },
          { name: 'id', type: 'int64' },
          { name: 'note', type: 'text' },
        ],
        [],
      ),
      all: { kind: 'union', config: {} },
    },
    edges: [
      { from: 'north', to: 'all' },
      { from: 'south', to: 'all' },
    ],
  })
  const { inspector, app } = opened
  await inspector.pick('all')
  const table = inspector.panel.getByRole('table', { name: 'What each input gives' })
  const lines = () => table.getByRole('row').allInnerTexts()
  const told = async () => (await lines()).map((line) => line.split(/\s+/).filter((text) => text !== ''))
  await expect.poll(told).toEqual([
    ['Column', 'north', 'south'],
    ['id', 'int64', 'int64'],
    ['amount', 'int64', 'text'],
    ['note', 'NULL', 'text'],
  ])
  await table.getByRole('img', { name: 'Different kinds of values: int64, text.' }).waitFor()
  await inspector.panel.getByText('3, 1 with gaps, 1 clash').waitFor()
  await expectAccessible(app.page, 'aside[aria-label="Inspector"]')
  await inspector.field('Match columns').click()
  await inspector.option('By position').click()
  await expect.poll(told).toEqual([
    ['Column', 'north', 'south'],
    ['id', 'id', 'int64', 'Amount', 'text'],
    ['amount', 'amount', 'int64', 'id', 'int64'],
    ['note', 'missing', 'note', 'text'],
  ])
  expect(app.complaints).toEqual([])
})

it('offers secrets by name, and saves one on the spot without ever showing it', async () => {
  await using opened = await openShop(api)
  const { inspector, app, folder } = opened
  const { page } = app
  await inspector.pick('api')
  await inspector.panel.getByRole('button', { name: 'Add header' }).click()
  await inspector.field('Headers 1, name').fill('Authorization')
  await inspector.field('Headers 1, kind').click()
  await inspector.option('Secret').click()
  await inspector.field('Headers 1, name of the secret').fill('shop_token')
  await inspector.panel.getByText('Not kept in this workspace').waitFor()
  await inspector.panel.getByRole('button', { name: 'Save it…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save a secret' })
  await dialog.getByLabel('Secret', { exact: true }).fill('canary-of-a-token')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await inspector.panel.getByText(/^Kept since/).waitFor()
  await inspector.field('Headers 1, name of the secret').fill('')
  await inspector.option('shop_token').click()
  await inspector.panel.getByText(/^Kept since/).waitFor()
  await page.keyboard.press('Control+s')
  const saved = async () => JSON.parse(await readFile(join(folder, 'shop.pipeline.json'), 'utf8')).nodes.api.config
  await expect.poll(saved).toMatchObject({ headers: { Authorization: { secret: 'shop_token' } } })
  expect(await page.content()).not.toContain('canary-of-a-token')
  expect(app.complaints).toEqual([])
})

it('edits a nested body as JSON: marks what is wrong, and offers parameters there and in the address', async () => {
  await using opened = await openShop(api)
  const { inspector, app, folder } = opened
  const { page } = app
  const { panel } = inspector
  await inspector.pick('api')
  await panel.getByText('JSON', { exact: true }).first().click()
  const body = inspector.code('Body')
  await body.click()
  await page.keyboard.insertText('{"filter": {"day": "')
  await page.keyboard.type('{{si')
  await inspector.option(/since/).click()
  await panel.getByText(/does not end/).waitFor()
  await panel.locator('.cm-lintRange-error').first().waitFor()
  await page.keyboard.insertText('"}}')
  await panel.getByText(/does not end/).waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+s')
  const saved = async () => JSON.parse(await readFile(join(folder, 'shop.pipeline.json'), 'utf8')).nodes.api.config
  await expect.poll(saved).toMatchObject({ body: { filter: { day: '{{since}}' } } })
  const address = inspector.field('Address')
  await address.click()
  await page.keyboard.press('End')
  await page.keyboard.type('?since={{')
  await inspector.option(/since/).click()
  await expect.poll(() => address.inputValue()).toBe('http://127.0.0.1:9/orders?since={{since}}')
  expect(app.complaints).toEqual([])
})
