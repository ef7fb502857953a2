import { expect, it } from 'vitest'
import { faults } from '../helpers/axe.ts'
import { openEmpty, openSample } from './canvas-page.ts'

it('undoes and does again: a drag, a deletion with its edges, an arrangement are one step each', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const tab = page.getByRole('tab', { name: /^Airports/ })
  const card = canvas.card('Flights per route')
  const before = await canvas.centreOf(card)
  await canvas.dragBetween(before, { x: before.x, y: before.y + 100 })
  await expect.poll(async () => Math.round((await canvas.centreOf(card)).y - before.y)).toBeGreaterThan(60)
  await expect
    .poll(() => tab.getAttribute('aria-label').then(async (label) => label ?? (await tab.textContent())))
    .toMatch(/unsaved|●/i)

  const edges = await canvas.edges().count()
  await page.keyboard.press('Delete')
  await expect.poll(() => canvas.cards().count()).toBe(10)
  expect(await canvas.edges().count()).toBe(edges - 1)
  const source = await canvas.centreOf(canvas.card('Airports'))
  await page.keyboard.press('l')
  await expect.poll(() => canvas.centreOf(canvas.card('Airports'))).not.toEqual(source)
  await canvas.undo()
  await canvas.undo()
  await card.waitFor()
  expect(await canvas.edges().count()).toBe(edges)
  await canvas.undo()
  await expect.poll(() => page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true)
  await expect.poll(() => tab.textContent()).not.toMatch(/unsaved|●/i)
  for (let step = 0; step < 3; step++) await canvas.redo()
  await expect.poll(() => canvas.cards().count()).toBe(10)
  await expect.poll(() => page.getByRole('button', { name: 'Redo' }).isDisabled()).toBe(true)
  expect(complaints).toEqual([])
})

it('renames, disables and enables by keyboard', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(100, 120, 'rows')
  await canvas.card('rows').waitFor()
  await page.keyboard.press('F2')
  await canvas.canvas.getByRole('textbox', { name: 'Name' }).fill('Daily orders')
  await page.keyboard.press('Enter')
  await canvas.card('Daily orders').waitFor()
  await page.keyboard.press('F2')
  await canvas.canvas.getByRole('textbox', { name: 'Name' }).fill('Nothing of this stays')
  await page.keyboard.press('Escape')
  await canvas.card('Daily orders').waitFor()
  await page.keyboard.press('d')
  await canvas.canvas.getByRole('article', { name: 'Daily orders, Rows, Disabled' }).waitFor()
  await page.keyboard.press('d')
  await canvas.canvas.getByRole('article', { name: 'Daily orders, Rows, Ready' }).waitFor()
  expect(complaints).toEqual([])
})

it('says on the card what is missing, in words', async () => {
  await using app = await openEmpty()
  const { canvas, complaints } = app
  await canvas.addAt(100, 120, 'query')
  await canvas.canvas.getByRole('article', { name: 'query, Query, Incomplete, Connection is not set.' }).waitFor()
  await canvas.canvas.getByText('Connection is not set.').waitFor()
  await canvas.addAt(400, 120, 'limit')
  await canvas.canvas.getByRole('article', { name: 'limit, Limit, Incomplete, No rows arrive yet.' }).waitFor()
  expect(complaints).toEqual([])
})

it('walks the graph with arrows and moves cards with them', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const active = () => canvas.canvas.getAttribute('aria-activedescendant')
  await canvas.canvas.focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowRight')
  await expect.poll(active).toBe('card-airports')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect.poll(active).toBe('card-routes')
  await page.keyboard.press('ArrowRight')
  await expect.poll(active).toBe('card-origins')
  const before = await canvas.centreOf(canvas.card('Where from'))
  // Keys are one step while they follow soon on each other, which a busy machine would not make them do.
  await page.clock.setFixedTime(new Date())
  for (let step = 0; step < 5; step++) await page.keyboard.press('Control+ArrowDown')
  await expect.poll(async () => (await canvas.centreOf(canvas.card('Where from'))).y).toBeGreaterThan(before.y + 50)
  // Another node is another step, however soon it is moved.
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Control+ArrowUp')
  const moved = await canvas.centreOf(canvas.card('Where from'))
  await canvas.undo()
  expect(await canvas.centreOf(canvas.card('Where from'))).toEqual(moved)
  await canvas.undo()
  await expect.poll(async () => Math.round((await canvas.centreOf(canvas.card('Where from'))).y - before.y)).toBe(0)
  await page.keyboard.press('Escape')
  await expect.poll(active).toBeNull()
  expect(complaints).toEqual([])
})

it('finds a node and jumps to it', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  await canvas.canvas.focus()
  await page.keyboard.press('Control+F')
  await page.getByRole('combobox', { name: 'Find a node' }).fill('busiest')
  await page.getByRole('option', { name: /^The busiest ten busiest/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => canvas.canvas.getAttribute('aria-activedescendant')).toMatch(/^card-(busiest|ranked)$/)
  const [box, card] = [await canvas.canvas.boundingBox(), canvas.canvas.locator('.react-flow__node.selected')]
  await expect
    .poll(async () => Math.abs((await canvas.centreOf(card)).x - (box?.x ?? 0) - (box?.width ?? 0) / 2))
    .toBeLessThan(20)
  expect(complaints).toEqual([])
})

it('arranges, aligns, fits and zooms', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const zoom = page.getByRole('button', { name: /^Zoom .*reset$/ })
  await canvas.canvas.focus()
  await page.keyboard.press('0')
  await expect.poll(async () => Number.parseInt((await zoom.textContent()) ?? '', 10)).toBeLessThan(60)
  await expect.poll(() => canvas.cards().count()).toBe(11)
  await page.keyboard.press('1')
  await page.getByRole('button', { name: 'Zoom 100 %, reset' }).waitFor()

  await page.keyboard.press('0')
  await page.keyboard.press('l')
  const between = async (left: string, right: string) =>
    (await canvas.centreOf(canvas.card(right))).x - (await canvas.centreOf(canvas.card(left))).x
  await expect.poll(() => between('Names and places', 'Where from')).toBeGreaterThan(0)
  await expect.poll(() => between('Where from', 'Where to')).toBeGreaterThan(0)
  await canvas.card('Airports').click()
  await canvas.card('Flights per route').click({ modifiers: ['Shift'] })
  await canvas.card('Flights per route').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Align left' }).click()
  await expect
    .poll(async () =>
      Math.round(
        (await canvas.centreOf(canvas.card('Airports'))).x -
          (await canvas.centreOf(canvas.card('Flights per route'))).x,
      ),
    )
    .toBe(0)
  const minimap = page.getByRole('img', { name: 'Minimap' })
  await minimap.waitFor()
  await canvas.canvas.focus()
  await page.keyboard.press('m')
  await expect.poll(() => minimap.count()).toBe(0)
  expect(complaints).toEqual([])
})

it('keeps notes and groups', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(120, 120, 'rows')
  await canvas.addAt(120, 240, 'file')
  await canvas.card('file').waitFor()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+G')
  await canvas.canvas.getByRole('textbox', { name: 'Title' }).fill('What comes in')
  await page.keyboard.press('Enter')
  const frame = canvas.canvas.getByRole('figure', { name: 'Group What comes in' })
  await frame.waitFor()
  const before = await canvas.centreOf(canvas.card('rows'))
  const title = await canvas.centreOf(canvas.canvas.getByText('What comes in'))
  await canvas.dragBetween(title, { x: title.x + 100, y: title.y })
  await expect
    .poll(async () => Math.round((await canvas.centreOf(canvas.card('rows'))).x - before.x))
    .toBeGreaterThan(60)
  await canvas.undo()
  await expect.poll(async () => Math.round((await canvas.centreOf(canvas.card('rows'))).x - before.x)).toBe(0)

  const corner = await canvas.at(500, 100)
  await page.mouse.move(corner.x, corner.y)
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Text of the note' }).fill('Ask Ana about March')
  await page.keyboard.press('Escape')
  const note = canvas.canvas.getByRole('article', { name: 'Note: Ask Ana about March' })
  await note.waitFor()
  const size = await note.boundingBox()
  const handle = await canvas.centreOf(note.locator('.react-flow__resize-control.handle.bottom.right'))
  await canvas.dragBetween(handle, { x: handle.x + 60, y: handle.y + 40 })
  await expect
    .poll(async () => Math.round(((await note.boundingBox())?.width ?? 0) - (size?.width ?? 0)))
    .toBeGreaterThan(30)
  await canvas.undo()
  await expect.poll(async () => Math.round(((await note.boundingBox())?.width ?? 0) - (size?.width ?? 0))).toBe(0)
  await page.keyboard.press('Delete')
  await expect.poll(() => note.count()).toBe(0)

  await canvas.canvas.getByText('What comes in').click()
  await page.keyboard.press('Control+Shift+G')
  await expect.poll(() => frame.count()).toBe(0)
  expect(await canvas.cards().count()).toBe(2)
  expect(complaints).toEqual([])
})

it.each(['light', 'dark'] as const)('can be used by everyone in the %s theme', async (colorScheme) => {
  await using app = await openSample({ context: { colorScheme } })
  const { page, canvas, complaints } = app
  await canvas.canvas.focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowRight')
  const serious = (left: string) =>
    faults(page, '[data-canvas]', '[aria-label="Canvas view"]', '[role="tablist"][aria-label="Left panel"]', left)
  expect(await serious('[aria-label="Sources"]')).toEqual([])
  await page.keyboard.press('Tab')
  await page.getByRole('combobox', { name: 'Add a node' }).waitFor()
  const menu = ['combobox', 'listbox'].map((role) => `[role="${role}"][aria-label="Add a node"]`)
  expect(await faults(page, ...menu)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Outline' }).click()
  await page.getByRole('list', { name: 'Nodes in the order they run' }).waitFor()
  expect(await serious('[aria-label="Nodes in the order they run"]')).toEqual([])
  expect(complaints).toEqual([])
})
