import { expect, it } from 'vitest'
import { openEmpty, openSample } from './canvas-page.ts'

it('adds nodes from the palette by dragging, by double click and by keyboard', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.drag('Rows', 200, 120)
  await canvas.card('rows').waitFor()
  const box = await canvas.card('rows').boundingBox()
  const dropped = await canvas.at(200, 120)
  expect(Math.abs((box?.x ?? 0) + 90 - dropped.x)).toBeLessThan(21)
  expect(Math.abs((box?.y ?? 0) + 32 - dropped.y)).toBeLessThan(21)

  const palette = page.getByRole('tabpanel', { name: 'Nodes' })
  await palette.getByRole('searchbox', { name: 'Search nodes' }).fill('agg')
  expect(await palette.getByRole('button').count()).toBe(1)
  await palette.getByRole('button', { name: 'Aggregate' }).dblclick()
  await canvas.card('aggregate').waitFor()

  await palette.getByRole('searchbox', { name: 'Search nodes' }).fill('union')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await canvas.card('union').waitFor()
  expect(await canvas.cards().count()).toBe(3)
  expect(complaints).toEqual([])
})

it('searches and adds where one double-clicks, and by Tab, wired to what is picked', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(120, 160, 'rows')
  await canvas.card('rows').waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('combobox', { name: 'Add a node' }).fill('filt')
  const options = page.getByRole('listbox', { name: 'Add a node' }).getByRole('option')
  expect(await options.first().getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('Enter')
  await canvas.card('filter').waitFor()
  await canvas.edge('rows', 'filter').waitFor({ state: 'attached' })
  await canvas.undo()
  await expect.poll(() => canvas.cards().count()).toBe(1)
  expect(await canvas.edges().count()).toBe(0)
  await canvas.canvas.focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('combobox', { name: 'Add a node' }).count()).toBe(0)
  expect(complaints).toEqual([])
})

it('puts a node into the edge it is dropped on, from the palette and from the canvas', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(60, 120, 'rows')
  await canvas.addAt(560, 120, 'sort')
  await canvas.wire('rows', 'out', 'sort', 'in')
  await canvas.edge('rows', 'sort').waitFor({ state: 'attached' })

  const [from, to] = [
    await canvas.centreOf(canvas.port('rows', 'out', 'source')),
    await canvas.centreOf(canvas.port('sort', 'in', 'target')),
  ]
  const origin = await canvas.at(0, 0)
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
  await canvas.drag('Filter', middle.x - origin.x, middle.y - origin.y)
  await canvas.edge('rows', 'filter').waitFor({ state: 'attached' })
  await canvas.edge('filter', 'sort').waitFor({ state: 'attached' })
  expect(await canvas.edges().count()).toBe(2)
  await canvas.undo()
  await expect.poll(() => canvas.edges().count()).toBe(1)

  await canvas.addAt(320, 300, 'limit')
  await canvas.dragBetween(await canvas.centreOf(canvas.card('limit')), middle)
  await canvas.edge('rows', 'limit').waitFor({ state: 'attached' })
  await canvas.edge('limit', 'sort').waitFor({ state: 'attached' })
  await canvas.undo()
  await expect.poll(() => canvas.edges().count()).toBe(1)
  expect(await page.getByRole('article').count()).toBe(3)

  const edge = await canvas.edge('rows', 'sort').locator('path').first().boundingBox()
  await page.mouse.click((edge?.x ?? 0) + (edge?.width ?? 0) / 2, (edge?.y ?? 0) + (edge?.height ?? 0) / 2, {
    button: 'right',
  })
  await page.getByRole('menuitem', { name: 'Insert a node…' }).click()
  await page.getByRole('combobox', { name: 'Add a node' }).fill('distinct')
  await page.keyboard.press('Enter')
  await canvas.edge('rows', 'distinct').waitFor({ state: 'attached' })
  expect(complaints).toEqual([])
})

it('offers what fits where an edge is dropped, and wires it', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(100, 120, 'rows')
  await canvas.dragBetween(await canvas.centreOf(canvas.port('rows', 'out', 'source')), await canvas.at(420, 200))
  const field = page.getByRole('combobox', { name: 'Add a node' })
  await field.waitFor()
  expect(await page.getByRole('option', { name: /^Rows/ }).count()).toBe(0)
  await field.fill('join')
  await page.keyboard.press('Enter')
  await canvas.edge('rows', 'join').waitFor({ state: 'attached' })

  await canvas.dragBetween(await canvas.centreOf(canvas.port('join', 'right', 'target')), await canvas.at(150, 330))
  await field.fill('rows')
  await page.keyboard.press('Enter')
  await canvas.edge('rows_2', 'join').waitFor({ state: 'attached' })
  expect(await canvas.edges().count()).toBe(2)
  expect(complaints).toEqual([])
})

it('shows a sample with its rows along the edges', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await canvas.canvas.getByRole('article', { name: /^Names and places, Select, Done, 3,376 rows/ }).waitFor()
  await canvas.edge('airports', 'places').getByText('3,376').waitFor()
  await canvas.card('Names and places').click()
  await page.getByRole('tab', { name: 'Outline' }).click()
  const outline = page.getByRole('list', { name: 'Nodes in the order they run' })
  const names = await outline.getByRole('button').allTextContents()
  expect(names[0]).toContain('Airports')
  expect(names.findIndex((name) => name.startsWith('Where from'))).toBeGreaterThan(
    names.findIndex((name) => name.startsWith('Flights per route')),
  )
  await outline.getByRole('button', { name: /^Into the results/ }).click()
  await canvas.card('Into the results').waitFor()
  await expect.poll(() => canvas.canvas.getAttribute('aria-activedescendant')).toBe('card-to_results')
  expect(complaints).toEqual([])
})
