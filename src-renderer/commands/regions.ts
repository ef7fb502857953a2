import { IconArrowBarLeft, IconArrowBarRight } from '@tabler/icons-react'
import { stopsIn, takesFocus } from '../ui/focus.ts'
import { type Command, defineCommand } from './define.ts'

/** What had the focus in a region when it was left. */
const left = new WeakMap<Element, HTMLElement>()

/** Parts of the window that have something to take the focus, in the order they are read. */
const regions = () => [...document.querySelectorAll('[data-region]')].filter((region) => entryOf(region) !== undefined)

/** What takes the focus when a region is entered: what had it before, else its first control. */
function entryOf(region: Element): HTMLElement | undefined {
  const before = left.get(region)
  if (before && region.contains(before) && takesFocus(before)) return before
  return stopsIn(region)[0]
}

function step(by: number): void {
  const all = regions()
  const active = document.activeElement
  const at = all.findIndex((region) => region.contains(active))
  const here = all[at]
  if (here && active instanceof HTMLElement) left.set(here, active)
  const next = all[(at === -1 && by < 0 ? all.length - 1 : at + by + all.length) % all.length]
  if (next) entryOf(next)?.focus()
}

/** From one part of the window to the next, whatever has the focus: Tab alone would go through everything in between. */
export const regionCommands: readonly Command[] = [
  defineCommand({
    id: 'go.nextRegion',
    title: 'Next part of the window',
    section: 'Go',
    icon: IconArrowBarRight,
    keys: ['F6'],
    whileTyping: true,
    run: () => step(1),
  }),
  defineCommand({
    id: 'go.previousRegion',
    title: 'Previous part of the window',
    section: 'Go',
    icon: IconArrowBarLeft,
    keys: ['shift+F6'],
    whileTyping: true,
    run: () => step(-1),
  }),
]
