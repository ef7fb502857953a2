import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, it, onTestFinished } from 'vitest'
import { openApp } from '../helpers/app.ts'

/** Pictures of every screen, for people to look at and for the guide (`npm run pictures` copies those it shows). */
const folder = join('.cache', 'pictures')
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]

const screens: Record<string, (page: Page) => Promise<void>> = {
  editor: async (page) => {
    // By name, because the graph begins larger than the canvas.
    await page.keyboard.press('Control+f')
    await page.getByRole('combobox', { name: 'Find a node' }).fill('by airport')
    await page.keyboard.press('Enter')
    await page.getByText('303 rows', { exact: true }).waitFor()
    await page.getByRole('gridcell').first().waitFor()
  },
  profile: async (page) => {
    await page.getByRole('tab', { name: 'Profile' }).click()
    await page.getByRole('tabpanel', { name: 'Profile' }).getByText('distinct').first().waitFor()
  },
  lineage: async (page) => {
    await page.getByRole('tab', { name: 'Lineage' }).click()
    const panel = page.getByRole('tabpanel', { name: 'Lineage' })
    await panel.getByText('mean_km').first().click()
    await panel.getByText('latitude').first().waitFor()
  },
  sql: async (page) => {
    await page.getByRole('tab', { name: 'SQL', exact: true }).click()
    await page.getByRole('tabpanel', { name: 'SQL' }).getByText('SELECT').first().waitFor()
    await page.keyboard.press('Escape')
  },
  palette: async (page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
  },
  runs: async (page) => {
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Runs', exact: true }).click()
    await page.getByRole('region', { name: 'Run', exact: true }).getByRole('table').waitFor()
  },
  connections: async (page) => {
    await page.getByRole('button', { name: 'Connections', exact: true }).click()
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
  },
  query: async (page) => {
    await page.getByRole('button', { name: 'Query', exact: true }).click()
    await page.getByRole('textbox', { name: /sql/i }).first().waitFor()
  },
  settings: async (page) => {
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
  },
}

it.each(['light', 'dark'] as const)('every screen can be seen in the %s theme', async (colorScheme) => {
  await mkdir(folder, { recursive: true })
  const own = mkdtempSync(join(tmpdir(), 'sluice-pictures-'))
  onTestFinished(() => rmSync(own, { recursive: true, force: true }))
  await using app = await openApp({
    home: join(own, 'sluice'),
    env: { HOME: own },
    context: { colorScheme, reducedMotion: 'reduce' },
  })
  const { page, complaints } = app
  await page.getByRole('tab', { name: 'Airports', selected: true }).waitFor()
  await page.keyboard.press('F5')
  await page.getByRole('status').getByText('Done').waitFor()
  for (const [name, show] of Object.entries(screens)) {
    await show(page)
    // Names of buttons would lie over what is beside them.
    await page.mouse.move(720, 1)
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}.png`), animations: 'disabled' })
      // Nothing may be wider than the window: a bar below it would hide what is at the edge.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  expect(complaints).toEqual([])
})
