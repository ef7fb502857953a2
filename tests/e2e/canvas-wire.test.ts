import { expect, it } from 'vitest'
import { openEmpty } from './canvas-page.ts'

it('connects ports by dragging, refuses circles in words, and replaces the edge of a port that takes one', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(60, 100, 'rows')
  await canvas.addAt(60, 300, 'file')
  await canvas.addAt(320, 100, 'filter')
  await canvas.addAt(600, 100, 'sort')
  await canvas.wire('rows', 'out', 'filter', 'in')
  await canvas.edge('rows', 'filter').waitFor({ state: 'attached' })
  await canvas.wire('filter', 'rest', 'sort', 'in')
  await canvas.edge('filter', 'sort').getByText('rest').waitFor()

  await canvas.dragBetween(
    await canvas.centreOf(canvas.port('sort', 'out', 'source')),
    await canvas.centreOf(canvas.card('filter')),
  )
  await page.getByText('the edges would go in a circle').waitFor()
  expect(await canvas.edges().count()).toBe(2)

  await canvas.wire('file', 'out', 'filter', 'in')
  await canvas.edge('file', 'filter').waitFor({ state: 'attached' })
  expect(await canvas.edge('rows', 'filter').count()).toBe(0)
  await canvas.undo()
  await canvas.edge('rows', 'filter').waitFor({ state: 'attached' })
  expect(complaints).toEqual([])
})

it('reconnects the end of an edge, deletes it by key, and connects by order only', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(60, 100, 'rows')
  await canvas.addAt(360, 60, 'sort')
  await canvas.addAt(360, 240, 'distinct')
  await canvas.wire('rows', 'out', 'sort', 'in')
  const end = canvas.edge('rows', 'sort').locator('.react-flow__edgeupdater-target')
  await canvas.dragBetween(await canvas.centreOf(end), await canvas.centreOf(canvas.port('distinct', 'in', 'target')))
  await canvas.edge('rows', 'distinct').waitFor({ state: 'attached' })
  expect(await canvas.edges().count()).toBe(1)

  const path = await canvas.edge('rows', 'distinct').locator('path').first().boundingBox()
  await page.mouse.click((path?.x ?? 0) + (path?.width ?? 0) / 2, (path?.y ?? 0) + (path?.height ?? 0) / 2)
  await page.keyboard.press('Delete')
  await expect.poll(() => canvas.edges().count()).toBe(0)

  await canvas.card('sort').hover()
  await canvas.wire('sort', 'after', 'distinct', 'after')
  const order = canvas.edge('sort', 'distinct')
  await order.waitFor({ state: 'attached' })
  expect(await order.locator('[data-order]').count()).toBe(1)
  await page.keyboard.down('Alt')
  await canvas.wire('rows', 'out', 'distinct', 'in')
  await page.keyboard.up('Alt')
  await canvas.edge('rows', 'distinct').waitFor({ state: 'attached' })
  expect(await canvas.canvas.locator('[data-order]').count()).toBe(2)
  expect(complaints).toEqual([])
})

it('connects by keyboard alone', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.addAt(60, 100, 'join')
  await canvas.addAt(60, 300, 'rows')
  await canvas.card('rows').waitFor()
  await page.keyboard.press('c')
  await page.getByRole('combobox', { name: 'Connect to' }).fill('join')
  await page.getByRole('option', { name: /join · right/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await canvas.edge('rows', 'join').waitFor({ state: 'attached' })
  await canvas.canvas.getByRole('article', { name: /Nothing is connected to left/ }).waitFor()
  await page.keyboard.press('Shift+C')
  await page.getByRole('combobox', { name: 'Run after it' }).press('Enter')
  await expect.poll(() => canvas.edges().count()).toBe(2)
  expect(complaints).toEqual([])
})
