import type { Locator, Page } from 'playwright'
import { expect, it } from 'vitest'
import { type CanvasPage, openSample } from './canvas-page.ts'

const codes: Record<string, number> = { Tab: 9, F1: 112, F2: 113 }

/** What the browser is told of keys that are struck as fast as can be, none waiting for what the one before it did. */
async function strike(page: Page, shortcut: string, text: string): Promise<void> {
  const parts = shortcut.split('+')
  const last = parts.at(-1) ?? ''
  const modifiers = (parts.includes('Control') ? 2 : 0) + (parts.includes('Shift') ? 8 : 0)
  const first = { key: last, windowsVirtualKeyCode: codes[last] ?? last.charCodeAt(0), modifiers }
  const letters = [...text].map((key) => ({ key, text: key, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0) }))
  const keys = await page.context().newCDPSession(page)
  const sent = [first, ...letters].flatMap((stroke) => [
    keys.send('Input.dispatchKeyEvent', { type: 'keyDown', ...stroke }),
    keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke }),
  ])
  await Promise.all(sent)
  await keys.detach()
}

/** Where letters end up that follow a key of the canvas at once. */
async function struck(page: Page, canvas: CanvasPage, shortcut: string, into: Locator, whole = 'xyz') {
  await canvas.canvas.focus()
  await strike(page, shortcut, 'xyz')
  await into.waitFor()
  expect(await into.inputValue(), shortcut).toBe(whole)
  await page.keyboard.press('Escape')
  await into.waitFor({ state: 'detached' })
}

it('takes letters that are typed right after the key which opens what they are for', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  await canvas.card('Airports').click()
  const palette = page.getByRole('textbox', { name: 'Search commands, pipelines and nodes' })
  for (const key of ['Control+K', 'F1', 'Control+K']) await struck(page, canvas, key, palette)
  await struck(page, canvas, 'Control+F', page.getByRole('combobox', { name: 'Find a node' }))
  await struck(page, canvas, 'Tab', page.getByRole('combobox', { name: 'Add a node' }))
  await struck(page, canvas, 'C', page.getByRole('combobox', { name: 'Connect to' }))
  await struck(page, canvas, 'F2', page.getByRole('textbox', { name: 'Name' }))
  await struck(
    page,
    canvas,
    'Control+Shift+S',
    page.getByRole('dialog').getByRole('textbox', { name: 'Name' }),
    'xyz.pipeline.json',
  )
  await struck(page, canvas, 'Control+G', page.getByRole('textbox', { name: 'Title' }))
  await canvas.undo()
  await struck(page, canvas, 'N', page.getByRole('textbox', { name: 'Text of the note' }))
  expect(complaints).toEqual([])
})

it('finds a file by letters that are typed before the folder has been read', async () => {
  await using app = await openSample()
  const { page, canvas, complaints } = app
  await canvas.canvas.focus()
  await strike(page, 'Control+O', 'air')
  await page
    .getByRole('dialog')
    .getByRole('option', { name: /^airports\.pipeline\.json/, selected: true })
    .waitFor()
  expect(complaints).toEqual([])
})
