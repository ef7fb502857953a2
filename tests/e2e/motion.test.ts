import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JSHandle, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../helpers/app.ts'
import { command, findNode, focused, press, regionTo, tabTo } from './keys.ts'
import { openPipeline } from './open.ts'
import { slow } from './runs-pipelines.ts'

/** What moves in the window: for everything that began to, how many milliseconds it takes; and each place that the canvas was seen at. */
interface Motion {
  took: Record<string, number>
  views: string[]
}

let app: App
let page: Page
let motion: JSHandle<Motion>
const folder = mkdtempSync(join(tmpdir(), 'sluice-motion-'))
beforeAll(async () => {
  app = await openApp({ context: { reducedMotion: 'reduce' } })
  page = app.page
  await openPipeline(page, folder, slow)
  motion = await follow()
})
afterAll(async () => {
  expect(app.complaints).toEqual([])
  await app[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const follow = () =>
  page.evaluateHandle(() => {
    const seen: Motion = { took: {}, views: [] }
    const put = (name: string, ms: number) => {
      seen.took[name] = Math.max(seen.took[name] ?? 0, ms)
    }
    const longest = (list: string) =>
      Math.max(...list.split(',').map((time) => Number.parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000)))
    const nameOf = (element: Element) => `${element.tagName.toLowerCase()} ${element.getAttribute('class') ?? ''}`
    const begun = (event: Event) => {
      if (!(event.target instanceof Element)) return
      const pseudo = 'pseudoElement' in event ? String(event.pseudoElement) : ''
      const style = getComputedStyle(event.target, pseudo || null)
      const { animationDuration, animationIterationCount, transitionDuration } = style
      const endless = animationIterationCount.includes('infinite')
      if (event.type === 'transitionrun') put(`${nameOf(event.target)}${pseudo}`, longest(transitionDuration))
      else put(`${nameOf(event.target)}${pseudo}`, endless ? Infinity : longest(animationDuration))
    }
    addEventListener('transitionrun', begun, true)
    addEventListener('animationstart', begun, true)
    // What a script moves by itself tells nobody.
    const look = () => {
      for (const { effect } of document.getAnimations()) {
        if (effect instanceof KeyframeEffect && effect.target)
          put(nameOf(effect.target), Number(effect.getComputedTiming().activeDuration ?? 0))
      }
      requestAnimationFrame(look)
    }
    look()
    new MutationObserver((records) => {
      for (const { target } of records) {
        if (!(target instanceof HTMLElement) || !target.matches('.react-flow__viewport')) continue
        const { transform } = target.style
        if (seen.views.at(-1) !== transform) seen.views.push(transform)
      }
    }).observe(document.body, { attributeFilter: ['style'], subtree: true })
    return seen
  })

const canvas = () => page.getByRole('application', { name: 'Canvas' })

/** What is done in the window that could move something. */
const deeds: Record<string, () => Promise<void>> = {
  async dialogs() {
    await page.keyboard.press('Control+k')
    await focused(page.getByRole('textbox', { name: /Search commands/ }))
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: /Search commands/ }).waitFor({ state: 'detached' })
    await command(page, 'samples')
    const samples = page.getByRole('dialog', { name: 'Samples' })
    await focused(samples.getByRole('button', { name: /^Airports/ }))
    await page.keyboard.press('Escape')
    await samples.waitFor({ state: 'detached' })
  },
  async menus() {
    await regionTo(page, page.getByRole('toolbar', { name: 'Pipeline' }))
    await press(page, page.getByRole('button', { name: 'Menu', exact: true }), { back: true })
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
  },
  async notices() {
    await command(page, 'copy pipeline as json')
    const notice = page.getByRole('alert').filter({ hasText: 'is on the clipboard' })
    await notice.first().waitFor()
  },
  async tree() {
    const left = page.getByRole('tablist', { name: 'Left panel' })
    await regionTo(page, left)
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const tree = page.getByRole('tree')
    await tabTo(page, tree)
    const branch = tree.getByRole('treeitem').first()
    await branch.waitFor()
    await page.keyboard.press('Home')
    for (const [key, open] of [
      ['ArrowLeft', 'false'],
      ['ArrowRight', 'true'],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(() => branch.getAttribute('aria-expanded')).toBe(open)
    }
    // F6 comes back to what had the focus here.
    await tabTo(page, left, { back: true })
  },
  async run() {
    await regionTo(page, canvas())
    // While nothing is picked, Escape stops.
    await page.keyboard.press('Escape')
    await page.keyboard.press('F5')
    await canvas()
      .getByRole('article', { name: /^crunch, .*Running/ })
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('status').getByText('Stopped').waitFor()
  },
  async switches() {
    await page.keyboard.press('Control+,')
    const theme = page.getByRole('radiogroup', { name: 'Theme' })
    await tabTo(page, theme)
    for (const [key, value] of [
      ['ArrowRight', 'Light'],
      ['ArrowLeft', 'System'],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(() => theme.getByRole('radio', { name: value }).isChecked()).toBe(true)
    }
    await page.keyboard.press('Alt+p')
    await canvas().waitFor()
  },
}

async function takenIn(deed: () => Promise<void>): Promise<Record<string, number>> {
  await motion.evaluate((seen) => {
    seen.took = {}
  })
  await deed()
  return motion.evaluate((seen) => seen.took)
}

const longer = (took: Record<string, number>, ms: number) => Object.entries(took).filter(([, one]) => one > ms)
/** Style sheets move something in these for as long as it is there; elsewhere it may be gone before it is seen to move. */
const sure = ['tree', 'run', 'switches']

test.each(Object.entries(deeds))('%s stand still where that is wanted', async (_, deed) => {
  expect(longer(await takenIn(deed), 1)).toEqual([])
})

test('the canvas is at once where it is to be', async () => {
  await regionTo(page, canvas())
  const viewport = page.locator('.react-flow__viewport')
  const moves = async (deed: () => Promise<void>) => {
    const before = await viewport.getAttribute('style')
    await motion.evaluate((seen) => {
      seen.views = []
    })
    await deed()
    await expect.poll(() => viewport.getAttribute('style')).not.toBe(before)
    // All that one deed moves has been told once the next frame is drawn.
    return motion.evaluate(
      (seen) => new Promise<number>((done) => requestAnimationFrame(() => done(seen.views.length))),
    )
  }
  const key = (name: string) => () => page.keyboard.press(name)
  for (const name of ['-', '1', '+', '0']) expect(await moves(key(name)), name).toBe(1)
  expect(await moves(() => findNode(page, 'crunch'))).toBe(1)
})

test.each(Object.entries(deeds))('%s move shortly where nothing else is wanted', async (name, deed) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  const took = await takenIn(deed)
  if (sure.includes(name)) expect(longer(took, 1)).not.toEqual([])
  expect(longer(took, 150).filter(([, ms]) => ms !== Infinity)).toEqual([])
})
