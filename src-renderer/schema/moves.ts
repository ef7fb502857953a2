import { isExpandable, nameOfRow, parentAt, type TreeRow } from './rows.ts'

/** What a key does in a tree. */
export type TreeMove = { type: 'go' | 'open' | 'close'; index: number }

/** What a key does on the line at a place, as trees commonly have it; undefined when it means nothing there. @param page lines in sight */
export function treeMove(rows: readonly TreeRow[], at: number, key: string, page: number): TreeMove | undefined {
  const row = rows[at]
  const last = rows.length - 1
  const go = (index: number): TreeMove => ({ type: 'go', index: Math.max(0, Math.min(last, index)) })
  const expandable = row && isExpandable(row) ? row : undefined
  switch (key) {
    case 'ArrowDown':
      return go(at + 1)
    case 'ArrowUp':
      return go(at - 1)
    case 'PageDown':
      return go(at + page)
    case 'PageUp':
      return go(at - page)
    case 'Home':
      return go(0)
    case 'End':
      return go(last)
    case 'ArrowRight':
      if (!expandable) return undefined
      return expandable.expanded ? go(at + 1) : { type: 'open', index: at }
    case 'ArrowLeft': {
      if (expandable?.expanded) return { type: 'close', index: at }
      const parent = parentAt(rows, at)
      return parent < 0 ? undefined : go(parent)
    }
    case ' ':
      return expandable && { type: expandable.expanded ? 'close' : 'open', index: at }
    default:
      return undefined
  }
}

/** Place of the next line whose name begins so, after the present one or, as more is typed, from it on. */
export function findTyped(rows: readonly TreeRow[], at: number, typed: string): number {
  const wanted = typed.toLowerCase()
  const from = wanted.length === 1 ? at + 1 : at
  for (let step = 0; step < rows.length; step++) {
    const index = (from + step) % rows.length
    const row = rows[index]
    if (row && nameOfRow(row).toLowerCase().startsWith(wanted)) return index
  }
  return -1
}
