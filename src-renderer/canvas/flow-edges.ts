import type { Edge as ReactFlowEdge } from '@xyflow/react'
import { registry } from '../../shared/nodes/registry.ts'
import { definitionOf, edgeId } from '../../shared/pipeline/edit-edges.ts'
import type { Edge, Pipeline } from '../../shared/pipeline/schema.ts'
import { wiresOf } from './derived.ts'
import { orderPort } from './flow-nodes.ts'

export interface WireData extends Record<string, unknown> {
  document: string
  /** The output whose rows pass; null for order only and for edges that are wrong. */
  fromPort: string | null
  /** What stands at the ends, where ports have names worth reading. */
  fromLabel: string
  toLabel: string
  /** Carries no rows: sets the order, or cannot be. */
  order: boolean
  wrong: boolean
}
export type FlowEdge = ReactFlowEdge<WireData, 'wire'>

/** Makes what React Flow draws of the edges of a document, and the very same object again for whatever did not change. */
export class FlowEdges {
  private known = new Map<Edge, FlowEdge>()
  private readonly document: string

  constructor(document: string) {
    this.document = document
  }

  make(pipeline: Pipeline, selected: readonly string[]): FlowEdge[] {
    const picked = new Set(selected)
    const known = new Map<Edge, FlowEdge>()
    const edges = pipeline.edges.flatMap((edge) => {
      if (!pipeline.nodes[edge.from] || !pipeline.nodes[edge.to]) return []
      const before = this.known.get(edge)
      const id = before?.id ?? edgeId(edge)
      const made = this.edge(edge, id, pipeline, picked.has(id), before)
      known.set(edge, made)
      return [made]
    })
    this.known = known
    return edges
  }

  private edge(edge: Edge, id: string, pipeline: Pipeline, selected: boolean, before: FlowEdge | undefined): FlowEdge {
    const wire = wiresOf(pipeline).get(edge)
    const sourceHandle = wire?.fromPort ?? orderPort
    const targetHandle = wire?.port ?? orderPort
    if (before?.selected === selected && before.sourceHandle === sourceHandle && before.targetHandle === targetHandle) {
      return before
    }
    const input = definitionOf(pipeline, registry, edge.to)?.inputs.find(({ name }) => name === wire?.port)
    return {
      id,
      type: 'wire',
      source: edge.from,
      target: edge.to,
      sourceHandle,
      targetHandle,
      selected,
      data: {
        document: this.document,
        fromPort: wire?.fromPort ?? null,
        fromLabel: wire && wire.fromPort !== 'out' ? wire.fromPort : '',
        toLabel: wire && input?.named && wire.toPort !== input.name ? wire.toPort : '',
        order: edge.after === true,
        wrong: !edge.after && !wire,
      },
    }
  }
}
