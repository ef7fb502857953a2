import type { NodeDefinition, NodeRegistry, PortSpec } from '../nodes/define.ts'
import { descendants } from './graph.ts'
import { type Edge, nodeOf, type Pipeline } from './schema.ts'
import { wires } from './wiring.ts'

/** A name for an edge that no other edge of the document has: the format forbids two that are the same. */
export const edgeId = ({ from, fromPort, to, toPort, after }: Edge): string =>
  JSON.stringify(after ? [from, to, 'after'] : [from, fromPort ?? 'out', to, toPort ?? 'in'])

/** An edge that is wished for: ports as their kinds call them, or order only. */
export type Wish = { from: string; to: string } & ({ fromPort: string; toPort: string } | { after: true })

/**
 * Why an edge cannot be, in words; undefined when it can.
 * @param instead the edge that it would replace, as `edgeId` names it
 */
export function refusal(pipeline: Pipeline, registry: NodeRegistry, wish: Wish, instead?: string): string | undefined {
  const { from, to } = wish
  const source = nodeOf(pipeline, from)
  const target = nodeOf(pipeline, to)
  if (!source || !target) return 'One of the two nodes is not there any more.'
  if (from === to) return 'A node cannot be connected to itself.'
  const [giver, taker] = [source.title ?? from, target.title ?? to]
  if (!('after' in wish)) {
    const output = portOf(registry.get(source.kind)?.outputs, wish.fromPort)
    const input = portOf(registry.get(target.kind)?.inputs, wish.toPort)
    if (!output) return `${giver} gives no rows there. To run ${taker} afterwards, connect them by order only.`
    if (!input) return `${taker} takes no rows there. To run it afterwards, connect them by order only.`
  }
  const left = without(pipeline, instead)
  const edge = edgeOf(left, registry, wish, aliasOf(pipeline, wish, instead))
  if (left.edges.some((other) => edgeId(other) === edgeId(edge))) return `${giver} and ${taker} are connected already.`
  if (descendants(left, to).has(from)) return `${giver} already waits for ${taker}: the edges would go in a circle.`
  return undefined
}

/**
 * The document with one more edge; one that had its place, because the port takes one edge only, gives way. Refused
 * edges change nothing.
 * @param instead the edge that it replaces, as `edgeId` names it
 */
export function connect(pipeline: Pipeline, registry: NodeRegistry, wish: Wish, instead?: string): Pipeline {
  if (refusal(pipeline, registry, wish, instead) !== undefined) return pipeline
  const left = without(pipeline, instead)
  const edge = edgeOf(left, registry, wish, aliasOf(pipeline, wish, instead))
  const giving = 'after' in wish ? undefined : occupant(left, registry, wish)
  // An edge that takes the place of another stands where that stood: the order of edges counts for union.
  const old = pipeline.edges.findIndex((other) => edgeId(other) === instead)
  const at = giving ?? (old < 0 ? left.edges.length : old)
  return { ...pipeline, edges: left.edges.toSpliced(at, giving === undefined ? 0 : 1, edge) }
}

/**
 * The document with a node between the two ends of an edge; unchanged when the node cannot pass rows on or is part of
 * the flow already.
 */
export function insertOnEdge(pipeline: Pipeline, registry: NodeRegistry, id: string, node: string): Pipeline {
  const edge = pipeline.edges.find((other) => edgeId(other) === id)
  if (!edge || !canInsert(pipeline, registry, node)) return pipeline
  const definition = definitionOf(pipeline, registry, node)
  const input = definition?.inputs[0]
  const output = definition && mainOutput(definition)
  const { from, to } = edge
  if (edge.after)
    return replaceEdge(pipeline, id, [
      { from, to: node, after: true },
      { from: node, to, after: true },
    ])
  if (!input || !output) return pipeline
  const before = edgeOf(pipeline, registry, { from, fromPort: edge.fromPort ?? 'out', to: node, toPort: input.name })
  const { fromPort: _port, ...rest } = edge
  return replaceEdge(pipeline, id, [
    before,
    { ...rest, from: node, ...(output.name !== 'out' && { fromPort: output.name }) },
  ])
}

/** Whether a node of this kind can stand between two others. */
export const passesRows = (definition: NodeDefinition): boolean =>
  definition.inputs.length > 0 && definition.outputs.some(({ name }) => name === 'out')

/** Whether a node may be dropped onto an edge: it passes rows on and stands alone. */
export function canInsert(pipeline: Pipeline, registry: NodeRegistry, node: string): boolean {
  const definition = definitionOf(pipeline, registry, node)
  if (!definition || !passesRows(definition)) return false
  return !pipeline.edges.some(({ from, to }) => from === node || to === node)
}

/** The input of a node that an edge dropped anywhere on it means: the first that is free, else one that takes any number. */
export function freeInput(pipeline: Pipeline, registry: NodeRegistry, id: string): PortSpec | undefined {
  const inputs = definitionOf(pipeline, registry, id)?.inputs ?? []
  const taken = new Set(wires(pipeline, registry).flatMap((wire) => (wire.to === id ? [wire.port] : [])))
  return inputs.find((port) => !taken.has(port.name)) ?? inputs.find((port) => port.many || port.named) ?? inputs[0]
}

/** The output that is meant when none is named. */
export const mainOutput = ({ outputs }: NodeDefinition): PortSpec | undefined =>
  outputs.find(({ name }) => name === 'out') ?? outputs[0]

export function definitionOf(pipeline: Pipeline, registry: NodeRegistry, id: string): NodeDefinition | undefined {
  const node = nodeOf(pipeline, id)
  return node && registry.get(node.kind)
}

const portOf = (ports: readonly PortSpec[] | undefined, name: string) => ports?.find((port) => port.name === name)

const without = (pipeline: Pipeline, id: string | undefined): Pipeline =>
  id === undefined ? pipeline : { ...pipeline, edges: pipeline.edges.filter((edge) => edgeId(edge) !== id) }

const replaceEdge = (pipeline: Pipeline, id: string, edges: readonly Edge[]): Pipeline => ({
  ...pipeline,
  edges: pipeline.edges.flatMap((edge) => (edgeId(edge) === id ? edges : [edge])),
})

/** The edge as the document writes it: ports are left out where they go without saying. */
function edgeOf(pipeline: Pipeline, registry: NodeRegistry, wish: Wish, alias?: string): Edge {
  const { from, to } = wish
  if ('after' in wish) return { from, to, after: true }
  const inputs = definitionOf(pipeline, registry, to)?.inputs ?? []
  const input = portOf(inputs, wish.toPort)
  const toPort = input?.named ? (alias ?? freeAlias(pipeline, registry, wish)) : wish.toPort
  const unsaid = toPort === 'in' || (inputs.length === 1 && toPort === inputs[0]?.name)
  return { from, to, ...(wish.fromPort !== 'out' && { fromPort: wish.fromPort }), ...(!unsaid && { toPort }) }
}

/** What the node called the rows of the edge that is replaced: its SQL goes on calling them so. */
function aliasOf(pipeline: Pipeline, { to }: Wish, instead: string | undefined): string | undefined {
  const before = pipeline.edges.find((edge) => edgeId(edge) === instead)
  return before && !before.after && before.to === to ? (before.toPort ?? 'in') : undefined
}

/** What a further input of a node whose edges name their ports is called: the first as the port, others as what they come from. */
function freeAlias(
  pipeline: Pipeline,
  registry: NodeRegistry,
  { from, to, toPort }: { from: string; to: string; toPort: string },
): string {
  const taken = new Set(
    wires(pipeline, registry).flatMap((wire) => (wire.to === to ? [wire.toPort.toLowerCase()] : [])),
  )
  if (!taken.has(toPort)) return toPort
  for (let count = 1; ; count++) {
    const alias = count === 1 ? from : `${from}_${count}`
    if (!taken.has(alias.toLowerCase())) return alias
  }
}

/** Place of the edge that keeps a port from taking another. */
function occupant(
  pipeline: Pipeline,
  registry: NodeRegistry,
  { to, toPort }: { to: string; toPort: string },
): number | undefined {
  const input = portOf(definitionOf(pipeline, registry, to)?.inputs, toPort)
  if (input?.many || input?.named) return undefined
  return wires(pipeline, registry).find((wire) => wire.to === to && wire.port === toPort)?.index
}
