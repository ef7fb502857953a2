import type { ColumnPlace, Lineage } from '../../shared/contract/pipelines.ts'
import { edgeId } from '../../shared/pipeline/edit-edges.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'

/** Nodes and edges that the values go through. */
export function pathOf(
  pipeline: Pipeline,
  column: ColumnPlace,
  lineage: Lineage | undefined,
): { nodes: Set<string>; edges: Set<string> } {
  const places = [column, ...(lineage?.from ?? []), ...(lineage?.to ?? [])]
  const nodes = new Set(places.map(({ node }) => node))
  const outputs = new Set(places.map(({ node, port }) => JSON.stringify([node, port])))
  const edges = pipeline.edges.filter(
    ({ from, fromPort = 'out', to, after }) => !after && nodes.has(to) && outputs.has(JSON.stringify([from, fromPort])),
  )
  return { nodes, edges: new Set(edges.map(edgeId)) }
}
