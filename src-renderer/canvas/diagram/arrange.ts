import { Graph, layout } from '@dagrejs/dagre'
import type { Place } from '../../../shared/pipeline/edit-nodes.ts'
import { boxHeight, boxWidth } from './metrics.ts'
import type { Box, DiagramModel, Relation } from './model.ts'

export type BoxPlaces = Readonly<Record<string, Place>>

/** Room between cards. */
const below = 28
const beside = 96
/** Room between groups of tables that have nothing to do with each other. */
const apart = 64
/** Width to height of the whole, about that of a window. */
const shape = 1.7
/** Groups that are higher than wide by more than this are folded. */
const tallest = 1.6
/** With more tables than this in a group, its ranks are found in a way that is less thorough and much faster. */
const manyBoxes = 120

interface Block {
  places: [id: string, place: Place][]
  width: number
  height: number
}

/** Places for all tables: what is related from left to right beside each other, groups below each other, the rest in columns at the end. */
export function arrangeBoxes(model: DiagramModel, keysOnly: boolean): BoxPlaces {
  const groups = groupsOf(model)
  const alone = groups.filter((group) => group.length === 1).flat()
  const blocks = groups
    .filter((group) => group.length > 1)
    .map((group) => related(group, model.relations, keysOnly))
    .sort((a, b) => b.height - a.height)
  const heights = alone.reduce((sum, box) => sum + boxHeight(box, keysOnly) + below, 0)
  const area = blocks.reduce((sum, { width, height }) => sum + width * height, heights * (boxWidth + below))
  const width = Math.max(boxWidth * 4, Math.sqrt(area * shape), ...blocks.map((block) => block.width))
  return Object.fromEntries(shelves([...blocks, ...columns(alone, width, keysOnly)], width))
}

/** Tables that hang together by foreign keys. */
function groupsOf({ boxes, byId, neighbours }: DiagramModel): Box[][] {
  const seen = new Set<string>()
  const groups: Box[][] = []
  for (const start of boxes) {
    if (seen.has(start.id)) continue
    seen.add(start.id)
    const group = [start]
    for (const box of group) {
      for (const id of neighbours.get(box.id) ?? []) {
        const other = byId.get(id)
        if (!other || seen.has(id)) continue
        seen.add(id)
        group.push(other)
      }
    }
    groups.push(group)
  }
  return groups
}

function related(group: readonly Box[], relations: readonly Relation[], keysOnly: boolean): Block {
  const graph = new Graph({ multigraph: true })
  const ranker = group.length > manyBoxes ? 'tight-tree' : 'network-simplex'
  graph.setGraph({ rankdir: 'LR', nodesep: below, ranksep: beside, ranker })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const box of group) graph.setNode(box.id, { width: boxWidth, height: boxHeight(box, keysOnly) })
  for (const { id, from, to } of relations) {
    if (from !== to && graph.hasNode(from)) graph.setEdge(to, from, {}, id)
  }
  layout(graph)
  const spots = group.map((box): Spot => {
    const { x = 0, y = 0 } = graph.node(box.id)
    const height = boxHeight(box, keysOnly)
    return { id: box.id, x: x - boxWidth / 2, y: y - height / 2, height }
  })
  const block = blockOf(spots)
  return block.height > block.width * tallest ? blockOf(folded(spots)) : block
}

interface Spot {
  id: string
  x: number
  y: number
  height: number
}

/** The same places counted from the top left corner of them all. */
function blockOf(spots: readonly Spot[]): Block {
  const left = Math.min(...spots.map(({ x }) => x))
  const top = Math.min(...spots.map(({ y }) => y))
  return {
    places: spots.map(({ id, x, y }) => [id, [x - left, y - top]]),
    width: Math.max(...spots.map(({ x }) => x)) - left + boxWidth,
    height: Math.max(...spots.map(({ y, height }) => y + height)) - top,
  }
}

/** Ranks of many tables as several columns each, so that all of them together have about the shape of a window. */
function folded(spots: readonly Spot[]): Spot[] {
  const step = boxWidth + beside / 2
  const ranks = [...Map.groupBy(spots, ({ x }) => Math.round(x))].sort(([a], [b]) => a - b)
  const total = spots.reduce((sum, { height }) => sum + height + below, 0)
  const limit = Math.sqrt((total * step) / shape)
  const made: Spot[] = []
  let x = 0
  for (const [, rank] of ranks) {
    for (const column of cut(
      rank.toSorted((a, b) => a.y - b.y),
      limit,
    )) {
      const height = column.reduce((sum, spot) => sum + spot.height + below, -below)
      let y = -height / 2
      for (const spot of column) {
        made.push({ ...spot, x, y })
        y += spot.height + below
      }
      x += step
    }
    x += beside / 2
  }
  return made
}

/** Cuts a column into as few of about equal height as the limit allows. */
function cut(column: readonly Spot[], limit: number): Spot[][] {
  const total = column.reduce((sum, { height }) => sum + height + below, 0)
  const each = total / Math.max(1, Math.ceil(total / limit))
  const parts: Spot[][] = [[]]
  let filled = 0
  for (const spot of column) {
    if (filled >= each) {
      parts.push([])
      filled = 0
    }
    parts.at(-1)?.push(spot)
    filled += spot.height + below
  }
  return parts
}

/** Tables without relations, each put into the column that is the shortest so far. */
function columns(boxes: readonly Box[], width: number, keysOnly: boolean): Block[] {
  if (boxes.length === 0) return []
  const step = boxWidth + below
  const count = Math.max(1, Math.min(boxes.length, Math.floor((width + below) / step)))
  const bottoms: number[] = new Array(count).fill(0)
  const places = boxes.map((box): [string, Place] => {
    const column = bottoms.indexOf(Math.min(...bottoms))
    const y = bottoms[column] ?? 0
    bottoms[column] = y + boxHeight(box, keysOnly) + below
    return [box.id, [column * step, y]]
  })
  return [{ places, width: count * step - below, height: Math.max(...bottoms) - below }]
}

/** Puts blocks side by side until the width is full, then below. */
function shelves(blocks: readonly Block[], width: number): [string, Place][] {
  const placed: [string, Place][] = []
  let x = 0
  let y = 0
  let shelf = 0
  for (const block of blocks) {
    if (x > 0 && x + block.width > width) {
      x = 0
      y += shelf + apart
      shelf = 0
    }
    for (const [id, [left, top]] of block.places) placed.push([id, [Math.round(x + left), Math.round(y + top)]])
    x += block.width + apart
    shelf = Math.max(shelf, block.height)
  }
  return placed
}
