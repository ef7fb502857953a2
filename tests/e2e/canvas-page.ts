import type { Locator, Page } from 'playwright'
import { type App, openApp } from '../helpers/app.ts'

/** A canvas as a person sees and drives it. */
export class CanvasPage {
  readonly page: Page
  readonly canvas: Locator

  constructor(page: Page) {
    this.page = page
    this.canvas = page.getByRole('application', { name: 'Canvas' })
  }

  /** A card by the name on it. */
  card(name: string): Locator {
    return this.canvas.getByRole('article', { name: new RegExp(`^${name}, `) })
  }

  cards(): Locator {
    return this.canvas.locator('.react-flow__node-card')
  }

  edge(from: string, to: string): Locator {
    return this.canvas.getByRole('img', { name: `Edge from ${from} to ${to}` })
  }

  edges(): Locator {
    return this.canvas.locator('.react-flow__edge')
  }

  /** A point of the canvas in the window, from its top left corner. */
  async at(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.canvas.boundingBox()
    return { x: (box?.x ?? 0) + x, y: (box?.y ?? 0) + y }
  }

  async click(x: number, y: number): Promise<void> {
    const point = await this.at(x, y)
    await this.page.mouse.click(point.x, point.y)
  }

  /** Drags an item of the palette to a point of the canvas. */
  async drag(kind: string, x: number, y: number): Promise<void> {
    const item = this.page.getByRole('tabpanel', { name: 'Nodes' }).getByRole('button', { name: kind, exact: true })
    await item.dragTo(this.canvas, { targetPosition: { x, y } })
  }

  /** Opens the menu of what can be added by a double click, and adds the first kind it finds. */
  async addAt(x: number, y: number, typed: string): Promise<void> {
    const point = await this.at(x, y)
    await this.page.mouse.dblclick(point.x, point.y)
    await this.page.getByRole('combobox', { name: 'Add a node' }).fill(typed)
    await this.page.keyboard.press('Enter')
  }

  async centreOf(target: Locator): Promise<{ x: number; y: number }> {
    const box = await target.boundingBox()
    if (!box) throw new Error('It cannot be seen.')
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  port(card: string, name: string, side: 'source' | 'target'): Locator {
    return this.canvas.locator(
      `.react-flow__node[data-id="${card}"] .react-flow__handle.${side}[data-handleid="${name}"]`,
    )
  }

  async dragBetween(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const { mouse } = this.page
    await mouse.move(from.x, from.y)
    await mouse.down()
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
    await mouse.move(to.x, to.y, { steps: 4 })
    await mouse.up()
  }

  async wire(from: string, fromPort: string, to: string, toPort: string): Promise<void> {
    await this.dragBetween(
      await this.centreOf(this.port(from, fromPort, 'source')),
      await this.centreOf(this.port(to, toPort, 'target')),
    )
  }

  async copied(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText())
  }

  /** @param html the same as a page, as spreadsheets put it beside */
  async pasteText(text: string, html?: string): Promise<void> {
    const copied = { 'text/plain': text, ...(html !== undefined && { 'text/html': html }) }
    await this.page.evaluate((parts) => {
      const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })] as const)
      return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))])
    }, copied)
    await this.page.keyboard.press('Control+V')
  }

  undo(): Promise<void> {
    return this.page.keyboard.press('Control+Z')
  }

  redo(): Promise<void> {
    return this.page.keyboard.press('Control+Shift+Z')
  }
}

/** The product with the first sample open. */
export async function openSample(options: Parameters<typeof openApp>[0] = {}): Promise<App & { canvas: CanvasPage }> {
  const app = await openApp(options)
  const canvas = new CanvasPage(app.page)
  await canvas.card('Airports').waitFor()
  return Object.assign(app, { canvas })
}

/** The product with nothing on the canvas. */
export async function openEmpty(options: Parameters<typeof openApp>[0] = {}): Promise<App & { canvas: CanvasPage }> {
  const app = await openSample(options)
  await app.canvas.canvas.focus()
  await app.page.keyboard.press('Control+A')
  await app.page.keyboard.press('Delete')
  await app.page
    .getByRole('heading', { name: 'Nothing here yet' })
    .or(app.page.getByText('Nothing here yet'))
    .first()
    .waitFor()
  await app.page.keyboard.press('1')
  await app.page.getByRole('button', { name: 'Zoom 100 %, reset' }).waitFor()
  return app
}
