import { didYouMean } from '../nearest.ts'
import type { NodeRegistry, PortSpec } from '../nodes/define.ts'
import { findCycle } from './graph.ts'
import { limits } from './limits.ts'
import type { Problem } from './problems.ts'
import type { Edge, Pipeline } from './schema.ts'

/** An edge that carries rows, with both ports said. */
export interface Wire {
  from: string
  /** An output port of the node's kind. */
  fromPort: string
  to: string
  /** An input port of the node's kind. */
  port: string
  /** What the consumer calls the input: the alias where the port is named by its edges, else the port. */
  toPort: string
  /** Place in the document's `edges`. */
  index: number
}

/** The port an edge means: the one it names, else `out`. Another port is never meant without being named. */
function chooseOutput(ports: readonly PortSpec[], named = 'out'): PortSpec | undefined {
  return ports.find((port) => port.name === named)
}

/** The port an edge means: the one it names, else `in`, else the only one; a name of its own where the kind lets edges choose. */
function chooseInput(ports: readonly PortSpec[], named: string | undefined): PortSpec | undefined {
  const exact = ports.find((port) => port.name === (named ?? 'in'))
  if (exact) return exact
  return named === undefined ? (ports.length === 1 ? ports[0] : undefined) : ports.find((port) => port.named)
}

/** The edges that carry rows, in document order, ports filled in. Edges that are wrong (see `checkGraph`) are left out. */
export function wires(pipeline: Pipeline, registry: NodeRegistry): Wire[] {
  return pipeline.edges.flatMap((edge, index) => {
    const output = chooseOutput(kindOf(pipeline.nodes, edge.from, registry)?.outputs ?? [], edge.fromPort)
    const input = chooseInput(kindOf(pipeline.nodes, edge.to, registry)?.inputs ?? [], edge.toPort)
    if (edge.after || !output || !input) return []
    const toPort = edge.toPort ?? input.name
    return [{ from: edge.from, fromPort: output.name, to: edge.to, port: input.name, toPort, index }]
  })
}

function kindOf(nodes: Salvaged['nodes'], id: string, registry: NodeRegistry) {
  const node = Object.hasOwn(nodes, id) ? nodes[id] : undefined
  return node && registry.get(node.kind)
}

/**
 * What is wrong with the edges: ends that are no nodes, unknown ports, ports wired twice, required inputs left open,
 * circles. Nodes of unknown kinds are passed over; disabled nodes may have open inputs.
 */
export function checkGraph(pipeline: Pipeline, registry: NodeRegistry): Problem[] {
  const { ends, circle } = checkEdges(pipeline, registry)
  return [...ends, ...repeatedOrder(pipeline), ...checkInputs(pipeline, registry), ...circle]
}

/** Nodes and edges of a document that is wrong elsewhere; edges that are none leave their place empty. */
export interface Salvaged {
  nodes: Readonly<Record<string, { kind: string }>>
  edges: readonly (Edge | undefined)[]
}

/** What is wrong with edges whatever else is: ends that are no nodes, unknown ports, and a circle. */
export function checkEdges(graph: Salvaged, registry: NodeRegistry): { ends: Problem[]; circle: Problem[] } {
  const ends: Problem[] = []
  for (const [index, edge] of graph.edges.entries()) {
    if (ends.length >= limits.problems) break
    if (edge) ends.push(...checkEdge(graph.nodes, edge, index, registry))
  }
  const edges = graph.edges.filter((edge) => edge !== undefined)
  const circle = findCycle({ nodes: graph.nodes, edges })
  return { ends, circle: circle && circle.length > 2 ? [cycleProblem(circle)] : [] }
}

function cycleProblem(circle: readonly string[]): Problem {
  return {
    code: 'GRAPH_CYCLE',
    path: ['nodes', circle[0] ?? ''],
    message: `The edges go in a circle: ${circle.join(' → ')}.`,
    hint: 'Remove one of these edges: a node cannot wait for itself.',
  }
}

function checkEdge(nodes: Salvaged['nodes'], edge: Edge, index: number, registry: NodeRegistry): Problem[] {
  const ends = (['from', 'to'] as const).filter((end) => !Object.hasOwn(nodes, edge[end]))
  if (ends.length > 0) return ends.map((end) => danglingEdge(nodes, edge, index, end))
  if (edge.from === edge.to) {
    return [
      {
        code: 'GRAPH_CYCLE',
        path: ['edges', index],
        message: `The edge goes from "${edge.from}" to itself.`,
        hint: 'Remove the edge.',
      },
    ]
  }
  if (edge.after) return checkOrderEdge(edge, index)
  const source = kindOf(nodes, edge.from, registry)
  const target = kindOf(nodes, edge.to, registry)
  return [
    ...(source && !chooseOutput(source.outputs, edge.fromPort)
      ? [unknownPort(edge.from, source.outputs, edge.fromPort, ['edges', index, 'fromPort'], 'output')]
      : []),
    ...(target && !chooseInput(target.inputs, edge.toPort)
      ? [unknownPort(edge.to, target.inputs, edge.toPort, ['edges', index, 'toPort'], 'input')]
      : []),
  ]
}

function danglingEdge(nodes: Salvaged['nodes'], edge: Edge, index: number, end: 'from' | 'to'): Problem {
  return {
    code: 'GRAPH_EDGE',
    path: ['edges', index, end],
    message: `The edge from "${edge.from}" to "${edge.to}": there is no node "${edge[end]}".`,
    hint: didYouMean(edge[end], Object.keys(nodes), 'Remove the edge, or add the node.'),
  }
}

function checkOrderEdge(edge: Edge, index: number): Problem[] {
  const named = (['fromPort', 'toPort'] as const).filter((key) => edge[key] !== undefined)
  return named.map((key) => ({
    code: 'GRAPH_EDGE',
    path: ['edges', index, key],
    message: `The edge from "${edge.from}" to "${edge.to}" only sets the order, so it has no ports.`,
    hint: `Remove "${key}", or remove "after" if rows should pass.`,
  }))
}

function repeatedOrder(pipeline: Pipeline): Problem[] {
  const seen = new Set<string>()
  return pipeline.edges.flatMap((edge, index): Problem[] => {
    const pair = `${edge.from} ${edge.to}`
    if (!edge.after || !seen.has(pair)) {
      if (edge.after) seen.add(pair)
      return []
    }
    const message = `"${edge.to}" already runs after "${edge.from}".`
    return [{ code: 'GRAPH_EDGE', path: ['edges', index], message, hint: 'Remove one of the two edges.' }]
  })
}

function unknownPort(
  id: string,
  ports: readonly PortSpec[],
  named: string | undefined,
  path: Problem['path'],
  side: 'input' | 'output',
): Problem {
  const names = ports.map((port) => port.name)
  if (names.length === 0) {
    const [gives, hint] =
      side === 'input'
        ? ['takes no rows', 'To run it after another node, add "after": true.']
        : ['gives no rows', 'To run something after it, add "after": true to the edge.']
    return { code: 'GRAPH_PORT', path, message: `"${id}" ${gives}, so no edge can carry any there.`, hint }
  }
  if (named === undefined) {
    const key = side === 'input' ? 'toPort' : 'fromPort'
    if (names.length === 1) {
      return {
        code: 'GRAPH_PORT',
        path,
        message: `"${id}" gives rows only at its port "${names[0]}", and the edge does not name it.`,
        hint: `Add "fromPort": "${names[0]}", or "after": true if the edge only sets the order.`,
      }
    }
    return {
      code: 'GRAPH_PORT',
      path,
      message: `"${id}" has several ${side}s, and the edge does not say which.`,
      hint: `Add "${key}": ${names.map((name) => `"${name}"`).join(' or ')}.`,
    }
  }
  const all = `Its ${side}s: ${names.join(', ')}.`
  return {
    code: 'GRAPH_PORT',
    path,
    message: `"${id}" has no ${side} "${named}".`,
    hint: didYouMean(named, names, all),
  }
}

function checkInputs(pipeline: Pipeline, registry: NodeRegistry): Problem[] {
  const arriving = Map.groupBy(wires(pipeline, registry), (wire) => wire.to)
  return Object.entries(pipeline.nodes).flatMap(([id, node]) => {
    const inputs = registry.get(node.kind)?.inputs ?? []
    const mine = arriving.get(id) ?? []
    const twice = mine.filter((wire, place) => {
      const spec = inputs.find((port) => port.name === wire.port)
      const same = (other: Wire) => other.toPort.toLowerCase() === wire.toPort.toLowerCase()
      return !spec?.many && mine.findIndex(same) < place
    })
    const open = node.disabled
      ? []
      : inputs.filter((port) => !port.optional && !mine.some((wire) => wire.port === port.name))
    return [
      ...twice.map((wire) => wiredTwice(wire, inputs)),
      ...open.map((port) => openInput(id, node.kind, port, inputs)),
    ]
  })
}

function wiredTwice(wire: Wire, inputs: readonly PortSpec[]): Problem {
  const named = inputs.some((port) => port.name === wire.port && port.named)
  return {
    code: 'GRAPH_PORT',
    path: ['edges', wire.index],
    message: named
      ? `"${wire.to}" has two inputs named "${wire.toPort}".`
      : `The input "${wire.toPort}" of "${wire.to}" is wired twice.`,
    hint: named ? 'Give each edge a "toPort" of its own.' : 'Remove one of the edges, or put a union before the node.',
  }
}

function openInput(id: string, kind: string, port: PortSpec, inputs: readonly PortSpec[]): Problem {
  const which = inputs.length === 1 ? 'its rows come from' : `the rows of its input "${port.name}" come from`
  const toPort = port.name === 'in' || inputs.length === 1 ? '' : `, "toPort": "${port.name}"`
  return {
    code: 'GRAPH_PORT',
    path: ['nodes', id],
    message: `"${id}" (${kind}) does not say where ${which}.`,
    hint: `Add an edge: { "from": "…", "to": "${id}"${toPort} }.`,
  }
}
