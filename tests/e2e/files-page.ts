import type { Page } from 'playwright'
import { expect } from 'vitest'
import { faults } from '../helpers/axe.ts'

/** What a person does with files and tabs. */
export const filesPage = (page: Page) => ({
  tab: (name: string) => page.getByRole('tab', { name }),
  tabs: () => page.getByRole('tablist', { name: 'Open pipelines' }).getByRole('tab').allTextContents(),
  /** The name on the tab in front. */
  front: () => page.getByRole('tablist', { name: 'Open pipelines' }).getByRole('tab', { selected: true }).textContent(),
  canvas: page.locator('[data-canvas]'),
  card: (name: string) => page.locator('.react-flow__node', { hasText: name }),

  /** Opens a file through the dialog in the page, by typing its path. */
  async open(path: string) {
    await page.keyboard.press('Control+o')
    await page.getByRole('listbox', { name: 'Files and folders' }).waitFor()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Path' }).fill(path)
    await page.keyboard.press('Enter')
  },

  /** Opens a pipeline with nothing in it, once the window has opened what it opens by itself. */
  async startNew() {
    await page.getByRole('tab', { name: 'Airports' }).waitFor()
    await page.keyboard.press('Alt+n')
    await page.getByRole('tab', { name: 'Untitled' }).waitFor()
  },

  /** Adds a node of a kind in the middle of the canvas, behind the picked one. */
  async add(kind: string) {
    await page.locator('[data-canvas]').focus()
    await page.keyboard.press('Tab')
    await page.getByRole('combobox', { name: /add/i }).fill(kind)
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: /add/i }).waitFor({ state: 'detached' })
  },
})

/** No serious fault of accessibility in what is shown now, or in a part of it. */
export async function expectAccessible(page: Page, part = 'body'): Promise<void> {
  expect(await faults(page, part)).toEqual([])
}
