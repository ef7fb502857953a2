import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../helpers/app.ts'
import { filesPage } from './files-page.ts'
import { command, fill, focused, openByKeys, press, regionTo, tabTo } from './keys.ts'

/** What is done with files and settings by the mouse in files.test.ts and settings.test.ts, by keys alone. */
let app: App
let page: Page
let files: ReturnType<typeof filesPage>
const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-keys-'))
beforeAll(async () => {
  app = await openApp()
  page = app.page
  files = filesPage(page)
  await page.getByRole('tab', { name: 'Airports', selected: true }).waitFor()
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const tabs = (names: readonly string[]) => expect.poll(() => files.tabs()).toEqual(names)
const written = (path: string) => expect.poll(() => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
const hand = (limit: number, name = 'By hand') =>
  JSON.stringify({
    sluice: 1,
    name,
    nodes: {
      numbers: { kind: 'rows', config: { columns: [{ name: 'n', type: 'int64' }], rows: [[1], [2]] } },
      big: { kind: 'filter', config: { where: `n > ${limit}` } },
    },
    edges: [{ from: 'numbers', to: 'big' }],
  })

test('a new pipeline is saved into a folder, closed, and found among the recent ones', async () => {
  await page.keyboard.press('Alt+n')
  await page.getByRole('tab', { name: 'Untitled', selected: true }).waitFor()
  await page.keyboard.press('Control+Shift+s')
  const dialog = page.getByRole('dialog', { name: 'Save pipeline as' })
  const name = dialog.getByRole('textbox', { name: 'Name' })
  await focused(name)
  await press(page, dialog.getByRole('button', { name: 'Type a path' }), { back: true })
  await fill(page, dialog.getByRole('textbox', { name: 'Path', exact: true }), folder)
  await page.keyboard.press('Enter')
  await fill(page, name, join(folder, 'nowhere', 'first steps'))
  await page.keyboard.press('Enter')
  await dialog.getByText('There is no folder').waitFor()
  await fill(page, name, 'first steps')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await written(join(folder, 'first steps.pipeline.json')).toContain('first steps')
  await tabs(['Airports', 'first steps'])
  await focused(files.canvas)
  await page.keyboard.press('Alt+w')
  await tabs(['Airports'])
  await page.keyboard.press('Alt+w')
  const recent = page.getByRole('button', { name: /^first steps/ })
  await tabTo(page, recent)
  await tabTo(page, page.getByRole('button', { name: 'Forget Airports' }))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Forget Airports' }).waitFor({ state: 'detached' })
  await focused(page.getByRole('button', { name: 'Forget first steps' }))
  await press(page, recent, { back: true })
  await tabs(['first steps'])
  await focused(files.canvas)
})

test('a sample is opened from the gallery; tabs are gone through and closed', async () => {
  await command(page, 'samples')
  const gallery = page.getByRole('dialog', { name: 'Samples' })
  await tabTo(page, gallery.getByRole('button', { name: /^Airports/ }))
  await page.keyboard.press('Enter')
  await gallery.waitFor({ state: 'detached' })
  await tabs(['first steps', 'Airports'])
  await focused(files.canvas)
  await tabTo(page, files.tab('Airports'), { back: true })
  await page.keyboard.press('ArrowLeft')
  await page.getByRole('tab', { name: 'first steps', selected: true }).waitFor()
  await page.keyboard.press('Delete')
  await tabs(['Airports'])
  await focused(files.tab('Airports'))
})

test('a pipeline goes out as JSON and comes in from the clipboard', async () => {
  await command(page, 'copy pipeline as json')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('"name": "Airports"')
  await command(page, 'new pipeline from clipboard')
  await tabs(['Airports', 'Airports unsaved'])
  await page.keyboard.press('Alt+w')
  const question = page.getByRole('dialog').filter({ hasText: 'Discard' })
  await press(page, question.getByRole('button', { name: 'Discard' }))
  await question.waitFor({ state: 'detached' })
  await tabs(['Airports'])
})

test('a file changed by another program is compared and reloaded, or kept', async () => {
  const path = join(folder, 'hand.pipeline.json')
  writeFileSync(path, hand(1))
  await openByKeys(page, path)
  await page.getByRole('tab', { name: 'By hand', selected: true }).waitFor()
  await regionTo(page, files.canvas)
  writeFileSync(path, hand(5))
  const banner = page.getByRole('status').filter({ hasText: 'was changed by another program' })
  await press(page, banner.getByRole('button', { name: 'Compare' }), { back: true })
  const comparison = page.getByRole('dialog', { name: 'What differs on disk' })
  await press(page, comparison.getByRole('button', { name: 'Reload' }))
  await comparison.waitFor({ state: 'detached' })
  await banner.waitFor({ state: 'detached' })
  await files.card('n > 5').waitFor()
  await focused(files.canvas)
  writeFileSync(path, hand(7))
  await press(page, banner.getByRole('button', { name: 'Keep mine' }), { back: true })
  await banner.waitFor({ state: 'detached' })
  await focused(files.canvas)
  await page.keyboard.press('Control+s')
  await written(path).toContain('n > 5')
})

/** Adds a node of a kind to the pipeline in front. */
async function add(kind: string): Promise<void> {
  await regionTo(page, files.canvas)
  await page.keyboard.press('Tab')
  await focused(page.getByRole('combobox', { name: 'Add a node' }))
  await page.keyboard.type(kind)
  await page.keyboard.press('Enter')
  await page.locator(`.react-flow__node[data-id="${kind}"]`).waitFor()
  await focused(files.canvas)
}

test('a file is replaced by saving only when that is wanted', async () => {
  const path = join(folder, 'taken.pipeline.json')
  writeFileSync(path, hand(1))
  await page.keyboard.press('Alt+n')
  await page.getByRole('tab', { name: 'Untitled', selected: true }).waitFor()
  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save pipeline as' })
  await focused(dialog.getByRole('textbox', { name: 'Name' }))
  await press(page, dialog.getByRole('button', { name: 'Type a path' }), { back: true })
  await fill(page, dialog.getByRole('textbox', { name: 'Path', exact: true }), folder)
  await page.keyboard.press('Enter')
  const list = dialog.getByRole('listbox')
  await list.getByRole('option', { name: 'taken.pipeline.json' }).waitFor()
  await tabTo(page, list)
  await page.keyboard.type('taken')
  await list.getByRole('option', { name: 'taken.pipeline.json', selected: true }).waitFor()
  await page.keyboard.press('Enter')
  const question = page.getByRole('dialog', { name: 'Replace the file?' })
  await press(page, question.getByRole('button', { name: 'Cancel' }))
  await question.waitFor({ state: 'detached' })
  expect(readFileSync(path, 'utf8')).toBe(hand(1))
  await focused(list)
  await page.keyboard.press('Enter')
  await press(page, question.getByRole('button', { name: 'Replace' }))
  await dialog.waitFor({ state: 'detached' })
  await written(path).not.toBe(hand(1))
  await page.getByRole('tab', { name: 'taken', exact: true, selected: true }).waitFor()
  await focused(files.canvas)
  await page.keyboard.press('Alt+w')
})

test('a file changed on both sides is kept or replaced, and saved again when it is gone', async () => {
  const path = join(folder, 'both.pipeline.json')
  writeFileSync(path, hand(1, 'Both'))
  await openByKeys(page, path)
  const tab = page.getByRole('tab', { name: 'Both', exact: true, selected: true })
  await tab.waitFor()
  await add('sort')
  writeFileSync(path, hand(5, 'Both'))
  await page.keyboard.press('Control+s')
  const question = page.getByRole('dialog', { name: 'The file was changed by another program' })
  await press(page, question.getByRole('button', { name: 'Cancel' }))
  await question.waitFor({ state: 'detached' })
  await focused(files.canvas)
  expect(readFileSync(path, 'utf8')).toBe(hand(5, 'Both'))
  await page.keyboard.press('Control+s')
  await press(page, question.getByRole('button', { name: 'Replace' }))
  await question.waitFor({ state: 'detached' })
  await written(path).toContain('"kind": "sort"')
  await tab.waitFor()
  rmSync(path)
  const gone = page.getByRole('status').filter({ hasText: 'was removed from the disk' })
  await press(page, gone.getByRole('button', { name: 'Save again' }), { back: true })
  await written(path).toContain('"kind": "sort"')
  await gone.waitFor({ state: 'detached' })
  await tab.waitFor()
  await focused(files.canvas)
})

test('a tab with changes is left open, saved or discarded', async () => {
  const path = join(folder, 'both.pipeline.json')
  const open = await files.tabs()
  const question = page.getByRole('dialog', { name: 'Save the changes?' })
  await add('limit')
  await page.keyboard.press('Alt+w')
  await focused(question)
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Both unsaved', selected: true }).waitFor()
  await focused(files.canvas)
  await page.keyboard.press('Alt+w')
  await press(page, question.getByRole('button', { name: 'Save' }))
  await tabs(open.filter((name) => name !== 'Both'))
  await written(path).toContain('"kind": "limit"')
  await focused(files.canvas)
  await page.keyboard.press('Alt+Shift+t')
  await tabs(open)
  await add('distinct')
  await page.keyboard.press('Alt+w')
  await press(page, question.getByRole('button', { name: 'Discard' }))
  await tabs(open.filter((name) => name !== 'Both'))
  expect(readFileSync(path, 'utf8')).not.toContain('distinct')
  await focused(files.canvas)
})

test('a file that is no pipeline is tried again once it is mended', async () => {
  const path = join(folder, 'broken.pipeline.json')
  writeFileSync(path, '{ "sluice": 1, "name": }')
  await openByKeys(page, path)
  const alert = page.getByRole('alert').filter({ hasText: 'broken.pipeline.json is not a readable pipeline' })
  await alert.waitFor()
  writeFileSync(path, hand(1, 'Mended'))
  await press(page, alert.getByRole('button', { name: 'Try again' }))
  await page.getByRole('tab', { name: 'Mended', exact: true, selected: true }).waitFor()
  await focused(files.canvas)
})

test('a file with rows becomes a node', async () => {
  writeFileSync(join(folder, 'cities.csv'), 'city,people\nGraz,300000\n')
  await page.keyboard.press('Control+Shift+o')
  const dialog = page.getByRole('dialog', { name: 'Add data file' })
  await focused(dialog.getByRole('listbox'))
  await dialog.getByRole('option', { name: 'cities.csv' }).waitFor()
  await page.keyboard.type('cit')
  await dialog.getByRole('option', { name: 'cities.csv', selected: true }).waitFor()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('article', { name: /^cities, File/ }).waitFor()
  await focused(files.canvas)
})

test('settings are changed, and kept rows cleared', async () => {
  await page.keyboard.press('F5')
  await page.getByRole('status').getByText('Done').waitFor()
  await page.keyboard.press('Control+,')
  const choose = async (group: string, value: string, key: string) => {
    await tabTo(page, page.getByRole('radiogroup', { name: group }))
    await page.keyboard.press(key)
    await expect
      .poll(() => page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: value }).isChecked())
      .toBe(true)
  }
  await choose('Theme', 'Light', 'ArrowRight')
  await choose('Theme', 'Dark', 'ArrowRight')
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
  await choose('Density', 'Comfortable', 'ArrowRight')
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.density)).toBe('comfortable')
  await choose('Run button', 'Deliver', 'ArrowRight')
  const clear = page.getByRole('button', { name: 'Clear kept rows' })
  await press(page, clear)
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Clear', exact: true }))
  await page.getByText(/^0 B in/).waitFor()
  await focused(clear)
})
