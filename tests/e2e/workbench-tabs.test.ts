import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { openPipeline } from './open.ts'
import { dragBefore } from './tabs-page.ts'
import { openWorkbench } from './workbench-page.ts'

const tabs = (page: Page) => page.getByRole('tablist', { name: 'Open queries' }).getByRole('tab')
const names = async (page: Page) => (await tabs(page).allTextContents()).map((name) => name.replace(' unsaved', ''))
const tab = (page: Page, name: string) => tabs(page).filter({ hasText: name })

it('queries are put in order, closed together and opened again', async () => {
  await using bench = await openWorkbench()
  const { page, app } = bench
  await bench.write('select 1 as one')
  for (const number of [2, 3]) {
    await page.keyboard.press('Alt+n')
    await tab(page, `Query ${number}`).waitFor()
    await bench.write(`select ${number} as number`)
  }
  await dragBefore(page, tab(page, 'Query 3'), tab(page, 'Query 1'))
  await expect.poll(() => names(page)).toEqual(['Query 3', 'Query 1', 'Query 2'])

  await tab(page, 'Query 1').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Close those to the right' }).click()
  await page.getByRole('dialog', { name: 'Close Query 2?' }).getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await names(page)).toEqual(['Query 3', 'Query 1', 'Query 2'])
  await tab(page, 'Query 1').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Close others' }).click()
  for (const name of ['Query 3', 'Query 2']) {
    await page
      .getByRole('dialog', { name: `Close ${name}?` })
      .getByRole('button', { name: /Close without/ })
      .click()
  }
  await expect.poll(() => names(page)).toEqual(['Query 1'])

  await page.keyboard.press('Alt+Shift+t')
  await expect.poll(() => names(page)).toEqual(['Query 1', 'Query 2'])
  await page.getByText('select 2 as number').waitFor()
  await page.keyboard.press('Alt+Shift+t')
  await page.getByText('select 3 as number').waitFor()
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => bench.row(0)).toEqual(['1', '3'])
  await tab(page, 'Query 3').press('Delete')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Close without/ })
    .click()
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Query 2/)
  expect(app.complaints).toEqual([])
})

it('keys of pipelines do nothing to the one behind the workbench', async () => {
  await using bench = await openWorkbench()
  const { page, app, home } = bench
  await page.keyboard.press('Alt+p')
  await openPipeline(page, home, {
    name: 'Behind',
    nodes: { rows: { kind: 'rows', config: { columns: [{ name: 'a', type: 'int32' }], rows: [[1]] } } },
    layout: { rows: [100, 100] },
  })
  await page.locator('.react-flow__node', { hasText: 'rows' }).click()
  await page.keyboard.press('d')
  await page.getByRole('tab', { name: 'Behind unsaved' }).waitFor()
  await page.keyboard.press('Alt+q')
  await tab(page, 'Query 1').focus()
  for (const keys of ['F5', 'Control+Enter', 'Control+z', 'Control+w']) await page.keyboard.press(keys)
  expect(await names(page)).toEqual([])
  await page.keyboard.press('Alt+p')
  await page.getByRole('tab', { name: 'Behind unsaved' }).waitFor()
  await page.keyboard.press('Alt+r')
  await page.getByText('No runs yet').waitFor()
  expect(app.complaints).toEqual([])
})
