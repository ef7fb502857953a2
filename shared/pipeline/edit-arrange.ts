import type { Place } from './edit-nodes.ts'

/** Something with a place and a size. */
export interface Box {
  id: string
  x: number
  y: number
  width: number
  height: number
}

export const sides = ['left', 'right', 'top', 'bottom', 'center', 'middle'] as const
/** `center` brings boxes above each other, `middle` beside each other. */
export type Side = (typeof sides)[number]

/** Distance of the points that places snap to. */
export const gridStep = 20
export const snap = (value: number): number => Math.round(value / gridStep) * gridStep

/** Places that bring boxes to one line. */
export function align(boxes: readonly Box[], side: Side): Record<string, Place> {
  const left = Math.min(...boxes.map(({ x }) => x))
  const right = Math.max(...boxes.map(({ x, width }) => x + width))
  const top = Math.min(...boxes.map(({ y }) => y))
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height))
  const place = ({ x, y, width, height }: Box): Place => {
    if (side === 'left') return [left, y]
    if (side === 'right') return [right - width, y]
    if (side === 'top') return [x, top]
    if (side === 'bottom') return [x, bottom - height]
    if (side === 'center') return [snap((left + right - width) / 2), y]
    return [x, snap((top + bottom - height) / 2)]
  }
  return Object.fromEntries(boxes.map((box) => [box.id, place(box)]))
}

/** Places with equal gaps between the first and the last box, which stay. */
export function distribute(boxes: readonly Box[], along: 'x' | 'y'): Record<string, Place> {
  const size = along === 'x' ? 'width' : 'height'
  const sorted = boxes.toSorted((a, b) => a[along] - b[along])
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last || sorted.length < 3) return Object.fromEntries(boxes.map(({ id, x, y }) => [id, [x, y]]))
  const between = last[along] - first[along] - first[size]
  const inner = sorted.slice(1, -1).reduce((sum, box) => sum + box[size], 0)
  const gap = (between - inner) / (sorted.length - 1)
  let next = first[along]
  return Object.fromEntries(
    sorted.map((box): [string, Place] => {
      const at = box === last ? last[along] : Math.round(next)
      next += box[size] + gap
      return [box.id, along === 'x' ? [at, box.y] : [box.x, at]]
    }),
  )
}
