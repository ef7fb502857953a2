import { createHash } from 'node:crypto'
import type { NodeRegistry } from '../../shared/nodes/define.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { BoundValue } from '../dialects/dialect.ts'

/** Where a node leads to outside of the pipeline. */
export interface NodePlace {
  place: string
  /** Tells the secrets that it reads with from others. */
  secrets: string
}

/**
 * What each node's rows are made from: its kind and config, the parameters, where its connection or its paths lead, and the fingerprints of
 * what feeds it. Equal fingerprints mean that rows of an earlier run may stand in for running the node again, as long as what lies there has
 * not changed. What has an effect is the same work whatever secrets the rows before it were read with: done once, it is not done again in a
 * resumed run because a token was renewed.
 */
export function fingerprints(
  pipeline: Pipeline,
  order: readonly string[],
  params: Record<string, BoundValue>,
  outside: ReadonlyMap<string, NodePlace>,
  registry: NodeRegistry,
): Map<string, string> {
  const rows = printsOf(pipeline, order, params, (id) => {
    const { place = '', secrets = '' } = outside.get(id) ?? {}
    return secrets === '' ? place : `${place} ${secrets}`
  })
  const work = printsOf(pipeline, order, params, (id) => outside.get(id)?.place ?? '')
  const hasEffect = (id: string) => registry.get(pipeline.nodes[id]?.kind ?? '')?.effect === true
  return new Map(order.map((id) => [id, (hasEffect(id) ? work : rows).get(id) ?? '']))
}

function printsOf(
  pipeline: Pipeline,
  order: readonly string[],
  params: Record<string, BoundValue>,
  placeOf: (id: string) => string,
): Map<string, string> {
  const prints = new Map<string, string>()
  const given = Object.entries(params)
    .map(([name, { value }]) => [name, value instanceof Uint8Array ? [...value] : String(value)])
    .sort()
  for (const id of order) {
    const node = pipeline.nodes[id]
    const inputs = pipeline.edges
      .filter((edge) => edge.to === id)
      .map((edge) => [prints.get(edge.from), edge.fromPort, edge.toPort, edge.after === true])
    const text = JSON.stringify([node?.kind, sorted(node?.config), given, placeOf(id), inputs])
    prints.set(id, createHash('sha256').update(text).digest('hex').slice(0, 32))
  }
  return prints
}

/** The same JSON with keys in one order, so that reordering a config changes nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
