import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { App } from '../helpers/app.ts'
import { type CanvasPage, openSample } from './canvas-page.ts'
import { chooseItem, command, findNode, focused, saved } from './keys.ts'
import { openPipeline } from './open.ts'

const given = {
  name: 'Rest',
  nodes: {
    one: { kind: 'rows', config: {} },
    two: { kind: 'filter', config: {} },
    three: { kind: 'sort', config: {} },
    other: { kind: 'rows', config: {} },
    spare: { kind: 'rows', config: {} },
    both: { kind: 'join', title: 'Both of them', config: {} },
  },
  edges: [
    { from: 'one', to: 'two' },
    { from: 'two', to: 'three' },
  ],
  groups: { inputs: { title: 'Inputs', nodes: ['other', 'spare'] } },
  notes: { paper: { text: 'Ask Ana', at: [300, 240], size: [120, 80] } },
  layout: { one: [0, 0], two: [300, 20], three: [700, 100], other: [0, 260], spare: [0, 360], both: [700, 300] },
}

/** What is done on the canvas by the mouse in other specs, by keys alone. */
let app: App & { canvas: CanvasPage }
let canvas: CanvasPage
let page: App['page']
let path: string
const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
beforeAll(async () => {
  app = await openSample()
  ;({ canvas, page } = app)
  path = await openPipeline(page, folder, given)
  await canvas.card('Both of them').waitFor()
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const inFile = (part: (pipeline: Pipeline) => unknown) => saved(page, path, part)

/** Finds something on the canvas, and waits until it is picked. */
async function pick(words: string, element: string): Promise<void> {
  await findNode(page, words)
  await expect.poll(() => canvas.canvas.getAttribute('aria-activedescendant')).toBe(element)
  await focused(canvas.canvas)
}

/** Connects what is picked to what is found first by some words. */
async function connectTo(words: string, found: string | RegExp): Promise<void> {
  await page.keyboard.press('c')
  await focused(page.getByRole('combobox', { name: 'Connect to' }))
  await page.keyboard.type(words)
  await page.getByRole('option', { name: found, selected: true }).waitFor()
  await page.keyboard.press('Enter')
}

const notice = (text: string) => page.getByRole('alert').filter({ hasText: text })
const layoutOf = (along: 0 | 1) => (pipeline: Pipeline) =>
  ['one', 'two', 'three'].map((id) => pipeline.layout[id]?.[along])
const put = (text: string) => page.evaluate((copied) => navigator.clipboard.writeText(copied), text)

test('a note is made larger and smaller', async () => {
  await pick('ana', 'note-paper')
  const note = canvas.canvas.getByRole('article', { name: 'Note: Ask Ana' })
  const before = await note.boundingBox()
  for (let press = 0; press < 3; press++) await page.keyboard.press('Alt+Shift+ArrowRight')
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await inFile(({ notes }) => notes.paper?.size).toEqual([180, 100])
  await expect.poll(async () => ((await note.boundingBox())?.width ?? 0) > (before?.width ?? 0)).toBe(true)
  for (let press = 0; press < 6; press++) await page.keyboard.press('Alt+Shift+ArrowLeft')
  for (let press = 0; press < 6; press++) await page.keyboard.press('Alt+Shift+ArrowUp')
  await inFile(({ notes }) => notes.paper).toEqual({ ...given.notes.paper, size: [80, 40] })
  await focused(canvas.canvas)
})

test('nodes are distributed', async () => {
  await pick('one', 'card-one')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => page.locator('.react-flow__node.selected').count()).toBe(3)
  await command(page, 'distribute horizontally')
  await inFile(layoutOf(0)).toEqual([0, 350, 700])
  await focused(canvas.canvas)
  await page.keyboard.press('Shift+F10')
  await chooseItem(page, 'Distribute vertically')
  await inFile(layoutOf(1)).toEqual([0, 50, 100])
  await focused(canvas.canvas)
  await canvas.undo()
  await inFile(layoutOf(1)).toEqual([0, 20, 100])
})

test('the menu of what is out of sight can be seen', async () => {
  await pick('one', 'card-one')
  await page.keyboard.press('Control+a')
  // The last node that is picked tells where the menu opens.
  await expect
    .poll(async () => {
      const [last, seen] = [await canvas.card('Both of them').boundingBox(), await canvas.canvas.boundingBox()]
      return last && seen && last.x > seen.x + seen.width
    })
    .toBe(true)
  await page.keyboard.press('Shift+F10')
  await focused(page.getByRole('menu', { name: 'What can be done' }))
  await page.getByRole('menuitem', { name: /^Delete/ }).waitFor()
  await page.keyboard.press('Escape')
  await focused(canvas.canvas)
})

test('a group gets its next colour, and a node leaves it', async () => {
  await pick('inputs', 'group-inputs')
  const frame = canvas.canvas.getByRole('figure', { name: 'Group Inputs' })
  await expect.poll(() => frame.getAttribute('data-color')).toBe('gray')
  await page.keyboard.press('Shift+F10')
  await chooseItem(page, 'Next colour')
  await expect.poll(() => frame.getAttribute('data-color')).not.toBe('gray')
  await focused(canvas.canvas)
  await pick('spare', 'card-spare')
  await page.keyboard.press('Shift+F10')
  await chooseItem(page, 'Take out of the group')
  await inFile(({ groups }) => groups.inputs?.nodes).toEqual(['other'])
  await focused(canvas.canvas)
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: /^Rename/ }).waitFor()
  expect(await page.getByRole('menuitem', { name: 'Take out of the group' }).count()).toBe(0)
  await page.keyboard.press('Escape')
  await focused(canvas.canvas)
})

test('an edge that would make a circle is refused, and says why', async () => {
  await pick('three', 'card-three')
  const reason = 'three already waits for two: the edges would go in a circle.'
  await connectTo('two', reason)
  await notice(reason).waitFor()
  await focused(canvas.canvas)
  await inFile(({ edges }) => edges).toEqual(given.edges)
})

test('a port is found by its name', async () => {
  await pick('other', 'card-other')
  await connectTo('right', /^Both of them · right/)
  await inFile(({ edges }) => edges).toEqual([...given.edges, { from: 'other', to: 'both', toPort: 'right' }])
  await focused(canvas.canvas)
})

test('an edge takes the place of the one that an input has', async () => {
  await pick('spare', 'card-spare')
  await connectTo('three', /^three/)
  await canvas.edge('spare', 'three').waitFor({ state: 'attached' })
  await canvas.edge('two', 'three').waitFor({ state: 'detached' })
  await focused(canvas.canvas)
  await canvas.undo()
  await canvas.edge('two', 'three').waitFor({ state: 'attached' })
  await canvas.edge('spare', 'three').waitFor({ state: 'detached' })
})

test('a table from a spreadsheet and SQL are pasted', async () => {
  await put('id\tname\n1\tAda\n2\tGrace')
  await page.keyboard.press('Control+v')
  await expect.poll(() => canvas.canvas.getAttribute('aria-activedescendant')).toBe('card-rows')
  await inFile(({ nodes }) => nodes.rows?.config).toEqual({
    columns: [
      { name: 'id', type: 'int64' },
      { name: 'name', type: 'text' },
    ],
    rows: [
      [1, 'Ada'],
      [2, 'Grace'],
    ],
  })
  await focused(canvas.canvas)
  await put('select * from orders where amount > 100')
  await page.keyboard.press('Control+v')
  await expect.poll(() => canvas.canvas.getAttribute('aria-activedescendant')).toBe('card-query')
  await inFile(({ nodes }) => [nodes.query?.kind, nodes.query?.config.sql]).toEqual([
    'query',
    'select * from orders where amount > 100',
  ])
  await focused(canvas.canvas)
})
