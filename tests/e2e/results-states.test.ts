import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { faults } from '../helpers/axe.ts'
import { openPipeline } from './open.ts'
import { endlessPipeline, eventually, exportTo, openResults, resultsPanel } from './results-page.ts'

test('first rows stand in the grid while the query still runs', async () => {
  await using app = await openApp()
  const { page } = app
  const folder = await endlessPipeline(page)
  const results = resultsPanel(page)
  await results.panel.getByText('Pick a node to see its rows').waitFor()
  await results.show('numbers')
  await results.panel.getByRole('button', { name: 'Run to here' }).click()
  await results.cell(0, 0).getByText('1', { exact: true }).waitFor()
  await eventually(() => results.status.textContent()).toContain('so far')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('Stopped').first().waitFor()
  expect(app.complaints).toEqual([])
  await rm(folder, { recursive: true, force: true })
})

test('an export tells how far it is, and one that is stopped leaves nothing', async () => {
  await using app = await openApp()
  const { page } = app
  const folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-export-'))
  const sql = "select i as id, repeat('x', 200) as pad, hash(i) as h from range(2000000) r(i)"
  const results = resultsPanel(page)
  const nodes = { wide: { kind: 'sql', config: { sql } } }
  const wide = { name: 'Wide', nodes, edges: [], layout: { wide: [0, 0] } }
  await openPipeline(page, folder, wide)
  await page.keyboard.press('F5')
  await results.show('wide')
  await results.status.getByText('2,000,000 rows').waitFor()
  await results.header('h').getByRole('button').first().click()
  await exportTo(page, results, { format: 'CSV', folder, name: 'wide.csv' })
  const progress = results.panel.getByRole('list', { name: 'Exports' })
  await progress.getByText(/of 2,000,000 rows/).waitFor()
  await progress.getByRole('button', { name: 'Stop the export' }).click()
  await page.getByText('The export was stopped; nothing was left behind.').waitFor()
  await eventually(() => readdir(folder)).toEqual(['wide.pipeline.json'])
  expect(app.complaints).toEqual([])
  await rm(folder, { recursive: true, force: true })
})

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('every tab can be used by everyone', async () => {
    await using app = await openResults({ colorScheme })
    const { page, results } = app
    const found = () => faults(page, 'section[aria-label="Results"]')
    await results.show('many')
    await results.cell(0, 0).click()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Cell' }).waitFor()
    expect(await found()).toEqual([])
    await results.tab('Profile')
    await results.panel.getByRole('row', { name: /^colour text/ }).waitFor()
    expect(await found()).toEqual([])
    await results.tab('SQL')
    await results.panel.getByRole('region', { name: 'Stage of many' }).waitFor()
    expect(await found()).toEqual([])
    await results.tab('Log')
    await results.panel
      .getByRole('log')
      .getByText(/^completed/)
      .first()
      .waitFor()
    expect(await found()).toEqual([])
    await results.tab('Lineage')
    await results.panel.getByRole('button', { name: /^amount/ }).click()
    await results.panel.getByRole('region', { name: 'Goes into' }).waitFor()
    expect(await found()).toEqual([])
    expect(app.complaints).toEqual([])
  })
})
