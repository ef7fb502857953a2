import { useLayoutEffect } from 'react'

const controls =
  'button, input, select, textarea, a[href], summary, [contenteditable="true"], [tabindex]:not([tabindex="-1"])'

/** Whether Tab would stop here: editors say of themselves that it would not. */
export const takesFocus = (control: HTMLElement): boolean =>
  (control.tabIndex >= 0 || control.isContentEditable) &&
  !control.matches(':disabled') &&
  control.getClientRects().length > 0

/** What Tab would stop at in a part of the page, the part itself included. */
export const stopsIn = (part: Element): HTMLElement[] => [
  ...(part instanceof HTMLElement && part.matches(controls) && takesFocus(part) ? [part] : []),
  ...[...part.querySelectorAll<HTMLElement>(controls)].filter(takesFocus),
]

/** Whether a dialog that is open has the focus, and with it all keys: what lies behind is out of reach. */
export function isInDialog(element: Element): boolean {
  const dialog = element.closest('[aria-modal="true"]')
  return dialog !== null && dialog.closest('[data-closed]') === null
}

/**
 * Gives the focus back to what had it before a dialog, as soon as the dialog closes: whoever is told what was answered may put it elsewhere, and
 * keys mean at once what they mean without the dialog. One that fades away says so with `data-closed`.
 */
export function useFocusBack(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return
    const { activeElement: opener } = document
    return () => {
      const { activeElement: now } = document
      if (now !== document.body && !now?.closest('[aria-modal="true"]')) return
      if (opener === document.body && now instanceof HTMLElement) now.blur()
      else if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
    }
  }, [opened])
}
