import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Locator, Page } from 'playwright'
import { type App, openApp } from '../helpers/app.ts'
import { openPipeline } from './open.ts'

/** The inspector as a person sees and drives it. */
export class InspectorPage {
  readonly page: Page
  readonly panel: Locator

  constructor(page: Page) {
    this.page = page
    this.panel = page.getByRole('complementary', { name: 'Inspector' })
  }

  card(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`)
  }

  async pick(id: string): Promise<void> {
    await this.card(id).click()
  }

  /** Picks an edge in its middle. */
  async pickEdge(from: string, to: string): Promise<void> {
    const edge = this.page.getByRole('img', { name: `Edge from ${from} to ${to}` })
    await edge.waitFor({ state: 'attached' })
    const middle = await edge
      .locator('path')
      .first()
      .evaluate((path) => {
        if (!(path instanceof SVGPathElement)) throw new Error('The edge cannot be seen.')
        const point = path.getPointAtLength(path.getTotalLength() / 2)
        const { x, y } = point.matrixTransform(path.getScreenCTM() ?? undefined)
        return { x, y }
      })
    await this.page.mouse.click(middle.x, middle.y)
  }

  field(name: string): Locator {
    return this.panel.getByLabel(name, { exact: true })
  }

  code(name: string): Locator {
    return this.panel.getByRole('textbox', { name, exact: true })
  }

  columns(): Locator {
    return this.panel.getByRole('region', { name: 'Columns' })
  }

  /** Names of the columns that come out. */
  async columnNames(): Promise<string[]> {
    return this.columns().locator('td:first-child').allTextContents()
  }

  option(name: string | RegExp): Locator {
    return this.page.getByRole('option', { name })
  }
}

export interface Opened extends AsyncDisposable {
  app: App
  inspector: InspectorPage
  folder: string
}

/** Opens a pipeline beside a shop: a SQLite database with customers and orders. */
export async function openShop(pipeline: object, options: Parameters<typeof openApp>[0] = {}): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-inspector-'))
  const shop = new DatabaseSync(join(folder, 'shop.db'))
  shop.exec(`create table customers (id integer primary key, name text not null, country text);
    create table orders (id integer primary key, customer_id integer, amount decimal(12,2), status text);
    insert into customers values (1, 'Ada', 'GB');
    insert into orders values (1, 1, 120.50, 'paid'), (2, 1, 7, 'open')`)
  shop.close()
  writeFileSync(join(folder, 'connections.json'), JSON.stringify({ shop: 'sqlite:shop.db' }))
  const app = await openApp(options)
  // The sample of a new workspace comes first; later it would take the place of what is opened here.
  await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
  await openPipeline(app.page, folder, { name: 'Shop', ...pipeline })
  return {
    app,
    inspector: new InspectorPage(app.page),
    folder,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const orders = { kind: 'table', config: { connection: 'shop', table: 'orders' } }
export const customers = { kind: 'table', config: { connection: 'shop', table: 'customers' } }
