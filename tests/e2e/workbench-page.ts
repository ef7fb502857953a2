import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BrowserContextOptions, Page } from 'playwright'
import { type App, openApp } from '../helpers/app.ts'

export interface Workbench extends AsyncDisposable {
  app: App
  page: Page
  home: string
  /** One value from the shop, asked apart from the product. */
  ask(sql: string): unknown
  /** Statements on the shop, as someone else would run them. */
  tell(sql: string): void
  /** Types SQL over what the tab in front holds. */
  write(sql: string): Promise<void>
  /** Text of the cells of the grid's row, counted from 0. */
  row(index: number): Promise<string[]>
}

/**
 * The product with a SQLite shop of two connections, `shop` and `live` (production), opened at the workbench; `prepare` may change what
 * there is before it starts.
 */
export async function openWorkbench(
  context: BrowserContextOptions = {},
  prepare: (made: { home: string }) => void = () => undefined,
): Promise<Workbench> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-workbench-'))
  const file = join(home, 'shop.db')
  const shop = new DatabaseSync(file)
  shop.exec(`
    create table items (id integer primary key, name text, price decimal(10,2));
    insert into items values (1, 'one', 1.5), (2, 'two', 2.25), (3, null, 300);
  `)
  shop.close()
  const connections = {
    shop: { dialect: 'sqlite', file },
    live: { dialect: 'sqlite', file, environment: 'production' },
  }
  writeFileSync(join(home, 'connections.json'), JSON.stringify(connections))
  prepare({ home })
  // Paths in pictures are not those of the machine that took them.
  const app = await openApp({ home, env: { HOME: home }, context })
  const { page } = app
  await showWorkbench(page)
  await pickConnection(page, 'shop')
  return {
    app,
    page,
    home,
    ask(sql) {
      const database = new DatabaseSync(file)
      try {
        return Object.values(database.prepare(sql).get() ?? {})[0]
      } finally {
        database.close()
      }
    },
    tell(sql) {
      const database = new DatabaseSync(file)
      database.exec(sql)
      database.close()
    },
    async write(sql) {
      // Rows stand there before a run has ended, and until then nothing else is run.
      await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
      await page.getByRole('textbox', { name: /^SQL of/ }).click()
      await page.keyboard.press('Control+a')
      await page.keyboard.insertText(sql)
    },
    async row(index) {
      const cells = page.locator(`[role="row"][row-index="${index}"] [role="gridcell"]`)
      await cells.first().waitFor()
      return cells.allInnerTexts()
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Goes to the workbench once the window has opened what it opens by itself. */
export async function showWorkbench(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await page.keyboard.press('Alt+q')
  await page.getByRole('tablist', { name: 'Open queries' }).waitFor()
}

export async function pickConnection(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Connection:/ }).click()
  await page
    .getByRole('option', { name: new RegExp(`^${name}\\b`) })
    .first()
    .click()
  await page.getByRole('button', { name: new RegExp(`^Connection: ${name}\\b`) }).waitFor()
}
