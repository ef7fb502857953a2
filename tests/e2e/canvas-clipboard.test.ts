import { expect, it } from 'vitest'
import { openEmpty, openSample } from './canvas-page.ts'

it('copies nodes and the edges between them as text, and pastes them under free ids', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  await canvas.card('Airports').click()
  await canvas.card('Names and places').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Control+C')
  const text = await canvas.copied()
  const copied = JSON.parse(text)
  expect(Object.keys(copied.nodes)).toEqual(['airports', 'places'])
  expect(copied.edges).toEqual([{ from: 'airports', to: 'places' }])

  const spot = await canvas.at(300, 420)
  await page.mouse.move(spot.x, spot.y)
  await page.keyboard.press('Control+V')
  await expect.poll(() => canvas.cards().count()).toBe(13)
  await canvas.edge('airports_2', 'places_2').waitFor({ state: 'attached' })
  const corner = await canvas.canvas.locator('[data-id="airports_2"]').boundingBox()
  expect(Math.abs((corner?.x ?? 0) - spot.x)).toBeLessThan(21)
  expect(Math.abs((corner?.y ?? 0) - spot.y)).toBeLessThan(21)
  await canvas.undo()
  await expect.poll(() => canvas.cards().count()).toBe(11)

  await canvas.card('Airports').click()
  await page.keyboard.press('Control+D')
  await expect.poll(() => canvas.cards().count()).toBe(12)
  await page.keyboard.press('Control+X')
  await expect.poll(() => canvas.cards().count()).toBe(11)
  await page.keyboard.press('Control+V')
  await expect.poll(() => canvas.cards().count()).toBe(12)
  expect(complaints).toEqual([])
})

it('makes a rows node of a table, a query of SQL, and a note of anything else', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.click(300, 60)
  await canvas.pasteText('id\tname\tamount\tday\n1\tAda\t12.50\t2026-01-31\n2\t"Grace\nHopper"\t7\t\n')
  await canvas.canvas.getByRole('article', { name: /^rows, Rows, Ready/ }).waitFor()
  await canvas.canvas.getByText('2 rows, id, name, amount, day').waitFor()
  await page.keyboard.press('Control+C')
  const { nodes } = JSON.parse(await canvas.copied())
  expect(nodes.rows.config.columns).toEqual([
    { name: 'id', type: 'int64' },
    { name: 'name', type: 'text' },
    { name: 'amount', type: 'decimal(18,2)' },
    { name: 'day', type: 'date' },
  ])
  expect(nodes.rows.config.rows[1]).toEqual([2, ['Grace', 'Hopper'].join('\n'), 7, null])

  await canvas.click(300, 300)
  await canvas.pasteText('-- the big ones\nselect *\nfrom orders\nwhere amount > 100')
  await canvas.card('query').waitFor()
  await canvas.click(300, 420)
  await canvas.pasteText('code\n7\n8\n9', '<table><tr><td>code</td></tr><tr><td>7</td></tr></table>')
  await canvas.canvas.getByText('3 rows, code').waitFor()
  await canvas.click(500, 60)
  await canvas.pasteText('Remember the milk')
  await canvas.canvas.getByRole('article', { name: 'Note: Remember the milk' }).waitFor()
  expect(complaints).toEqual([])
})

it('says why something that says it is a pipeline cannot be pasted', async () => {
  await using app = await openEmpty()
  const { page, canvas, complaints } = app
  await canvas.click(300, 60)
  await canvas.pasteText('{ "sluice": 99, "name": "From later", "nodes": {} }')
  await page.getByText('This cannot be pasted').waitFor()
  expect(await canvas.cards().count()).toBe(0)
  expect(complaints).toEqual([])
})
