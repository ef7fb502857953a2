import { createHash } from 'node:crypto'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { BoundValue } from '../dialects/dialect.ts'

/**
 * What each node's rows are made from: its kind and config, the parameters, where its connection or its paths lead, and the fingerprints of
 * what feeds it. Equal fingerprints mean that rows of an earlier run may stand in for running the node again, as long as what lies there has
 * not changed.
 */
export function fingerprints(
  pipeline: Pipeline,
  order: readonly string[],
  params: Record<string, BoundValue>,
  outside: ReadonlyMap<string, { place: string }>,
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
    const text = JSON.stringify([node?.kind, sorted(node?.config), given, outside.get(id)?.place ?? '', inputs])
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
