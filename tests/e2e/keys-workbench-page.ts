import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'
import { chooseOption, focused, press, regionTo, tabTo } from './keys.ts'

/** The workbench for whoever has no mouse: its parts, and the ways to them. */
export class KeysBench {
  readonly page: Page
  readonly editor: Locator
  readonly results: Locator
  readonly side: Locator
  readonly messages: Locator

  constructor(page: Page) {
    this.page = page
    this.editor = page.getByRole('textbox', { name: /^SQL of/ })
    this.results = page
      .locator('[data-region]')
      .filter({ has: page.getByRole('tablist', { name: 'Results', exact: true }) })
    this.side = page.getByRole('complementary', { name: 'Database and queries' })
    this.messages = page.getByRole('list', { name: 'Messages' })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  /** The tab of a result that is in front. */
  result(name: string): Locator {
    return this.page.getByRole('tab', { name, selected: true })
  }

  cell(row: number, column: number): Locator {
    return this.results.locator(`[row-index="${row}"] [role="gridcell"][col-id="${column}"]`)
  }

  /** The part of the window that the editor is in. */
  get editing(): Locator {
    return this.page.locator('[data-region]').filter({ has: this.editor })
  }

  /** A new query, in the connection of the one before it. */
  async begin(): Promise<void> {
    await this.page.keyboard.press('Alt+q')
    await this.page.keyboard.press('Alt+n')
    await expect.poll(() => this.editor.textContent()).toBe('select …')
    await focused(this.editor)
  }

  ended(): Promise<void> {
    // A question that fades away has a button of that name as well.
    return this.page.getByRole('toolbar', { name: 'Query' }).getByRole('button', { name: 'Run', exact: true }).waitFor()
  }

  /** Types SQL over what the query in front holds. */
  async write(sql: string): Promise<void> {
    // Rows stand there before a run has ended, and until then nothing else is run.
    await this.ended()
    await regionTo(this.page, this.editing)
    await tabTo(this.page, this.editor, { back: true })
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.insertText(sql)
  }

  async run(sql: string): Promise<void> {
    await this.write(sql)
    await this.page.keyboard.press('Control+Enter')
  }

  /** Shows tables, saved queries or the history on the left. */
  async look(name: 'Tables' | 'Saved' | 'History'): Promise<void> {
    await regionTo(this.page, this.side)
    await tabTo(this.page, this.page.getByRole('radiogroup', { name: 'Show' }), { back: true })
    const radio = this.page.getByRole('radio', { name })
    for (let presses = 0; presses < 3 && !(await radio.isChecked()); presses++)
      await this.page.keyboard.press('ArrowRight')
    await expect.poll(() => radio.isChecked()).toBe(true)
  }

  /** Into the grid, at the first cell of its first row. @param column its first */
  async enterGrid(column: string): Promise<void> {
    await regionTo(this.page, this.results)
    await tabTo(this.page, this.results.getByRole('columnheader').first())
    await this.page.keyboard.press('ArrowRight')
    await focused(this.results.getByRole('columnheader', { name: new RegExp(`^${column}\\b`) }))
    await this.page.keyboard.press('ArrowDown')
    await focused(this.cell(0, 0))
  }

  async pickConnection(name: string): Promise<void> {
    await regionTo(this.page, this.side)
    await press(this.page, this.button(/^Connection:/), { back: true })
    await chooseOption(this.page, new RegExp(`^${name}\\b`))
    await focused(this.button(new RegExp(`^Connection: ${name}\\b`)))
  }
}
