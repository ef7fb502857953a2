import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { openWorkbench } from './workbench-page.ts'

/** A window of 1440×900 at 200 %. */
const zoomed = { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const

/** Buttons and fields whose middle is outside the window or under something else, although nothing scrolls them there. */
const hidden = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role="toolbar"] button, nav button, header button, [role="tab"]')].flatMap(
      (part) => {
        const box = part.getBoundingClientRect()
        if (box.width === 0) return []
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
        const top = document.elementFromPoint(x, y)
        return top && (part.contains(top) || top.contains(part))
          ? []
          : [part.getAttribute('aria-label') ?? part.textContent]
      },
    ),
  )

it('shows every screen at 200 %, with nothing cut off or covered', async () => {
  await using app = await openApp({ context: zoomed })
  const { page, complaints } = app
  const check = async (screen: string) => {
    expect([screen, await hidden(page)]).toEqual([screen, []])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  await page.getByRole('tab', { name: 'Airports', selected: true }).waitFor()
  await page.keyboard.press('F5')
  await page.getByRole('status').getByText('Done').waitFor()
  await page.getByRole('gridcell').first().waitFor()
  await check('pipeline')
  const canvas = await page.locator('[data-canvas]').boundingBox()
  expect(canvas?.width).toBeGreaterThan(600)
  // Regions at the sides take turns, so that the canvas keeps its room.
  await page.getByRole('button', { name: 'Inspector', exact: true }).click()
  await page.getByRole('complementary', { name: 'Inspector' }).waitFor()
  await page.getByRole('button', { name: 'Palette', exact: true }).click()
  await page.getByRole('tab', { name: 'Nodes' }).waitFor()
  await page.getByRole('complementary', { name: 'Inspector' }).waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.getByRole('region', { name: 'Run', exact: true }).getByRole('table').waitFor()
  await check('runs')
  await page.getByRole('button', { name: 'Connections', exact: true }).click()
  await page.getByRole('button', { name: 'New connection' }).first().waitFor()
  await check('connections')
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await check('settings')
  // Back at 100 % the regions are as they were.
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('button', { name: 'Pipelines', exact: true }).click()
  await page.getByRole('complementary', { name: 'Inspector' }).waitFor()
  await page.getByRole('tab', { name: 'Nodes' }).waitFor()
  expect(complaints).toEqual([])
})

it('an editor and its names make the document no higher than the window', async () => {
  await using bench = await openWorkbench()
  const { page } = bench
  await bench.write('sel')
  await page.keyboard.press('Control+Space')
  await page.getByRole('option', { name: /^select/ }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0)
})
