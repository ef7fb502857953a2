import { type RefObject, useEffect, useInsertionEffect, useLayoutEffect, useRef } from 'react'

const controls =
  'button, input, select, textarea, a[href], summary, [contenteditable="true"], [tabindex]:not([tabindex="-1"])'

/** Whether nothing has the focus, in a window that has it: what had it has gone away. */
export const isFocusLost = (): boolean => document.hasFocus() && document.activeElement === document.body

/** Whether Tab would stop here: editors say of themselves that it would not. */
export const takesFocus = (control: HTMLElement): boolean =>
  (control.tabIndex >= 0 || control.isContentEditable) &&
  !control.matches(':disabled') &&
  control.getClientRects().length > 0 &&
  !isPassed(control)

/** Of radio buttons with one that is chosen, Tab stops at that one. */
const isPassed = (control: HTMLElement): boolean =>
  control instanceof HTMLInputElement &&
  control.type === 'radio' &&
  !control.checked &&
  control.name !== '' &&
  document.querySelector(`input[type="radio"][name="${CSS.escape(control.name)}"]:checked`) !== null

/** What Tab would stop at in a part of the page, the part itself included. */
export const stopsIn = (part: Element): HTMLElement[] => [
  ...(part instanceof HTMLElement && part.matches(controls) && takesFocus(part) ? [part] : []),
  ...[...part.querySelectorAll<HTMLElement>(controls)].filter(takesFocus),
]

/** Whether a dialog has the focus, and with it all keys: what lies behind is out of reach. */
export const isInDialog = (element: Element): boolean => element.closest('[aria-modal="true"]') !== null

/**
 * Gives the focus to a dialog as soon as it is there: to what asks for it with `data-autofocus`, else to its first control. It stays in it: Tab
 * goes round, and what is given the focus behind the dialog, as a menu does that closes by and by, has it when the dialog is gone.
 * @param mark something in the dialog
 * @param opener what has the focus when the dialog is gone
 */
export function useFocusInside(
  mark: RefObject<HTMLElement | null>,
  opened: boolean,
  opener: RefObject<Element | null>,
): void {
  useLayoutEffect(() => {
    const dialog = mark.current?.closest<HTMLElement>('[role="dialog"]')
    if (!opened || !dialog) return
    const within = () => dialog.contains(document.activeElement)
    if (!within() && !isFocusLost()) opener.current = document.activeElement
    let last = dialog.querySelector<HTMLElement>('[data-autofocus]')
    const enter = () => {
      if (!within()) last?.focus({ preventScroll: true })
      if (!within()) (stopsIn(dialog)[0] ?? dialog).focus({ preventScroll: true })
    }
    enter()
    const ended = new AbortController()
    const { signal } = ended
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      if (dialog.contains(target)) last = target
      // Lists that belong to a field of it are beside it in the page.
      if (!target.closest('#root')) return
      opener.current = target
      enter()
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Tab' || event.defaultPrevented) return
      const stops = stopsIn(dialog)
      const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]]
      const atEnd = event.target === from || (event.shiftKey && event.target === dialog)
      if (!atEnd) return
      event.preventDefault()
      to?.focus()
    }
    document.addEventListener('focusin', onFocusIn, { signal })
    dialog.addEventListener('keydown', onKeyDown, { signal })
    return () => ended.abort()
  }, [mark, opened, opener])
}

/**
 * Gives the focus back to what had it before a dialog, as soon as the dialog closes: whoever is told what was answered may put it elsewhere, and
 * keys mean at once what they mean without the dialog.
 * @returns what the focus goes back to
 */
export function useFocusBack(opened: boolean): RefObject<Element | null> {
  const opener = useRef<Element>(null)
  // Before layout effects: the dialog takes the focus in them.
  useInsertionEffect(() => {
    if (opened) opener.current = document.activeElement
  }, [opened])
  // Not when the effect of the opened dialog is taken back: React would put the focus where it was before that.
  useLayoutEffect(() => {
    if (!opened) giveBack(opener)
  }, [opened])
  useLayoutEffect(() => () => giveBack(opener), [])
  return opener
}

function giveBack(opener: RefObject<Element | null>): void {
  const { current: before } = opener
  opener.current = null
  const { activeElement: now } = document
  // One that was never open has nothing to give back: it may be put into the page while another one is open.
  if (!before || (now !== document.body && !now?.closest('[aria-modal="true"]'))) return
  endStroke()
  if (before === document.body && now instanceof HTMLElement) now.blur()
  else if (before instanceof HTMLElement) before.focus({ preventScroll: true })
}

/** Enter that closes a dialog while it goes down would press the button that has the focus by the time its character comes. */
function endStroke(): void {
  const ended = new AbortController()
  const options = { capture: true, signal: ended.signal }
  addEventListener('keypress', (event) => event.preventDefault(), options)
  for (const next of ['keydown', 'keyup', 'pointerdown']) addEventListener(next, () => ended.abort(), options)
}

/** Gives the focus to something that appears in place of what had it. */
export function useFocusWhenLost(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (isFocusLost()) target.current?.focus({ preventScroll: true })
  }, [target])
}
