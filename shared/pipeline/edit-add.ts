import type { NodeDefinition, NodeRegistry } from '../nodes/define.ts'
import { connect, freeInput, insertOnEdge, mainOutput } from './edit-edges.ts'
import { addNode, freeId, newNode, type Place } from './edit-nodes.ts'
import type { Pipeline, PipelineNode } from './schema.ts'

/** What a new node is wired to at once: an end that is in the air, or an edge that it is put on. */
export type Link =
  | { type: 'from'; node: string; port: string }
  | { type: 'to'; node: string; port: string }
  | { type: 'after'; node: string }
  | { type: 'before'; node: string }
  | { type: 'edge'; edge: string }

/** The document with a new node of a kind, wired as wished where it can be. @returns its id, too */
export function addKind(
  pipeline: Pipeline,
  registry: NodeRegistry,
  kind: string,
  at: Place,
  link?: Link,
): { pipeline: Pipeline; id: string } {
  return addReady(pipeline, registry, newNode(kind, registry), at, link)
}

/** The same for a node that is set up already. @param wanted its id, if that is free; its kind when absent */
export function addReady(
  pipeline: Pipeline,
  registry: NodeRegistry,
  node: PipelineNode,
  at: Place,
  link?: Link,
  wanted = node.kind.replaceAll('-', '_'),
): { pipeline: Pipeline; id: string } {
  const id = freeId(wanted, (taken) => Object.hasOwn(pipeline.nodes, taken))
  const added = addNode(pipeline, id, node, at)
  return { pipeline: link ? linked(added, registry, id, link) : added, id }
}

function linked(pipeline: Pipeline, registry: NodeRegistry, id: string, link: Link): Pipeline {
  if (link.type === 'edge') return insertOnEdge(pipeline, registry, link.edge, id)
  if (link.type === 'after') return connect(pipeline, registry, { from: link.node, to: id, after: true })
  if (link.type === 'before') return connect(pipeline, registry, { from: id, to: link.node, after: true })
  const definition = registry.get(pipeline.nodes[id]?.kind ?? '')
  if (link.type === 'from') {
    const input = freeInput(pipeline, registry, id)
    if (!input) return pipeline
    return connect(pipeline, registry, { from: link.node, fromPort: link.port, to: id, toPort: input.name })
  }
  const output = definition && mainOutput(definition)
  if (!output) return pipeline
  return connect(pipeline, registry, { from: id, fromPort: output.name, to: link.node, toPort: link.port })
}

/** Whether nodes of a kind can be wired so. */
export function fits(definition: NodeDefinition, link: Link | undefined): boolean {
  switch (link?.type) {
    case 'from':
      return definition.inputs.length > 0
    case 'to':
      return definition.outputs.some(({ name }) => name === 'out')
    case 'edge':
      return definition.inputs.length > 0 && definition.outputs.some(({ name }) => name === 'out')
    default:
      return true
  }
}
