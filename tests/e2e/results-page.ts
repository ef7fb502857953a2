import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BrowserContextOptions, Page } from 'playwright'
import { expect } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { openPipeline } from './open.ts'

/** Polls until it is so. */
export const eventually = <T>(read: () => T) => expect.poll(read)

export const rowCount = 30_000

/** Values that are easily got wrong: numbers beyond doubles, NULL beside empty text and the text NULL. */
const manySql = `select i as id, 9007199254740993 + i as big, ['red', 'green', '', null, 'NULL'][1 + i % 5] as colour,
  (i % 1000) / 8.0 as amount, date '2020-01-01' + (i % 2000)::int as day, 'note ' || i as note from range(${rowCount}) r(i)`

const oddSql = `select 1 as id, '{"a":[1,{"b":12345678901234567890}]}'::json as doc,
  unhex('89504E470D0A1A0A0000000D49484452') as bytes, 'one' || chr(9) || 'two' || chr(10) || 'three' as txt, repeat('x', 5000) as long`

const pipeline = {
  name: 'Results',
  nodes: {
    many: { kind: 'sql', config: { sql: manySql } },
    odd: { kind: 'sql', config: { sql: oddSql } },
    big: { kind: 'filter', config: { where: 'amount > 100' } },
    sums: {
      kind: 'aggregate',
      config: { keys: ['colour'], measures: [{ name: 'total', function: 'sum', column: 'amount' }] },
    },
    broken: { kind: 'filter', config: { where: 'cast(note as int) > 1' } },
  },
  edges: [
    { from: 'many', to: 'big' },
    { from: 'big', to: 'sums' },
    { from: 'many', to: 'broken' },
  ],
  layout: { many: [0, 0], odd: [0, 160], big: [260, 0], sums: [520, 0], broken: [260, 160] },
}

/** The app with a pipeline whose nodes have run: one of them failed. */
export async function openResults(context?: BrowserContextOptions) {
  const app = await openApp(context ? { context } : {})
  const folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-results-'))
  const { page } = app
  await openPipeline(page, folder, pipeline)
  await page.keyboard.press('F5')
  await page.getByText('Failed').first().waitFor()
  return {
    ...app,
    folder,
    results: resultsPanel(page),
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What a person finds in the panel below the canvas. */
export function resultsPanel(page: Page) {
  const panel = page.getByRole('region', { name: 'Results' })
  return {
    panel,
    status: panel.getByRole('toolbar', { name: 'Rows' }).getByRole('status'),
    show: (node: string) => panel.getByLabel('Node whose results are shown').selectOption(node),
    tab: (name: string) => panel.getByRole('tab', { name }).click(),
    tool: (name: string) => panel.getByRole('toolbar', { name: 'Rows' }).getByRole('button', { name }),
    /** A cell by its row, from 0, and its column's place. */
    cell: (row: number, column: number) => panel.locator(`[row-index="${row}"] [role="gridcell"][col-id="${column}"]`),
    header: (name: string) => panel.getByRole('columnheader', { name: new RegExp(`^${name}\\b`) }),
    /** Shown values of a column, from the top. */
    async column(place: number): Promise<string[]> {
      const cells = panel.locator(`[role="gridcell"][col-id="${place}"]`)
      const found = await cells.evaluateAll((all) =>
        all.map(
          (cell) => [Number(cell.closest('[row-index]')?.getAttribute('row-index')), cell.textContent ?? ''] as const,
        ),
      )
      return found.sort(([a], [b]) => a - b).map(([, text]) => text)
    },
  }
}

/** A folder with a pipeline that gives rows for as long as it is let. */
export async function endlessPipeline(page: Page): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-endless-'))
  const database = new DatabaseSync(join(folder, 'a.db'))
  database.exec('create table t (i)')
  database.close()
  await writeFile(join(folder, 'connections.json'), JSON.stringify({ a: { dialect: 'sqlite', file: 'a.db' } }))
  const sql = 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n'
  const nodes = { numbers: { kind: 'query', config: { connection: 'a', sql } } }
  const endless = { name: 'Endless', nodes, edges: [], layout: { numbers: [0, 0] } }
  await openPipeline(page, folder, endless)
  return folder
}

/** Exports by the menu and the file dialog. */
export async function exportTo(
  page: Page,
  results: ReturnType<typeof resultsPanel>,
  { format, folder, name }: { format: string; folder: string; name: string },
): Promise<void> {
  await results.tool('Export').click()
  await page.getByRole('menuitem', { name: format }).click()
  const dialog = page.getByRole('dialog', { name: 'Export rows' })
  await dialog.getByRole('button', { name: 'Type a path' }).click()
  await dialog.getByRole('textbox', { name: 'Path', exact: true }).fill(folder)
  await page.keyboard.press('Enter')
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('button', { name: 'Save' }).click()
}
