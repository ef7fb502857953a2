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
