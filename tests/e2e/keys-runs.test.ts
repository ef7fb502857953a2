import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type App, openApp } from '../helpers/app.ts'
import { chooseItem, command, fill, focused, openByKeys, press, regionTo, tabTo } from './keys.ts'
import { failing, numbers, slow } from './runs-pipelines.ts'

/** What is done with runs by the mouse in runs.test.ts, by keys alone. */
const pipelines = {
  Asking: {
    parameters: [{ name: 'least', type: 'int', min: 1 }],
    nodes: { rows: numbers, big: { kind: 'filter', config: { where: 'n >= :least' } } },
    edges: [{ from: 'rows', to: 'big' }],
  },
  Failing: failing,
  Unfinished: {
    nodes: { rows: numbers, first: { kind: 'limit', config: {} } },
    edges: [{ from: 'rows', to: 'first' }],
  },
  Slow: slow,
}

let app: App
let page: Page
beforeAll(async () => {
  app = await openApp()
  page = app.page
  await page.getByRole('tab', { name: 'Airports', selected: true }).waitFor()
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
})
beforeEach(() => page.keyboard.press('Alt+p'))

async function open(name: keyof typeof pipelines): Promise<void> {
  const path = join(app.server.home, `${name.toLowerCase()}.pipeline.json`)
  await writeFile(path, JSON.stringify({ sluice: 1, name, ...pipelines[name] }))
  await openByKeys(page, path)
  await page.getByRole('tab', { name, exact: true, selected: true }).waitFor()
  await regionTo(page, canvas())
}

const canvas = () => page.getByRole('application', { name: 'Canvas' })
const state = (word: string) => page.getByRole('toolbar', { name: 'Pipeline' }).getByRole('status').getByText(word)
const button = (name: string) => page.getByRole('button', { name, exact: true })
const list = () => page.getByRole('region', { name: 'Runs', exact: true })
const pane = () => page.getByRole('region', { name: 'Run', exact: true })

test('parameters are asked for and checked, and can be changed for later runs', async () => {
  await open('Asking')
  await page.keyboard.press('F5')
  const dialog = page.getByRole('dialog', { name: 'Values of parameters' })
  await focused(dialog.getByLabel('least'))
  await page.keyboard.type('many')
  await page.keyboard.press('Enter')
  await dialog.getByText('"many" is no int').waitFor()
  await fill(page, dialog.getByLabel('least'), '2')
  await page.keyboard.press('Enter')
  await state('Done').waitFor()
  await focused(canvas())
  await command(page, 'values of parameters')
  await fill(page, dialog.getByLabel('least'), '3')
  await press(page, dialog.getByRole('button', { name: 'Save' }))
  await dialog.waitFor({ state: 'detached' })
  await focused(canvas())
  await page.keyboard.press('F5')
  await page.keyboard.press('Alt+r')
  await pane().getByText('3', { exact: true }).first().waitFor()
})

test('Escape closes a menu, however soon it comes, and stops no run by it', async () => {
  await open('Slow')
  await page.keyboard.press('F5')
  await state('Running').waitFor()
  await regionTo(page, page.getByRole('toolbar', { name: 'Pipeline' }))
  const menu = page.getByRole('menu')
  await tabTo(page, button('Menu'), { back: true })
  await page.keyboard.press('Enter')
  await focused(menu)
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await focused(button('Menu'))
  // At once when the menu is there, before it has taken the focus.
  await button('Menu').evaluate(async (opener) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const watch = new MutationObserver(() => {
      if (!document.querySelector('[role="menu"]')) return
      watch.disconnect()
      opener.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
      resolve()
    })
    watch.observe(document.body, { childList: true, subtree: true })
    if (opener instanceof HTMLElement) opener.click()
    await promise
  })
  await expect.poll(() => menu.count()).toBe(0)
  await state('Running').waitFor()
  await regionTo(page, canvas())
  await page.keyboard.press('Escape')
  await state('Stopped').waitFor()
})

test('an error leads to its node, and to the field that is not set', async () => {
  await open('Failing')
  await page.keyboard.press('Control+Enter')
  await state('Failed').waitFor()
  await regionTo(page, page.getByRole('toolbar', { name: 'Pipeline' }))
  await press(page, button('Show where'))
  await page.locator('.react-flow__node.selected[data-id="bad"]').waitFor()
  await open('Unfinished')
  await page.keyboard.press('F5')
  await page.locator('.react-flow__node.selected[data-id="first"]').waitFor()
  await focused(page.locator('[data-field="count"] input'))
})

test('a run that failed is resumed, from its history and from its pipeline', async () => {
  await open('Failing')
  await page.keyboard.press('Alt+r')
  await list()
    .getByRole('row', { name: /Failed Failing/ })
    .first()
    .waitFor()
  await regionTo(page, list())
  await tabTo(page, list().getByRole('button', { name: 'Failing' }))
  await page.keyboard.press('Enter')
  await pane().getByRole('row', { name: /^good/ }).getByText('Done').waitFor()
  await regionTo(page, pane())
  await press(page, pane().getByRole('button', { name: 'Resume' }))
  await canvas().waitFor()
  await focused(canvas())
  // The run before has failed as well: only the history tells that the next one has.
  await page.keyboard.press('Alt+r')
  await pane().getByText('Goes on from').waitFor()
  await pane().getByRole('row', { name: /^bad/ }).getByText('Failed').waitFor()
  await page.keyboard.press('Alt+p')
  await canvas().waitFor()
  await command(page, 'resume the run')
  await page.keyboard.press('Alt+r')
  await pane().getByText('Goes on from').waitFor()
  await pane().getByRole('row', { name: /^good/ }).getByText('rows of an earlier run').waitFor()
})

test('a past run is found, opened with its rows, and removed', async () => {
  await page.keyboard.press('Alt+r')
  await regionTo(page, list())
  await fill(page, list().getByRole('textbox', { name: 'Search runs' }), 'asking')
  const found = list().getByRole('button', { name: 'Asking' })
  await expect.poll(() => list().getByRole('row').count()).toBe(3)
  await tabTo(page, found.nth(1))
  await page.keyboard.press('Enter')
  await pane().getByText(':least').waitFor()
  await regionTo(page, pane())
  await press(page, pane().getByRole('button', { name: 'Open with rows' }))
  await focused(canvas())
  await page.keyboard.press('Control+f')
  await focused(page.getByRole('combobox', { name: 'Find a node' }))
  await page.keyboard.type('big')
  await page.keyboard.press('Enter')
  await page.getByRole('gridcell', { name: '2', exact: true }).first().waitFor()
  await page.keyboard.press('Alt+r')
  await regionTo(page, list())
  await fill(page, list().getByRole('textbox', { name: 'Search runs' }), 'asking')
  await tabTo(page, found.nth(1))
  await page.keyboard.press('Enter')
  await regionTo(page, pane())
  await press(page, pane().getByRole('button', { name: 'Remove from the history' }))
  await expect.poll(() => found.count()).toBe(1)
  await focused(found)
})

test('a run is stopped by Escape and by its button', async () => {
  await open('Slow')
  await page.keyboard.press('F5')
  await state('Running').waitFor()
  await page.keyboard.press('Escape')
  await state('Stopped').waitFor()
  await regionTo(page, page.getByRole('toolbar', { name: 'Pipeline' }))
  await press(page, button('Run'))
  await focused(button('Stop'))
  await page.keyboard.press('Enter')
  await state('Stopped').waitFor()
  await focused(button('Run'))
  await press(page, button('More ways to run'))
  await chooseItem(page, /^Dry run/)
  await focused(button('Stop'))
  await page.keyboard.press('Enter')
  await state('Stopped').waitFor()
})
