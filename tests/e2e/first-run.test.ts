import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'

it('opens with a sample, and one click brings its rows', async () => {
  await using app = await openApp()
  const { page, complaints } = app
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('status').getByText('Done').waitFor()
  await page.locator('.react-flow__node', { hasText: 'Names and places' }).click()
  await page.getByRole('gridcell', { name: 'Bay Springs' }).waitFor()
  expect(complaints).toEqual([])
})
