import { useState } from 'react'

let last = 0
const fresh = (count: number) => Array.from({ length: count }, () => ++last)

/** Names for the items of a list that stay with them when they move, so that the focus stays too. */
export function useItemIds(count: number) {
  const [ids, setIds] = useState(() => fresh(count))
  const shown = ids.length === count ? ids : [...ids.slice(0, count), ...fresh(count - Math.min(count, ids.length))]
  if (shown !== ids) setIds(shown)
  return {
    ids: shown,
    moved: (from: number, to: number) => setIds(move(shown, from, to)),
    removed: (index: number) => setIds(shown.toSpliced(index, 1)),
  }
}

export function move<T>(items: readonly T[], from: number, to: number): T[] {
  const [item] = items.slice(from, from + 1)
  return item === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item)
}
