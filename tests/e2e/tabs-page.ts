import type { Locator, Page } from 'playwright'

/** Drags a tab before another one, by the mouse. */
export async function dragBefore(page: Page, tab: Locator, other: Locator): Promise<void> {
  const [from, to] = [await tab.boundingBox(), await other.boundingBox()]
  if (!from || !to) throw new Error('The tabs are not shown.')
  await page.mouse.move(from.x + 20, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(to.x + 30, to.y + 10, { steps: 5 })
  await page.mouse.move(to.x + 4, to.y + 10, { steps: 5 })
  await page.mouse.up()
}
