import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { openEmpty, openSample } from './canvas-page.ts'

/** Where the canvas stands. */
const view = (page: Page) => page.locator('.react-flow__viewport').getAttribute('style')
const done = (page: Page) => page.getByRole('status').getByText('Done').waitFor()

it('moves the view by dragging with Space, over cards as well, and changes nothing', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const from = await canvas.centreOf(canvas.card('Airports'))
  const before = await view(page)
  await page.mouse.move(from.x, from.y)
  await page.keyboard.down('Space')
  await canvas.dragBetween(from, { x: from.x + 60, y: from.y + 80 })
  await page.keyboard.up('Space')
  await expect.poll(() => view(page)).not.toBe(before)
  const after = await canvas.centreOf(canvas.card('Airports'))
  expect(Math.abs(after.x - from.x - 60)).toBeLessThan(8)
  expect(Math.abs(after.y - from.y - 80)).toBeLessThan(8)
  // Without Space the same drag moves the card, and is a change.
  await page.getByRole('tab', { name: 'Airports', exact: true }).waitFor()
  await canvas.dragBetween(after, { x: after.x + 40, y: after.y + 40 })
  await page.getByRole('tab', { name: 'Airports unsaved' }).waitFor()
  expect(complaints).toEqual([])
})

it('picks what a frame touches by dragging with Shift', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const first = await canvas.card('Airports').boundingBox()
  const last = await canvas.card('Flights per route').boundingBox()
  if (!first || !last) throw new Error('The cards cannot be seen.')
  await page.keyboard.down('Shift')
  await canvas.dragBetween({ x: first.x - 12, y: first.y - 12 }, { x: last.x + 20, y: last.y + last.height + 12 })
  await page.keyboard.up('Shift')
  await expect
    .poll(() => page.locator('.react-flow__node.selected').evaluateAll((cards) => cards.map((card) => card.dataset.id)))
    .toEqual(['airports', 'places', 'routes'])
  expect(complaints).toEqual([])
})

it('pastes nodes, a table and SQL from the menu and from the palette of commands', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  const put = (text: string) => page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  const fromMenu = async () => {
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByRole('menuitem', { name: /^Paste/ }).click()
  }
  await put('id\tname\n1\tAda\n2\tGrace')
  await fromMenu()
  await canvas.card('rows').waitFor()
  await put('select * from orders')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('textbox').fill('paste')
  await page.keyboard.press('Enter')
  await canvas.card('query').waitFor()
  await put(
    JSON.stringify({ sluice: 1, name: 'x', nodes: { kept: { kind: 'filter', config: { where: 'true' } } }, edges: [] }),
  )
  await fromMenu()
  await canvas.card('kept').waitFor()
  expect(await canvas.cards().count()).toBe(3)
  expect(complaints).toEqual([])
})

it('runs to a node, again from it, and everything anew by keys', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const card = (name: string, state: string) =>
    canvas.canvas.getByRole('article', { name: new RegExp(`^${name}, .*${state}`) })
  await canvas.card('Names and places').click()
  await page.keyboard.press('Shift+Enter')
  await done(page)
  await card('Names and places', 'Done').waitFor()
  await card('Where from', 'Skipped').waitFor()
  await page.keyboard.press('F5')
  await card('Where from', 'Done').waitFor()
  await card('Names and places', 'Kept').waitFor()
  // A run can begin only when the one before has ended.
  await done(page)
  await page.keyboard.press('Control+Shift+Enter')
  await card('Names and places', 'Done').waitFor()
  await card('Airports', 'Kept').waitFor()
  await done(page)
  await page.keyboard.press('Control+F5')
  await card('Airports', 'Done').waitFor()
  expect(complaints).toEqual([])
})

it('does again by Ctrl+Y, arranges what is picked, and opens the menu of a card by key', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  await canvas.card('Airports').click()
  await page.keyboard.press('Delete')
  await expect.poll(() => canvas.cards().count()).toBe(10)
  await canvas.undo()
  await expect.poll(() => canvas.cards().count()).toBe(11)
  await page.keyboard.press('Control+y')
  await expect.poll(() => canvas.cards().count()).toBe(10)
  await canvas.undo()
  await canvas.card('Airports').click()
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: /^Rename/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem', { name: /^Rename/ }).waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Shift+L')
  await page.getByRole('tab', { name: 'Airports unsaved' }).waitFor()
  expect(complaints).toEqual([])
})
