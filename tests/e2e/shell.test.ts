import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { openApp, startServer } from '../helpers/app.ts'
import { expectAccessible, filesPage } from './files-page.ts'
import { dragBefore } from './tabs-page.ts'

/** Opens the samples by name, each in a tab. */
async function openSamples(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) {
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: /Search commands/ }).fill('samples')
    await page.keyboard.press('Enter')
    await page
      .getByRole('dialog', { name: 'Samples' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click()
    await page.getByRole('tab', { name }).waitFor()
    await page.getByRole('dialog', { name: 'Samples' }).waitFor({ state: 'detached' })
  }
}

const width = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())?.width ?? 0

describe('tabs', () => {
  it('are gone through, put in order and closed with keys and mouse', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    await openSamples(page, 'Aircraft movements', 'Batches')
    expect(await files.tabs()).toEqual(['Airports', 'Aircraft movements', 'Batches'])
    const front = () => files.front()
    await page.keyboard.press('Alt+1')
    expect(await front()).toBe('Airports')
    await page.keyboard.press('Alt+PageDown')
    await expect.poll(front).toBe('Aircraft movements')
    await page.keyboard.press('Alt+PageUp')
    await page.keyboard.press('Alt+PageUp')
    await expect.poll(front).toBe('Batches')

    await dragBefore(page, files.tab('Batches'), files.tab('Airports'))
    await expect.poll(() => files.tabs()).toEqual(['Batches', 'Airports', 'Aircraft movements'])

    await files.tab('Airports').click({ button: 'middle' })
    await expect.poll(() => files.tabs()).toEqual(['Batches', 'Aircraft movements'])
    await files.tab('Batches').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Close others' }).click()
    await expect.poll(() => files.tabs()).toEqual(['Batches'])
    await files.tab('Batches').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('heading', { name: 'Recent' }).waitFor()
    expect(complaints).toEqual([])
  })
})

it('the middle button closes a tab and no more: text that is marked is not pasted into the pipeline behind it', async () => {
  await using app = await openApp()
  const { page, complaints } = app
  const files = filesPage(page)
  await files.startNew()
  await openSamples(page, 'Batches')
  await page.getByRole('searchbox', { name: 'Search nodes' }).fill('marked text')
  await page.keyboard.press('Control+a')
  await files.tab('Batches').click({ button: 'middle' })
  await expect.poll(() => files.front()).toBe('Untitled')
  await page.keyboard.press('Alt+n')
  await expect.poll(() => files.tabs()).toEqual(['Airports', 'Untitled', 'Untitled 2'])
  expect(complaints).toEqual([])
})

describe('regions', () => {
  it('are hidden by key and sized by their borders, and stay so in the next window', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sluice-e2e-shell-'))
    const server = await startServer({ home })
    try {
      await using app = await openApp({ server })
      const { page, complaints } = app
      const files = filesPage(page)
      await files.tab('Airports').waitFor()
      const canvas = '[data-canvas]'
      const before = await width(page, canvas)
      await page.keyboard.press('Control+b')
      await expect.poll(() => width(page, canvas)).toBeGreaterThan(before + 150)
      await page.keyboard.press('Control+Alt+b')
      await expect.poll(() => width(page, canvas)).toBeGreaterThan(before + 450)
      await page.keyboard.press('Control+b')
      await page.getByRole('button', { name: 'Inspector' }).click()
      await expect.poll(() => width(page, canvas)).toBe(before)

      const border = page.getByRole('separator').first()
      await border.focus()
      await page.keyboard.press('Shift+ArrowRight')
      await expect.poll(() => width(page, canvas)).toBe(before - 64)
      const box = await border.boundingBox()
      await page.mouse.move(box?.x ?? 0, 500)
      await page.mouse.down()
      await page.mouse.move((box?.x ?? 0) + 40, 500, { steps: 4 })
      await page.mouse.up()
      await expect.poll(() => width(page, canvas)).toBeLessThan(before - 90)
      const narrowed = await width(page, canvas)
      await page.keyboard.press('Control+j')

      await page.reload()
      await files.tab('Airports').waitFor()
      await expect.poll(() => width(page, canvas)).toBe(narrowed)
      expect(await page.getByRole('button', { name: 'Results' }).getAttribute('aria-pressed')).toBe('false')
      await page.getByRole('separator').first().dblclick()
      await expect.poll(() => width(page, canvas)).toBe(before)
      expect(complaints).toEqual([])
    } finally {
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    }
  })
})

describe('commands', () => {
  it('are found in the palette, together with pipelines and nodes', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    await openSamples(page, 'Batches')
    const search = page.getByRole('textbox', { name: /Search commands/ })
    const choose = async (words: string) => {
      await search.fill(words)
      await page.keyboard.press('Enter')
      await search.waitFor({ state: 'detached' })
    }
    await page.keyboard.press('F1')
    await choose('airports')
    await expect.poll(() => files.front()).toBe('Airports')
    await page.keyboard.press('Control+k')
    await choose('distance in')
    await page.locator('.react-flow__node.selected', { hasText: 'Distance in km' }).waitFor()
    await page.keyboard.press('Control+k')
    await choose('dark theme')
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
    expect(complaints).toEqual([])
  })

  it('are listed in the menu, greyed while they cannot be done', async () => {
    await using app = await openApp()
    const { page } = app
    await page.getByRole('tab', { name: 'Airports' }).waitFor()
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).hover()
    const undo = page.getByRole('menuitem', { name: /^Undo/ })
    await undo.waitFor()
    expect(await undo.isDisabled()).toBe(true)
    await page.getByRole('menuitem', { name: 'View' }).hover()
    await page.getByRole('menuitem', { name: /^Show or hide the results/ }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Results' }).getAttribute('aria-pressed')).toBe('false')
  })

  it('with shortcuts are on the key sheet, and what nodes do is in the help', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    await page.getByRole('tab', { name: 'Airports' }).waitFor()
    await page.locator('[data-canvas]').focus()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByRole('region', { name: 'File' }).getByText('Ctrl+S', { exact: true }).waitFor()
    // One line for all of them.
    expect(await sheet.getByText(/^Tab \d/).allTextContents()).toEqual(['Tab 1 to 9'])
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-canvas'))).toBe(true)
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: /Search commands/ }).fill('help on nodes')
    await page.keyboard.press('Enter')
    const help = page.getByRole('dialog', { name: 'Help on nodes' })
    await help.getByRole('textbox', { name: 'Search help' }).fill('refuses')
    await help.getByRole('button', { name: 'Load', exact: true }).click()
    await help.getByText('Rows into a table, all or nothing.').waitFor()
    expect(complaints).toEqual([])
  })
})

it('tells in the title which pipeline is in front and whether work is unsaved', async () => {
  await using app = await openApp()
  const { page } = app
  const files = filesPage(page)
  await files.tab('Airports').waitFor()
  await expect.poll(() => page.title()).toBe('Airports — Sluice')
  await files.add('limit')
  await expect.poll(() => page.title()).toBe('● Airports — Sluice')
})

it('keeps a fault of the engine from taking the window', async () => {
  await using app = await openApp()
  const { page, server } = app
  const files = filesPage(page)
  await files.tab('Airports').waitFor()
  await page.keyboard.press('Control+,')
  const pid = Number(await page.getByRole('definition').filter({ hasText: /^\d+$/ }).textContent())
  expect(pid).not.toBe(server.pid)
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(async () => Number(await page.getByRole('definition').filter({ hasText: /^\d+$/ }).textContent()))
    .not.toBe(pid)
  await page.keyboard.press('Alt+p')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('status').getByText('Done').waitFor()
})

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('every part of the window is accessible', async () => {
    await using app = await openApp({ context: { colorScheme } })
    const { page, complaints } = app
    const files = filesPage(page)
    const shown = async (name: string) => {
      await page.getByRole('dialog', { name }).waitFor()
      await expectAccessible(page, '[role="dialog"]')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name }).waitFor({ state: 'detached' })
    }
    await files.tab('Airports').waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: /Search commands/ }).waitFor()
    await expectAccessible(page, '[role="dialog"]')
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: /Search commands/ }).waitFor({ state: 'detached' })
    await page.locator('[data-canvas]').focus()
    await page.keyboard.press('?')
    await shown('Keyboard shortcuts')
    await page.keyboard.press('Control+o')
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Workspace' }).click()
    await page.getByRole('option', { name: /^samples folder/ }).waitFor()
    await shown('Open pipeline')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'File' }).hover()
    await page.getByRole('menuitem', { name: /^Samples/ }).click()
    await shown('Samples')
    await page.keyboard.press('Alt+w')
    await page.getByRole('heading', { name: 'Recent' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { name: 'About' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Help on nodes' }).click()
    await shown('Help on nodes')
    expect(complaints).toEqual([])
  })
})

describe('hints', () => {
  it('tell what an element does where the pointer rests or keys have come, until it is pressed', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const hint = page.getByRole('tooltip')
    const screens = page.getByRole('navigation', { name: 'Screens' })
    await screens.getByRole('button', { name: 'Query', exact: true }).hover()
    await expect.poll(() => hint.allTextContents()).toEqual(['Query Alt+Q'])
    await page.locator('[data-kind="join"]').hover()
    await expect.poll(() => hint.allTextContents()).toEqual(['Brings rows of two inputs together by equal keys.'])
    await page.mouse.down()
    await hint.waitFor({ state: 'detached' })
    await page.mouse.up()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Shift+Tab')
    await hint.getByText('Brings rows').waitFor()
    await page.keyboard.press('Escape')
    await hint.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })
})
