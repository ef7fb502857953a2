import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type App, openApp } from '../helpers/app.ts'
import { dist } from '../helpers/dist.ts'
import { filesPage } from './files-page.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A pipeline in a format of one's own: saving must not touch what nobody changed. */
const handwritten = `{
    "sluice": 1, "name": "By hand",
    "nodes": { "numbers": { "kind": "rows", "config": { "columns": [{"name": "n", "type": "int64"}], "rows": [["1"],  ["2"]] } },
               "big":     { "kind": "filter", "config": { "where": "n > 1" } } },
    "edges": [ { "from": "numbers", "to": "big" } ]
}`

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What `sluice run` prints. */
async function run(path: string, home: string): Promise<string> {
  const env = { ...process.env, SLUICE_HOME: home, NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [join(dist, 'main', 'cli.js'), 'run', path], { env })
  return stdout
}

const saved = (path: string) => readFileSync(path, 'utf8')

async function handwrittenApp(): Promise<{ app: App; path: string; files: ReturnType<typeof filesPage> }> {
  const app = await openApp()
  const files = filesPage(app.page)
  await files.tab('Airports').waitFor()
  const path = write('hand.pipeline.json', handwritten)
  await files.open(path)
  await files.tab('By hand').waitFor()
  return { app, path, files }
}

describe('a new pipeline', () => {
  it('is saved through the dialog in the page, closed, reopened and found among recent files', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const files = filesPage(page)
    await files.startNew()
    await files.add('rows')
    await files.tab('Untitled unsaved').waitFor()

    await page.keyboard.press('Control+Shift+s')
    const dialog = page.getByRole('dialog', { name: 'Save pipeline as' })
    await dialog.getByRole('button', { name: 'Type a path' }).click()
    await dialog.getByRole('textbox', { name: 'Path' }).fill(folder)
    await page.keyboard.press('Enter')
    await dialog.getByText('Nothing of this kind is in the folder.').waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill(join(folder, 'nowhere', 'first steps'))
    await page.keyboard.press('Enter')
    await dialog.getByText(`There is no folder ${join(folder, 'nowhere')}.`).waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('first steps')
    await page.keyboard.press('Enter')
    await files.tab('first steps').waitFor()
    const path = join(folder, 'first steps.pipeline.json')
    await expect.poll(() => existsSync(path)).toBe(true)
    expect(JSON.parse(saved(path))).toMatchObject({ name: 'first steps', nodes: { rows: { kind: 'rows' } } })
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'first steps'])

    await page.keyboard.press('Alt+w')
    await expect.poll(() => files.tabs()).toEqual(['Airports'])
    await page.keyboard.press('Alt+Shift+t')
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'first steps'])
    await page.keyboard.press('Alt+w')
    await page.keyboard.press('Alt+w')
    await page.getByRole('heading', { name: 'Recent' }).waitFor()
    await page.getByRole('button', { name: /^first steps/ }).click()
    await files.tab('first steps').waitFor()
    expect(complaints).toEqual([])
  })

  it('asks before it replaces a file', async () => {
    await using app = await openApp()
    const { page } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    const path = write('taken.pipeline.json', handwritten)
    await page.keyboard.press('Alt+n')
    await files.tab('Untitled').waitFor()
    await page.keyboard.press('Control+s')
    const dialog = page.getByRole('dialog', { name: 'Save pipeline as' })
    await dialog.getByRole('button', { name: 'Type a path' }).click()
    await dialog.getByRole('textbox', { name: 'Path' }).fill(folder)
    await page.keyboard.press('Enter')
    await dialog.getByRole('option', { name: 'taken.pipeline.json' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    const question = page.getByRole('dialog', { name: 'Replace the file?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await question.waitFor({ state: 'detached' })
    expect(saved(path)).toBe(handwritten)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await question.getByRole('button', { name: 'Replace' }).click()
    await expect.poll(() => saved(path)).not.toBe(handwritten)
  })
})

describe('a file', () => {
  it('stays byte for byte while nothing is changed, and runs the same on the command line before and after a change', async () => {
    const { app, path, files } = await handwrittenApp()
    await using _ = app
    const { page, server, complaints } = app
    const before = await run(path, server.home)
    expect(before).toContain('2')
    await page.keyboard.press('Control+s')
    await files.card('big').click()
    await page.keyboard.press('F2')
    await page.keyboard.type('Large')
    await page.keyboard.press('Enter')
    await files.tab('By hand unsaved').waitFor()
    expect(saved(path)).toBe(handwritten)
    await page.keyboard.press('Control+z')
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand'])
    await page.keyboard.press('Control+s')
    await page.keyboard.press('Control+Shift+z')
    await files.tab('By hand unsaved').waitFor()
    expect(saved(path)).toBe(handwritten)
    await page.keyboard.press('Control+s')
    await expect.poll(() => saved(path)).toContain('"title": "Large"')
    expect(await run(path, server.home)).toBe(before)
    expect(complaints).toEqual([])
  })

  it('that another program changes can be compared, reloaded, or kept as it is here', async () => {
    const { app, path, files } = await handwrittenApp()
    await using _ = app
    const { page, complaints } = app
    writeFileSync(path, handwritten.replace('n > 1', 'n > 5'))
    const banner = page.getByRole('status').filter({ hasText: 'was changed by another program' })
    await banner.waitFor()
    await banner.getByRole('button', { name: 'Compare' }).click()
    const comparison = page.getByRole('dialog', { name: 'What differs on disk' })
    await comparison.getByText('node big').waitFor()
    await comparison.getByText('n > 5').waitFor()
    await comparison.getByRole('button', { name: 'Reload' }).click()
    await banner.waitFor({ state: 'detached' })
    await files.card('n > 5').waitFor()
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand'])
    await files.canvas.focus()
    await page.keyboard.press('Control+z')
    await files.card('n > 1').waitFor()
    await page.keyboard.press('Control+Shift+z')

    writeFileSync(path, handwritten.replace('n > 1', 'n > 7'))
    await banner.getByRole('button', { name: 'Keep mine' }).click()
    await banner.waitFor({ state: 'detached' })
    await files.tab('By hand unsaved').waitFor()
    await page.keyboard.press('Control+s')
    await expect.poll(() => saved(path)).toContain('n > 5')
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand'])

    rmSync(path)
    const gone = page.getByRole('status').filter({ hasText: 'was removed from the disk' })
    await gone.getByRole('button', { name: 'Save again' }).click()
    await expect.poll(() => existsSync(path)).toBe(true)
    await gone.waitFor({ state: 'detached' })

    await files.canvas.focus()
    await page.keyboard.press('Control+z')
    await files.tab('By hand unsaved').waitFor()
    rmSync(path)
    await gone.waitFor()
    // Nobody else's work is lost by it, so nothing is asked.
    await page.keyboard.press('Control+s')
    await expect.poll(() => existsSync(path)).toBe(true)
    await gone.waitFor({ state: 'detached' })
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand'])
    expect(complaints).toEqual([])
  })

  it('changed on both sides is not lost to a save: the user decides', async () => {
    const { app, path, files } = await handwrittenApp()
    await using _ = app
    const { page, complaints } = app
    await files.add('sort')
    await files.tab('By hand unsaved').waitFor()
    const theirs = handwritten.replace('n > 1', 'n > 5')
    writeFileSync(path, theirs)
    await page.keyboard.press('Control+s')
    const question = page.getByRole('dialog', { name: 'The file was changed by another program' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    expect(saved(path)).toBe(theirs)
    await files.tab('By hand unsaved').waitFor()
    await page.keyboard.press('Control+s')
    await question.getByRole('button', { name: 'Replace' }).click()
    await expect.poll(() => saved(path)).toContain('"kind": "sort"')
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand'])
    expect(complaints).toEqual([])
  })

  it('that is no pipeline says so with its line, and opens once it is mended', async () => {
    await using app = await openApp()
    const { page } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    const broken = '{\n  "sluice": 1,\n  "name": "Broken"\n  "nodes": {}\n}\n'
    const path = write('broken.pipeline.json', broken)
    await files.open(path)
    const alert = page.getByRole('alert').filter({ hasText: 'broken.pipeline.json is not a readable pipeline' })
    await alert.getByText(/^Line 4, column 3/).waitFor()
    await page.keyboard.press('Control+s')
    expect(saved(path)).toBe(broken)
    writeFileSync(path, handwritten)
    await alert.getByRole('button', { name: 'Try again' }).click()
    await files.tab('By hand').waitFor()
    await expect.poll(() => files.tabs()).toEqual(['Airports', 'By hand'])
  })

  it('of a newer version is refused and left untouched', async () => {
    await using app = await openApp()
    const { page } = app
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    const newer = handwritten.replace('"sluice": 1', '"sluice": 99')
    const path = write('newer.pipeline.json', newer)
    await files.open(path)
    await page.getByRole('alert').filter({ hasText: 'is from a newer version of Sluice' }).waitFor()
    await page.keyboard.press('Control+s')
    expect(saved(path)).toBe(newer)
  })
})

describe('the file dialog', () => {
  it('goes to the path that is typed although the folder becomes known only then', async () => {
    await using app = await openApp()
    const { page, complaints } = app
    const path = write('measured.csv', 'id,value\n1,2\n')
    const answers = await heldBack(page)
    await page.reload()
    const files = filesPage(page)
    await files.tab('Airports').waitFor()
    answers.hold()
    await page.keyboard.press('Control+Shift+o')
    await page.getByText('Reading the folder…').waitFor()
    await page.keyboard.press('/')
    const field = page.getByRole('textbox', { name: 'Path' })
    await expect.poll(() => field.inputValue()).toBe('')
    answers.letGo()
    await expect.poll(() => field.inputValue()).not.toBe('')
    await page.keyboard.type(path)
    expect(await field.inputValue()).toBe(path)
    await page.keyboard.press('Enter')
    await files.card('measured').waitFor()
    expect(complaints).toEqual([])
  })
})

/** The answers of the server, which reach the page only when they are let go. Counts from when the page is loaded next. */
async function heldBack(page: Page): Promise<{ hold(): void; letGo(): void }> {
  let kept: (() => void)[] | null = null
  await page.routeWebSocket(/key=/, (route) => {
    const server = route.connectToServer()
    server.onMessage((message) => {
      if (kept) kept.push(() => route.send(message))
      else route.send(message)
    })
  })
  return {
    hold() {
      kept = []
    },
    letGo() {
      const all = kept ?? []
      kept = null
      for (const send of all) send()
    },
  }
}
