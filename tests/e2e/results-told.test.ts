import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { openPipeline } from './open.ts'
import { resultsPanel } from './results-page.ts'

const pipeline = {
  name: 'Told',
  nodes: {
    some: { kind: 'sql', config: { sql: 'select i as id, i * 2 as twice from range(12) r(i)' } },
    split: { kind: 'filter', config: { where: 'id > 3' } },
    to_file: { kind: 'write-file', config: { path: 'out.csv' } },
    broken: { kind: 'filter', config: { where: "cast('x' || id as int) > 1" } },
  },
  edges: [
    { from: 'some', to: 'split' },
    { from: 'some', to: 'to_file' },
    { from: 'some', to: 'broken' },
  ],
  layout: { some: [0, 0], split: [260, 0], to_file: [260, 140], broken: [260, 280] },
}

async function openTold(viewport: { width: number; height: number }) {
  const app = await openApp({ context: { viewport, reducedMotion: 'reduce' } })
  const folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-told-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await openPipeline(app.page, folder, pipeline)
  await app.page.keyboard.press('F5')
  await app.page.getByText('Failed').first().waitFor()
  return { ...app, results: resultsPanel(app.page), [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() }
}

/** What is cut off at an edge of the window, or covered. */
const reachable = (selector: string) => {
  const [part] = [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  if (!part) return `nothing is ${selector}`
  const { left, top, right, bottom, width, height } = part.getBoundingClientRect()
  if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return `${selector} is out of the window`
  const covered = [left + 3, left + width / 2, right - 3].filter((x) => {
    const there = document.elementFromPoint(x, top + height / 2)
    return !there || !(part.contains(there) || there.contains(part))
  })
  return covered.length === 0 ? 'reachable' : `${selector} is cut off or covered`
}

const scrolled = () => document.documentElement.scrollHeight - innerHeight

test('of what nodes did is what they did: a node without rows, a file that was written, a filter that does not fit', async () => {
  await using app = await openTold({ width: 1440, height: 900 })
  const { page, results, complaints } = app
  await results.show('to_file')
  await results.panel
    .getByRole('heading', { name: 'This node gives no rows' })
    .or(results.panel.getByText('This node gives no rows'))
    .first()
    .waitFor()
  await results.tab('Log')
  const line = results.panel.getByRole('log').getByText(/^completed · 12 inserted/)
  await line.waitFor()
  await results.tab('Rows')
  await results.show('some')
  await results.cell(0, 0).waitFor()
  await results.tool('Filter').click()
  const form = page.getByRole('dialog', { name: 'Filters' })
  await form.getByLabel('Column').selectOption('id')
  await form.getByLabel('Operator').selectOption('=')
  await form.getByRole('button', { name: 'Apply' }).click()
  await results.status.getByText('The filter on id, which is int64, has no value.').waitFor()
  await results.cell(0, 0).waitFor({ state: 'detached' })
  await results.tab('Profile')
  await results.panel.getByRole('button', { name: 'Remove all filters' }).click()
  await results.panel.getByRole('row', { name: /^twice int64/ }).waitFor()

  await results.tab('Lineage')
  await results.panel.getByRole('button', { name: /^twice/ }).click()
  await results.tab('Rows')
  const followed = page.getByRole('status').filter({ hasText: 'Lineage of some.twice' })
  await followed.getByRole('button', { name: 'End the lineage' }).click()
  await followed.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('the second output of a node, and what can be done with a run, are in sight in a small window', async () => {
  await using app = await openTold({ width: 1024, height: 700 })
  const { page, results, complaints } = app
  await results.show('split')
  await results.cell(0, 0).waitFor()
  const other = page.getByRole('radiogroup', { name: 'Output' }).locator('label').nth(1)
  await other.evaluate((label) => label.setAttribute('data-looked-at', ''))
  expect(await page.evaluate(reachable, '[data-looked-at]')).toBe('reachable')
  await other.click()
  await expect.poll(() => results.status.textContent()).toBe('4 rows')
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  const run = page.getByRole('region', { name: 'Run', exact: true })
  for (const name of ['Resume', 'Open with rows']) {
    const label = run.getByRole('button', { name }).locator('.mantine-Button-label')
    expect(await label.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0)
  }
  expect(complaints).toEqual([])
})

test('what opens over the window stays in it at 200 %', async () => {
  await using app = await openTold({ width: 720, height: 450 })
  const { page, results, complaints } = app
  const check = async (selector: string) => {
    expect(await page.evaluate(reachable, selector)).toBe('reachable')
    expect(await page.evaluate(scrolled)).toBe(0)
  }
  for (const label of ['Results', 'Inspector']) await check(`[role="toolbar"] [aria-label="${label}"]`)
  await results.show('some')
  await results.cell(0, 0).waitFor()
  await page.locator('.react-flow__node[data-id="some"]').click({ button: 'right' })
  await page.getByRole('menu', { name: 'What can be done' }).waitFor()
  await check('[role="menu"]')
  await page.keyboard.press('Escape')
  await page.locator('[data-canvas]').focus()
  await page.keyboard.press('Tab')
  await page.getByRole('combobox', { name: 'Add a node' }).waitFor()
  await check('[role="combobox"]')
  await page.keyboard.press('Escape')
  await results.tool('Filter').click()
  const form = page.getByRole('dialog', { name: 'Filters' })
  for (let more = 0; more < 8; more++) await form.getByRole('button', { name: 'Add a filter' }).click()
  await check('[role="dialog"][aria-label="Filters"]')
  await check('[role="dialog"][aria-label="Filters"] button[type="submit"]')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+s')
  const save = page.getByRole('dialog', { name: 'Save pipeline as' }).getByRole('button', { name: 'Save', exact: true })
  await save.evaluate((button) => button.setAttribute('data-looked-at', ''))
  await check('[data-looked-at]')
  expect(complaints).toEqual([])
})
