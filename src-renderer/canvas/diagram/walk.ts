import type { Place } from '../../../shared/pipeline/edit-nodes.ts'
import type { Direction } from '../walk.ts'
import type { BoxPlaces } from './arrange.ts'

/** The table that an arrow leads to: a related one on that side, else the nearest one there. From nowhere, to the one at the top left. */
export function walkBoxes(
  places: BoxPlaces,
  neighbours: ReadonlySet<string>,
  from: string | null,
  direction: Direction,
): string | undefined {
  const here = from === null ? undefined : places[from]
  const all = Object.entries(places)
  if (from === null || !here) return all.toSorted(([, a], [, b]) => a[0] + a[1] - b[0] - b[1])[0]?.[0]
  const others = all.filter(([id]) => id !== from)
  const related = others.filter(([id]) => neighbours.has(id))
  return nearest(related, here, direction) ?? nearest(others, here, direction)
}

function nearest(others: readonly (readonly [string, Place])[], here: Place, direction: Direction): string | undefined {
  const along = direction === 'left' || direction === 'right' ? 0 : 1
  const across = along === 0 ? 1 : 0
  const sign = direction === 'left' || direction === 'up' ? -1 : 1
  let best: { id: string; distance: number } | undefined
  for (const [id, there] of others) {
    const ahead = (there[along] - here[along]) * sign
    if (ahead <= 0) continue
    // What lies straight ahead comes before what is nearer but aside.
    const distance = ahead + 2 * Math.abs(there[across] - here[across])
    if (!best || distance < best.distance) best = { id, distance }
  }
  return best?.id
}
