import { useEffect } from 'react'
import { isInDialog } from '../ui/focus.ts'
import type { Command } from './define.ts'
import { commands } from './index.ts'
import { matches } from './keys.ts'
import { perform } from './perform.ts'

/** Lets key presses anywhere in the window do what commands say. Canvas keys count only on the canvas, most keys not while typing. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (event.target instanceof Element && isInDialog(event.target)) return
      if (event.key === 'Escape' && isForMenu(event)) return
      const typing = isTyping(event.target)
      const onCanvas = isOnCanvas(event.target)
      const found = commands.find(
        (command) => counts(command, typing, onCanvas) && command.keys?.some((keys) => matches(keys, event)),
      )
      if (found || isOurs(event)) event.preventDefault()
      if (found) void perform(found)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Whether Escape closes a menu. One that has just opened gets the focus a moment later, and the key until then goes to what opened it. */
function isForMenu({ target }: KeyboardEvent): boolean {
  if (target instanceof Element && target.closest('[role="menu"]')) return true
  const menu = [...document.querySelectorAll('[role="menu"]')].at(-1)
  menu?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
  return menu !== undefined
}

/** Keys that the browser must not take for something else when they mean nothing just now, e.g. saving the page. */
const isOurs = (event: KeyboardEvent) =>
  commands.some(({ native, whileTyping, keys }) => !native && whileTyping && keys?.some((key) => matches(key, event)))

function counts(command: Command, typing: boolean, onCanvas: boolean): boolean {
  if (command.native || (typing && !command.whileTyping)) return false
  if (command.scope === 'canvas' && !onCanvas) return false
  return command.enabled?.() ?? true
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]') !== null)
  )
}

/** The page itself counts as the canvas while one is shown: nothing else has the focus. */
function isOnCanvas(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target === document.body
    ? document.querySelector('[data-canvas]') !== null
    : target.closest('[data-canvas]') !== null
}
