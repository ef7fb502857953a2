import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { Edge, Pipeline } from '../../shared/pipeline/schema.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/**
 * The node that an arrow leads to: sideways along the edges, to the end nearest in height, else to what is seen there; up and
 * down to what is seen there. From nowhere, to the first node of the flow.
 */
export function walk(
  pipeline: Pipeline,
  places: Readonly<Record<string, Place>>,
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const here = from === undefined ? undefined : places[from]
  if (from === undefined || !here) return firstOf(pipeline, places)
  const linked = pipeline.edges.flatMap((edge) => {
    if (direction === 'right' && edge.from === from) return [edge.to]
    return direction === 'left' && edge.to === from ? [edge.from] : []
  })
  const others = linked.length > 0 ? linked : Object.keys(pipeline.nodes).filter((id) => id !== from)
  const along = direction === 'left' || direction === 'right' ? 0 : 1
  const sign = direction === 'left' || direction === 'up' ? -1 : 1
  let best: { id: string; distance: number } | undefined
  for (const id of others) {
    const there = places[id]
    if (!there) continue
    const ahead = (there[along] - here[along]) * sign
    if (linked.length === 0 && ahead <= 0) continue
    // What lies straight ahead comes before what is nearer but aside.
    const distance = Math.abs(ahead) + 2 * Math.abs(there[along === 0 ? 1 : 0] - here[along === 0 ? 1 : 0])
    if (!best || distance < best.distance) best = { id, distance }
  }
  return best?.id
}

/** The edge that comes next: of a node the first one that leaves it, else that arrives; of an edge the one behind it, node by node. */
export function nextEdge({ nodes, edges }: Pipeline, from: Edge | string | undefined): Edge | undefined {
  const order = Object.keys(nodes)
  const ring = edges.toSorted((a, b) => order.indexOf(a.from) - order.indexOf(b.from))
  if (typeof from === 'string') return ring.find((edge) => edge.from === from) ?? ring.find((edge) => edge.to === from)
  return ring[(from ? ring.indexOf(from) + 1 : 0) % ring.length]
}

function firstOf(pipeline: Pipeline, places: Readonly<Record<string, Place>>): string | undefined {
  const fed = new Set(pipeline.edges.map(({ to }) => to))
  const ids = Object.keys(pipeline.nodes)
  const sources = ids.filter((id) => !fed.has(id))
  const rank = (id: string) => (places[id]?.[0] ?? 0) + (places[id]?.[1] ?? 0)
  return (sources.length > 0 ? sources : ids).toSorted((a, b) => rank(a) - rank(b))[0]
}
