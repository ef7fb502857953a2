import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openApp, startServer } from '../helpers/app.ts'
import { filesPage } from './files-page.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-drafts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A pipeline file. @returns its path */
function written(): string {
  const path = join(folder, 'hand.pipeline.json')
  const numbers = { kind: 'rows', config: { columns: [{ name: 'n', type: 'int64' }], rows: [[1], [2]] } }
  const nodes = { numbers, big: { kind: 'filter', config: { where: 'n > 1' } } }
  writeFileSync(path, JSON.stringify({ sluice: 1, name: 'By hand', nodes, edges: [{ from: 'numbers', to: 'big' }] }))
  return path
}

/** Files that the workspace keeps for what is not saved, whichever window has it. */
const draftsIn = (home: string, ending = '.json') =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.startsWith('drafts') && name.endsWith(ending),
  )

/** Which tab the workspace would bring to the front. */
function rememberedTab(home: string): unknown {
  using workspace = new DatabaseSync(join(home, 'workspace.db'), { readOnly: true })
  const stored = workspace.prepare("select value from settings where key = 'screen'").get()?.value
  return JSON.parse(String(stored)).layout['window.tabs']?.active
}

const saved = (path: string) => readFileSync(path, 'utf8')

describe('unsaved work', () => {
  it('is asked about when its tab is closed', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    const path = written()
    await files.open(path)
    await files.tab('By hand').waitFor()
    await files.add('sort')
    await files.tab('By hand unsaved').waitFor()
    const question = page.getByRole('dialog', { name: 'Save the changes?' })
    await page.keyboard.press('Alt+w')
    await question.getByRole('button', { name: 'Cancel' }).click()
    await question.waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+w')
    await question.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => files.tabs()).toEqual(['Airports'])
    expect(saved(path)).toContain('"kind": "sort"')

    await files.open(path)
    await files.tab('By hand').waitFor()
    await files.add('limit')
    await page.keyboard.press('Alt+w')
    await question.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => files.tabs()).toEqual(['Airports'])
    expect(saved(path)).not.toContain('"kind": "limit"')
    expect(complaints).toEqual([])
  })

  it('and open tabs are there again after the program was killed', async () => {
    const home = join(folder, 'home')
    const path = written()
    const drafts = () => draftsIn(home)
    {
      const server = await startServer({ home })
      await using app = await openApp({ server })
      const files = filesPage(app.page)
      await files.tab('Airports').waitFor()
      await files.open(path)
      await files.tab('By hand').waitFor()
      await files.add('sort')
      await app.page.keyboard.press('Alt+n')
      await files.tab('Untitled').waitFor()
      await files.add('limit')
      await app.page.keyboard.press('Alt+2')
      await expect.poll(drafts).toHaveLength(2)
      await expect.poll(() => rememberedTab(home)).toBe(1)
      await server.kill()
    }
    const server = await startServer({ home })
    try {
      await using app = await openApp({ server })
      const files = filesPage(app.page)
      await files.tab('Untitled unsaved').waitFor()
      expect(await files.tabs()).toEqual(['Airports', 'By hand unsaved', 'Untitled unsaved'])
      await files.card('Sort').waitFor()
      expect(await app.page.getByRole('tab', { selected: true, name: 'By hand' }).count()).toBe(1)
      await files.canvas.focus()
      await app.page.keyboard.press('Control+z')
      await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand', 'Untitled unsaved'])
      await expect.poll(drafts).toHaveLength(1)
      await app.page.keyboard.press('Control+Shift+z')
      await app.page.keyboard.press('Control+s')
      await expect.poll(() => saved(path)).toContain('"kind": "sort"')
      await expect.poll(drafts).toHaveLength(1)
      expect(app.complaints).toEqual([])
    } finally {
      await server.stop()
    }
  })

  it('of two windows stays each window’s own, through a reload, until one is gone', async () => {
    await using app = await openApp()
    const { page: first, server, context, complaints } = app
    const path = written()
    const files = filesPage(first)
    await files.tab('Airports').waitFor()
    await files.open(path)
    await files.tab('By hand').waitFor()
    await files.add('sort')
    await first.keyboard.press('Alt+n')
    await files.tab('Untitled').waitFor()
    await files.add('limit')
    await expect.poll(() => draftsIn(server.home)).toHaveLength(2)

    const second = await context.newPage()
    await second.goto(server.url)
    const others = filesPage(second)
    await others.tab('By hand').waitFor()
    // Its file, not what the first window made of it; and nothing of what only the first one has.
    await expect.poll(() => others.tabs()).toEqual(['Airports', 'By hand'])
    await others.card('big').waitFor()
    await others.add('union')
    await others.tab('By hand unsaved').waitFor()
    await expect.poll(() => draftsIn(server.home)).toHaveLength(3)

    await first.reload()
    await files.tab('Untitled unsaved').waitFor()
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand unsaved', 'Untitled unsaved'])
    await files.tab('By hand').click()
    await files.card('Sort').waitFor()
    expect(await files.card('Union').count()).toBe(0)
    await second.reload()
    await others.card('Union').waitFor()
    await expect.poll(() => others.tabs()).toEqual(['Airports', 'By hand unsaved'])

    await first.close()
    await expect.poll(() => draftsIn(server.home, 'held')).toHaveLength(1)
    const third = await context.newPage()
    await third.goto(server.url)
    const heirs = filesPage(third)
    await heirs.tab('Untitled unsaved').click()
    await heirs.card('Limit').waitFor()
    await heirs.tab('By hand unsaved').click()
    await heirs.card('Sort').waitFor()
    expect(await draftsIn(server.home)).toHaveLength(3)
    expect(complaints).toEqual([])
  })
})
