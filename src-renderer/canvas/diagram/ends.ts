import type { Place } from '../../../shared/pipeline/edit-nodes.ts'
import { boxWidth, columnMiddle } from './metrics.ts'
import type { Box, Relation } from './model.ts'

/** Where a relation leaves a card: `side` is 1 at its right edge, -1 at its left. */
export interface End {
  x: number
  y: number
  side: 1 | -1
}

/** Cards closer than this are joined at the same side of both. */
const clearance = 32

/** The two ends of a relation between cards at these places, at the columns it joins. */
export function relationEnds(
  { fromColumns, toColumns }: Relation,
  from: { box: Box; place: Place },
  to: { box: Box; place: Place },
  keysOnly: boolean,
): { from: End; to: End } {
  const ahead = to.place[0] - (from.place[0] + boxWidth) > clearance
  const behind = from.place[0] - (to.place[0] + boxWidth) > clearance
  return {
    from: endAt(from, fromColumns[0], behind ? -1 : 1, keysOnly),
    to: endAt(to, toColumns[0], ahead ? -1 : 1, keysOnly),
  }
}

function endAt(
  { box, place: [x, y] }: { box: Box; place: Place },
  column: string | undefined,
  side: 1 | -1,
  keysOnly: boolean,
): End {
  return { x: side === 1 ? x + boxWidth : x, y: y + columnMiddle(box, keysOnly, column), side }
}

/** A curve between two ends. */
export function curve(from: End, to: End): string {
  const pull = Math.max(40, Math.abs(to.x - from.x) * 0.4)
  const first = `${from.x + from.side * pull} ${from.y}`
  const second = `${to.x + to.side * pull} ${to.y}`
  return `M${from.x} ${from.y} C${first} ${second} ${to.x} ${to.y}`
}

/** The crow's foot: many rows are here. */
export const manyMark = ({ x, y, side }: End): string => `M${x} ${y - 6} L${x + side * 11} ${y} L${x} ${y + 6}`

/** A bar: one row is here. */
export const oneMark = ({ x, y, side }: End): string => `M${x + side * 7} ${y - 5} V${y + 5}`

/** Middle of the circle that says none may be here. */
export const noneMark = ({ x, y, side }: End): { x: number; y: number } => ({ x: x + side * 13, y })
