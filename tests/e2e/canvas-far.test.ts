import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { type CanvasPage, openSample } from './canvas-page.ts'

/** Zooms out as far as it goes. */
async function goFar(page: Page, canvas: CanvasPage): Promise<void> {
  await canvas.canvas.focus()
  for (let step = 0; step < 20; step++) await page.keyboard.press('-')
  await page.getByRole('button', { name: 'Zoom 5 %, reset' }).waitFor()
}

/** The numbers in the path of each edge, in the document. */
const pathsOf = (canvas: CanvasPage) =>
  canvas
    .edges()
    .locator('.react-flow__edge-path')
    .evaluateAll((paths) => paths.map((path) => (path.getAttribute('d')?.match(/-?[\d.]+/g) ?? []).map(Number)))

it('draws edges from afar as it does near, where cards are only shapes and nothing can be connected', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const near = await pathsOf(canvas)
  expect(near.length).toBeGreaterThan(2)
  await goFar(page, canvas)
  const title = canvas.canvas.getByText('Airports', { exact: true })
  await title.waitFor({ state: 'detached' })
  await expect.poll(() => canvas.canvas.locator('.react-flow__handle').count()).toBe(0)
  // They are known by name all the same.
  expect(await canvas.card('Airports').count()).toBe(1)
  const far = await pathsOf(canvas)
  expect(far.map((numbers) => numbers.length)).toEqual(near.map((numbers) => numbers.length))
  for (const [index, numbers] of far.entries())
    for (const [at, number] of numbers.entries()) expect(Math.abs(number - (near[index]?.[at] ?? 0))).toBeLessThan(2)
  await page.getByRole('button', { name: 'Zoom 5 %, reset' }).click()
  await title.waitFor()
  await canvas.port('airports', 'out', 'source').waitFor()
  expect(complaints).toEqual([])
})

it('takes a name that is typed for a card which is far away, or out of sight', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  const rename = async (name: string) => {
    await page.keyboard.press('F2')
    await page.keyboard.type(name)
    await page.keyboard.press('Enter')
    await canvas.card(name).waitFor()
  }
  await canvas.card('Airports').click()
  await goFar(page, canvas)
  await rename('Landing places')
  const from = await canvas.at(300, 20)
  await canvas.dragBetween(from, { x: from.x + 900, y: from.y })
  await canvas.canvas.focus()
  await page.keyboard.press('Control+F')
  await page.keyboard.type('Landing')
  await page.keyboard.press('Enter')
  await rename('Places to land')
  expect(complaints).toEqual([])
})
