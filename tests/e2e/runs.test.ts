import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { faults } from '../helpers/axe.ts'
import { openPipeline } from './open.ts'
import { failing, numbers, slow } from './runs-pipelines.ts'

const sample = (page: Page) => page.getByRole('tab', { name: 'Airports', selected: true })
const stateOf = (page: Page) =>
  page.getByRole('status').filter({ hasText: /Done|Failed|Stopped|Running|Stopping|Crashed/ })

it('stops what runs, by mouse and by key', async () => {
  await using app = await openApp()
  const { page, server, complaints } = app
  await openPipeline(page, server.home, slow)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await stateOf(page).getByText('Stopped').waitFor()
  await page.keyboard.press('F5')
  await stateOf(page).getByText('Running').waitFor()
  await page.keyboard.press('Escape')
  await stateOf(page).getByText('Stopped').waitFor()
  expect(complaints).toEqual([])
})

it('that goes on is joined by its tab after a reload: progress, rows and Stop', async () => {
  await using app = await openApp()
  const { page, server, complaints } = app
  await openPipeline(page, server.home, slow)
  await page.keyboard.press('F5')
  const card = (name: string, state: string) => page.getByRole('article', { name: new RegExp(`^${name}, .*${state}`) })
  await card('rows', 'Done').waitFor()
  await card('crunch', 'Running').waitFor()
  await page.reload()
  await stateOf(page).getByText('Running').waitFor()
  await card('rows', 'Done').click()
  await card('crunch', 'Running').waitFor()
  await page.getByRole('tab', { name: 'Log' }).click()
  expect(await page.getByText(/started/).count()).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await stateOf(page).getByText('Stopped').waitFor()
  await page.reload()
  await stateOf(page).getByText('Stopped').waitFor()
  expect(complaints).toEqual([])
})

it('that goes on is asked about when its tab is closed, joined when its file is opened, and stopped from Runs', async () => {
  await using app = await openApp()
  const { page, server, complaints } = app
  await openPipeline(page, server.home, slow)
  const tab = page.getByRole('tab', { name: 'Slow' })
  const dialog = page.getByRole('dialog', { name: 'Stop the run?' })
  const closeIt = async () => {
    await tab.click({ button: 'middle' })
    await dialog.waitFor()
  }
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await stateOf(page).getByText('Running').waitFor()
  await closeIt()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await stateOf(page).getByText('Running').waitFor()
  await closeIt()
  await dialog.getByRole('button', { name: 'Let it run' }).click()
  await tab.waitFor({ state: 'hidden' })

  await page.keyboard.press('Control+Shift+t')
  await stateOf(page).getByText('Running').waitFor()
  await page.getByRole('article', { name: /^crunch, .*Running/ }).waitFor()
  await closeIt()
  await dialog.getByRole('button', { name: 'Let it run' }).click()
  await tab.waitFor({ state: 'hidden' })

  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  const run = page.getByRole('region', { name: 'Run', exact: true })
  await run.getByRole('button', { name: 'Stop', exact: true }).click()
  await run.getByText('Stopped').first().waitFor()
  // A node can have stopped a moment before its run.
  await run.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' })

  await run.getByRole('button', { name: 'Open' }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await stateOf(page).getByText('Running').waitFor()
  await closeIt()
  await dialog.getByRole('button', { name: 'Stop it' }).click()
  await tab.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  const listed = page.getByRole('region', { name: 'Runs', exact: true })
  await expect.poll(() => listed.getByText('Stopped').count()).toBe(2)
  expect(await listed.getByText('Running').count()).toBe(0)
  expect(complaints).toEqual([])
})

it('keeps what completed when a branch fails, leads to the error, and resumes', async () => {
  await using app = await openApp()
  const { page, server, complaints } = app
  await openPipeline(page, server.home, failing)
  await page.keyboard.press('Control+Enter')
  await stateOf(page).getByText('Failed').waitFor()
  await page.getByRole('button', { name: 'Show where' }).click()
  await expect.poll(() => page.locator('.react-flow__node.selected').textContent()).toContain('bad')
  const history = page.getByRole('region', { name: 'Run', exact: true })
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await history.getByRole('row', { name: /^good/ }).getByText('Done').waitFor()
  await history.getByRole('row', { name: /^bad/ }).getByText('Failed').waitFor()
  await history.getByRole('button', { name: 'Resume' }).click()
  await stateOf(page).getByText('Failed').waitFor()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await history.getByText('Goes on from').waitFor()
  await history.getByRole('row', { name: /^good/ }).getByText('rows of an earlier run').waitFor()
  expect(complaints).toEqual([])
})

it('does not start while a node is not set up, leads to the field, and runs the rest where that is wished', async () => {
  await using app = await openApp()
  const { page, server, complaints } = app
  await openPipeline(page, server.home, {
    name: 'Unfinished',
    nodes: {
      rows: numbers,
      first: { kind: 'limit', config: {} },
      after: { kind: 'limit', config: { count: 1 } },
      whole: { kind: 'limit', config: { count: 2 } },
    },
    edges: [
      { from: 'rows', to: 'first' },
      { from: 'first', to: 'after' },
      { from: 'rows', to: 'whole' },
    ],
  })
  await page.keyboard.press('F5')
  await page.getByRole('alert').filter({ hasText: 'Run did not work' }).getByText('first: Rows are not set.').waitFor()
  await page.locator('.react-flow__node[data-id="first"].selected').waitFor()
  await page.locator('[data-field="count"] input:focus').waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.getByText('No runs yet').waitFor()
  await page.getByRole('button', { name: 'Run what is set up' }).click()
  const history = page.getByRole('region', { name: 'Run', exact: true })
  await history
    .getByRole('row', { name: /^whole/ })
    .getByText('Done')
    .waitFor()
  await history
    .getByRole('row', { name: /^after/ })
    .getByText('Skipped')
    .waitFor()
  await page.getByRole('button', { name: 'Pipelines', exact: true }).click()
  const card = page.locator('.react-flow__node[data-id="first"]')
  await card.getByText('Rows are not set.').waitFor()
  expect(await card.getByText('Disabled').count()).toBe(0)
  expect(complaints).toEqual([])
})

it('asks for parameters that have no value, and says what is wrong with one', async () => {
  await using app = await openApp()
  const { page, server, complaints } = app
  await openPipeline(page, server.home, {
    name: 'Asking',
    parameters: [{ name: 'least', type: 'int', min: 1 }],
    nodes: { rows: numbers, big: { kind: 'filter', config: { where: 'n >= :least' } } },
    edges: [{ from: 'rows', to: 'big' }],
  })
  await page.keyboard.press('F5')
  const dialog = page.getByRole('dialog', { name: 'Values of parameters' })
  await dialog.getByLabel('least').fill('many')
  await page.keyboard.press('Enter')
  await dialog.getByText('"many" is no int').waitFor()
  await dialog.getByLabel('least').fill('2')
  await page.keyboard.press('Enter')
  await stateOf(page).getByText('Done').waitFor()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.getByRole('region', { name: 'Run', exact: true }).getByText(':least').waitFor()
  expect(complaints).toEqual([])
})

it('opens a past run with its rows, also after the pipeline went on', async () => {
  await using app = await openApp()
  const { page, complaints } = app
  await sample(page).waitFor()
  await page.keyboard.press('F5')
  await stateOf(page).getByText('Done').waitFor()
  await page.keyboard.press('Alt+w')
  await page.getByRole('tab').first().waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.getByRole('button', { name: 'Open with rows' }).click()
  await page.locator('.react-flow__node', { hasText: 'Names and places' }).click()
  await page.getByRole('gridcell', { name: 'Bay Springs' }).waitFor()
  expect(complaints).toEqual([])
})

it.each(['light', 'dark'] as const)('has no serious accessibility fault in the %s theme', async (colorScheme) => {
  await using app = await openApp({ context: { colorScheme } })
  const { page } = app
  await sample(page).waitFor()
  await page.keyboard.press('F5')
  await stateOf(page).getByText('Done').waitFor()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.getByRole('region', { name: 'Run', exact: true }).getByRole('table').waitFor()
  expect(await faults(page)).toEqual([])
})
