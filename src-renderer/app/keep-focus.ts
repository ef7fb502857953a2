import { isFocusLost, stopsIn, takesFocus } from '../ui/focus.ts'

/** These move the focus among their parts themselves. */
const selfish = '[role="grid"], [role="treegrid"], [role="application"]'

/** What is shown in these as a whole may be for something else by now: only the same control in it will do. */
const bounds = 'main, body, aside, [data-region], [data-portal]'

/** What had the focus lately, the latest last. */
const trail: HTMLElement[] = []

/** What the keys have the focus on, or had until it went away. */
let held: HTMLElement | undefined

/**
 * Whoever works by keys goes on nearby when what has the focus goes away: at the neighbour of a line that was removed,
 * at what opened a menu that has closed, at a button once it can be pressed again. Called once.
 */
export function keepFocus(): void {
  addEventListener('focusin', ({ target }) => {
    held = target instanceof HTMLElement && target.matches(':focus-visible') ? target : undefined
    if (!(target instanceof HTMLElement)) return
    const at = trail.indexOf(target)
    if (at !== -1) trail.splice(at, 1)
    trail.push(target)
    if (trail.length > 20) trail.shift()
  })
  addEventListener('focusout', ({ target }) =>
    queueMicrotask(() => {
      // Left on purpose: it is there still, and could have the focus.
      if (held && held === target && isFocusLost() && held.isConnected && takesFocus(held)) held = undefined
    }),
  )
  new MutationObserver(onChange).observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ['disabled'],
  })
}

function onChange(records: readonly MutationRecord[]): void {
  if (!held || !isFocusLost() || held.closest(selfish)) return
  if (held.isConnected) {
    const again = records.some(({ type, target }) => type === 'attributes' && target.contains(held ?? null))
    if (again && takesFocus(held)) held.focus()
    return
  }
  const gone = removalOf(held, records)
  if (gone && !isInGrid(gone.target)) (nearTo(held, gone, records) ?? returnFrom(gone, records))?.focus()
}

/** Grids take rows away while one scrolls, and give the focus to another cell once it is there. */
const isInGrid = (place: Node) => place instanceof Element && place.closest('[role="grid"], [role="treegrid"]') !== null

const nearTo = (lost: HTMLElement, gone: MutationRecord, records: readonly MutationRecord[]) =>
  neighbour(lost, gone, insteadOf(gone, records))

/** What came into the place of it: Stop for Run, say. */
const insteadOf = ({ target }: MutationRecord, records: readonly MutationRecord[]): Element[] =>
  records
    .filter((record) => record.target === target)
    .flatMap(({ addedNodes }) => [...addedNodes])
    .filter((node) => node instanceof Element)

/** Of all that was taken away around something, the outermost. */
function removalOf(lost: Node, records: readonly MutationRecord[]): MutationRecord | undefined {
  const gone = records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(lost)))
  if (!gone || gone.target.isConnected) return gone
  return removalOf(gone.target, records.slice(records.indexOf(gone) + 1))
}

/** What is nearest to the place where something went away, within the same part of the window. */
function neighbour(lost: HTMLElement, gone: MutationRecord, instead: readonly Element[]): HTMLElement | undefined {
  const { target, removedNodes, nextSibling, previousSibling } = gone
  if (!(target instanceof Element) || !target.isConnected) return undefined
  const root = [...removedNodes].find((node) => node.contains(lost))
  const path = root instanceof Element ? pathTo(lost, root) : []
  const [after, before] = around(target, nextSibling, previousSibling)
  const twin = [...instead, after[0], before[0]]
    .map((near) => near && follow(near, path))
    .find((near) => near && isTwin(near, lost))
  if (twin instanceof HTMLElement) return twin
  return nearby(target, [...instead, ...after], before)
}

function nearby(here: Element, after: readonly Element[], before: readonly Element[]): HTMLElement | undefined {
  if (here.matches(bounds)) return undefined
  const near = nearest(after, before)
  if (near || here.matches('[role="dialog"]') || !here.parentElement) return near
  return nearby(here.parentElement, ...around(here.parentElement, here.nextSibling, here.previousSibling))
}

/** Elements after and before a place, the nearest first. */
function around(parent: Element, next: Node | null, previous: Node | null): readonly [Element[], Element[]] {
  const all = [...parent.children]
  const isAfter = (child: Node) =>
    next?.parentNode === parent
      ? next === child || precedes(next, child)
      : previous?.parentNode !== parent || precedes(previous, child)
  return [all.filter(isAfter), all.filter((child) => !isAfter(child)).reverse()]
}

const precedes = (one: Node, other: Node) =>
  (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0

const nearest = (after: readonly Element[], before: readonly Element[]): HTMLElement | undefined =>
  after.map((part) => stopsIn(part)[0]).find((stop) => stop) ??
  before.map((part) => stopsIn(part).at(-1)).find((stop) => stop)

/** Where an element lies in another: the places of its ancestors among their siblings. */
function pathTo(element: Element, root: Element): number[] {
  const parent = element.parentElement
  if (element === root || !parent) return []
  return [...pathTo(parent, root), [...parent.children].indexOf(element)]
}

const follow = (root: Element, path: readonly number[]): Element | undefined =>
  path.reduce<Element | undefined>((part, index) => part?.children[index], root)

/** Whether it does in one line what the other did in another: removing the line, say. */
const isTwin = (near: Element, lost: Element): boolean =>
  near instanceof HTMLElement && near.tagName === lost.tagName && takesFocus(near) && deedOf(near) === deedOf(lost)

/** `Remove` of `Remove pair 2`: what follows names the line. */
const deedOf = (control: Element) => control.getAttribute('aria-label')?.split(' ')[0]

/**
 * What had the focus before a dialog or a menu that has closed, or what is near to it when it went away as well; a canvas that is shown in
 * place of one that had it.
 */
function returnFrom({ target }: MutationRecord, records: readonly MutationRecord[]): HTMLElement | undefined {
  if (!(target instanceof Element) || !target.closest('body, [data-portal]') || target.closest('main')) return undefined
  const canvas = document.querySelector<HTMLElement>('[data-canvas]') ?? undefined
  const standIn = (control: HTMLElement) => {
    if (control.isConnected) return takesFocus(control) ? control : undefined
    if (control.matches('[data-canvas]')) return canvas
    const gone = removalOf(control, records)
    return gone && nearTo(control, gone, records)
  }
  const last = trail
    .toReversed()
    .map(standIn)
    .find((control) => control !== undefined)
  return last ?? beginning()
}

/** What the screen begins with, where nothing is left of all that had the focus. */
function beginning(): HTMLElement | undefined {
  const part = document.querySelector('main [data-region]')
  return part ? stopsIn(part)[0] : undefined
}
