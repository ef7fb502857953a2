import { registry } from '../../shared/nodes/registry.ts'
import { formatPipeline } from '../../shared/pipeline/format.ts'
import type { Edge, Pipeline, PipelineNode } from '../../shared/pipeline/schema.ts'

/** A pipeline of many nodes, as text: columns of joins and filters, each fed by nodes of the column before. */
export function bigPipeline(nodeCount: number, edgeCount: number): string {
  const perColumn = 25
  const nodes: Record<string, PipelineNode> = {}
  const layout: Record<string, [number, number]> = {}
  const edges: Edge[] = []
  const joins = edgeCount - (nodeCount - perColumn)
  for (let index = 0; index < nodeCount; index++) {
    const column = Math.floor(index / perColumn)
    const id = `node_${index}`
    const isJoin = column > 0 && edges.length < edgeCount && index % Math.max(2, Math.round(nodeCount / joins)) === 0
    nodes[id] = nodeOf(column === 0 ? 'rows' : isJoin ? 'join' : 'filter')
    layout[id] = [column * 260, (index % perColumn) * 120]
    const before = (step: number) => `node_${(column - 1) * perColumn + ((index + step) % perColumn)}`
    if (isJoin) {
      edges.push({ from: before(0), to: id, toPort: 'left' }, { from: before(1), to: id, toPort: 'right' })
    } else if (column > 0) {
      edges.push({ from: before(0), to: id })
    }
  }
  const pipeline: Pipeline = {
    sluice: 1,
    name: `${nodeCount} nodes`,
    parameters: [],
    nodes,
    edges,
    groups: {},
    notes: {},
    layout,
  }
  return formatPipeline(pipeline, registry)
}

function nodeOf(kind: 'rows' | 'join' | 'filter'): PipelineNode {
  if (kind === 'rows') return { kind, config: { columns: [{ name: 'id', type: 'int64' }], rows: [[1], [2]] } }
  if (kind === 'join') return { kind, config: { type: 'inner', keys: [{ left: 'id' }] } }
  return { kind, config: { where: 'id > 0' } }
}
