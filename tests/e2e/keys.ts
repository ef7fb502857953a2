import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'
import { type Pipeline, pipelineSchema } from '../../shared/pipeline/schema.ts'

/** Whether something, or a part of it, has the focus. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  target.first().evaluate((element) => element.contains(document.activeElement))

/** Waits until something has the focus. */
export const focused = (target: Locator) => expect.poll(() => hasFocus(target)).toBe(true)

/** In an editor of code Tab indents, until Escape was pressed. */
const inCode = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement?.closest('[data-code-editor]') !== null)

/** Goes on by Tab until something has the focus, as one does without a mouse. */
export async function tabTo(page: Page, target: Locator, { back = false, most = 60 } = {}): Promise<void> {
  await target.first().waitFor()
  for (let press = 0; press < most; press++) {
    if (await hasFocus(target)) return
    if (await inCode(page)) await page.keyboard.press('Escape')
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`Tab does not reach ${target} in ${most} presses.`)
}

/** Goes on by F6 from one part of the window to the next, until one has the focus. */
export async function regionTo(page: Page, region: Locator): Promise<void> {
  for (let press = 0; press < 8; press++) {
    if (await hasFocus(region)) return
    await page.keyboard.press('F6')
  }
  throw new Error(`F6 does not reach ${region}.`)
}

/** Does a command by its name in the palette. */
export async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  const search = page.getByRole('textbox', { name: /Search commands/ })
  await focused(search)
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await search.waitFor({ state: 'detached' })
}

/** Goes to a field, and types what is to be in it instead of what is. */
export async function fill(page: Page, field: Locator, text: string, { back = false } = {}): Promise<void> {
  await tabTo(page, field, { back })
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

/** Goes to a button and presses it. */
export async function press(page: Page, button: Locator, { back = false } = {}): Promise<void> {
  await tabTo(page, button, { back })
  await page.keyboard.press('Enter')
}

/** Chooses in the list that a field shows, by arrows. */
export async function chooseOption(page: Page, name: string | RegExp): Promise<void> {
  const option = page
    .getByRole('listbox')
    .getByRole('option', { name, ...(typeof name === 'string' && { exact: true }) })
  await option.waitFor()
  const active = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-activedescendant') ?? document.activeElement?.id)
  for (let presses = 0; presses < 40; presses++) {
    const id = await option.getAttribute('id')
    if (id !== null && id === (await active())) {
      await page.keyboard.press('Enter')
      return
    }
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`Arrows do not reach ${option}.`)
}

/** Opens a pipeline by its path. */
export async function openByKeys(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+o')
  const dialog = page.getByRole('dialog', { name: 'Open' })
  await focused(dialog.getByRole('listbox'))
  await press(page, dialog.getByRole('button', { name: 'Type a path' }), { back: true })
  await focused(dialog.getByRole('textbox', { name: 'Path', exact: true }))
  await page.keyboard.press('Control+a')
  await page.keyboard.type(path)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
}

/**
 * Goes through an open menu by arrows to an item, and chooses it. A menu that is left fades away; the next may have items of the same names.
 * @param key which opens it, where it is a menu itself
 */
export async function chooseItem(page: Page, name: string | RegExp, key = 'Enter'): Promise<void> {
  const item = page.getByRole('menuitem', { name, ...(typeof name === 'string' && { exact: true }) })
  await item.waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role="menu"]') !== null)).toBe(true)
  for (let press = 0; press < 40; press++) {
    if (await hasFocus(item)) {
      await page.keyboard.press(key)
      if (key === 'Enter') await item.waitFor({ state: 'detached' })
      return
    }
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`Arrows do not reach ${item}.`)
}

/** Picks a node, or whatever else is found by these words, on the canvas. */
export async function findNode(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+f')
  await focused(page.getByRole('combobox', { name: 'Find a node' }))
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

/**
 * Chooses among the names that an editor of code offers for what stands at its end. Such a list takes keys only once it could be seen: it does
 * when an arrow moves in it.
 */
export async function chooseName(page: Page, name: RegExp): Promise<void> {
  const list = page.getByRole('listbox', { name: 'Completions' })
  const option = list.getByRole('option', { name }).first()
  await option.waitFor()
  const chosen = () => list.getByRole('option', { selected: true }).getAttribute('id')
  const first = await chosen()
  let moved = false
  for (let presses = 0; presses < 100; presses++) {
    if (moved && (await chosen()) === (await option.getAttribute('id'))) {
      await page.keyboard.press('Enter')
      await list.waitFor({ state: 'detached' })
      return
    }
    await page.keyboard.press('ArrowDown')
    moved ||= (await chosen()) !== first
  }
  throw new Error(`Arrows do not reach ${option}.`)
}

/** Saves, and looks into the file. */
export function saved(page: Page, path: string, part: (pipeline: Pipeline) => unknown) {
  const saving = page.keyboard.press('Control+s')
  return expect.poll(async () => {
    await saving
    return part(pipelineSchema.parse(JSON.parse(await readFile(path, 'utf8'))))
  })
}
