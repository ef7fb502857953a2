import { Graph, layout } from '@dagrejs/dagre'
import { snap } from '../../shared/pipeline/edit-arrange.ts'
import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { cardHeight, cardWidth, framePadding } from './metrics.ts'

/** Room between cards: a message may hang below one, row counts stand on the edges between two. */
const below = 56
const beside = 80

/** Places for nodes from left to right along the edges between them, on the grid; the top left corner is at 0, 0. */
export function arrange(pipeline: Pipeline, ids: readonly string[]): Record<string, Place> {
  const chosen = new Set(ids)
  const framed = Object.entries(pipeline.groups).filter(([, { nodes }]) => nodes.some((id) => chosen.has(id)))
  const graph = new Graph({ multigraph: true, compound: framed.length > 0 })
  graph.setGraph({ rankdir: 'LR', nodesep: below, ranksep: beside, ranker: 'network-simplex' })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const id of ids) graph.setNode(id, { width: cardWidth, height: cardHeight })
  for (const [group, { nodes }] of framed) {
    const frame = `group:${group}`
    graph.setNode(frame, { padding: framePadding })
    for (const id of nodes) if (chosen.has(id)) graph.setParent(id, frame)
  }
  for (const [index, { from, to, after }] of pipeline.edges.entries()) {
    if (chosen.has(from) && chosen.has(to)) graph.setEdge(from, to, { weight: after ? 1 : 2 }, String(index))
  }
  layout(graph)
  const places = ids.map((id): [string, Place] => {
    const { x, y } = graph.node(id)
    return [id, [(x ?? 0) - cardWidth / 2, (y ?? 0) - cardHeight / 2]]
  })
  const left = Math.min(...places.map(([, [x]]) => x))
  const top = Math.min(...places.map(([, [, y]]) => y))
  return Object.fromEntries(places.map(([id, [x, y]]) => [id, [snap(x - left), snap(y - top)]]))
}

/** Places for nodes that have none, beside those that have: as far from a neighbour as the whole graph would put them. */
export function placeMissing(pipeline: Pipeline, placed: Readonly<Record<string, Place>>): Record<string, Place> {
  const ids = Object.keys(pipeline.nodes)
  const missing = ids.filter((id) => !placed[id])
  const ideal = arrange(pipeline, ids)
  if (missing.length === ids.length) return ideal
  const taken = new Map(Object.entries(placed).filter(([id]) => Object.hasOwn(pipeline.nodes, id)))
  const found: Record<string, Place> = {}
  for (const id of missing) {
    const anchor = neighbour(pipeline, id, taken) ?? ids.find((other) => taken.has(other))
    const anchored = anchor === undefined ? undefined : taken.get(anchor)
    const own: Place = ideal[id] ?? [0, 0]
    const from: Place = ideal[anchor ?? id] ?? own
    const place: Place = anchored ? [anchored[0] + own[0] - from[0], anchored[1] + own[1] - from[1]] : own
    while (
      [...taken.values()].some(([x, y]) => Math.abs(x - place[0]) < cardWidth && Math.abs(y - place[1]) < cardHeight)
    ) {
      place[1] += cardHeight + below
    }
    taken.set(id, place)
    found[id] = place
  }
  return found
}

function neighbour(pipeline: Pipeline, id: string, placed: ReadonlyMap<string, Place>): string | undefined {
  for (const { from, to } of pipeline.edges) {
    if (to === id && placed.has(from)) return from
    if (from === id && placed.has(to)) return to
  }
  return undefined
}
