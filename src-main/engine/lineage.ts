import type { ColumnPlace, Lineage } from '../../shared/contract/pipelines.ts'
import { AppError } from '../../shared/errors.ts'
import { analyse } from './analyse.ts'
import { columnKey } from './lineage/columns.ts'
import { type NodeFlow, nodeFlow, type PortFlow } from './lineage/node-flow.ts'
import { type LookOptions, withScope } from './look.ts'
import { type PlannedNode, planPipeline } from './plan.ts'

/** The port by which rows come into a node that gives none of the kind (a load, a file): its columns are those that arrive. */
export const arrivals = 'in'

/**
 * Which columns the values of a column come from and go into, over the whole pipeline, by how the engine understands each node's query.
 * What a node makes of rows outside the engine is not known, so there every column counts as made of all that arrive.
 * @throws AppError CONFIG_COLUMN when there is no such column; for a plan that cannot be made GRAPH_*, CONFIG_INVALID
 */
export async function columnLineage(options: LookOptions, place: ColumnPlace): Promise<Lineage> {
  const { nodes } = planPipeline({ ...options, mode: 'inspect', kept: new Set() })
  return withScope(nodes, options, async (scope) => {
    const analysis = await analyse(nodes, scope, options.signal)
    const session = await (await scope.duck()).connect(options.params, options.signal)
    try {
      const flows = new Map<string, NodeFlow>()
      for (const node of nodes.values()) flows.set(node.id, await nodeFlow(node, analysis, options.params, session))
      for (const node of nodes.values()) addArrivals(node, flows)
      return new Tracer(nodes, flows).lineage(place)
    } finally {
      session.close()
    }
  })
}

/** Gives a node that ends a path a port with what arrives, so that lineage reaches it. */
function addArrivals(node: PlannedNode, flows: Map<string, NodeFlow>): void {
  const [edge] = node.inputs
  const flow = flows.get(node.id)
  if (!edge || !flow || node.executor?.role !== 'sink') return
  const names = flows.get(edge.from)?.ports[edge.fromPort]?.names ?? []
  const columns = names.map((name) => ({ from: new Set([columnKey('0', name)]), shapes: new Set<string>() }))
  flow.ports[arrivals] = { names, columns, shapes: new Set(), relations: new Set(['0']) }
}

const keyOf = ({ node, port, column }: ColumnPlace) => JSON.stringify([node, port, column])

class Tracer {
  private readonly nodes: ReadonlyMap<string, PlannedNode>
  private readonly flows: ReadonlyMap<string, NodeFlow>

  constructor(nodes: ReadonlyMap<string, PlannedNode>, flows: ReadonlyMap<string, NodeFlow>) {
    this.nodes = nodes
    this.flows = flows
  }

  lineage(place: ColumnPlace): Lineage {
    if (!this.columnOf(place)) {
      throw new AppError('CONFIG_COLUMN', `${place.node} has no column ${place.column}.`, { at: { node: place.node } })
    }
    const from = this.upstream([place], (at) => this.valuesOf(at))
    const values = new Set([place, ...from].map(keyOf))
    const chosen = [place, ...from].flatMap((at) => this.shapesOf(at))
    const rows = this.rowShapes(place.node, place.port)
    const direct = unique([...chosen, ...rows])
    const shapes = unique([...direct, ...this.upstream(direct, (at) => [...this.valuesOf(at), ...this.shapesOf(at)])])
    return { from, shapes: shapes.filter((at) => !values.has(keyOf(at))), to: this.downstream(place) }
  }

  private port(node: string, port: string): PortFlow | undefined {
    return this.flows.get(node)?.ports[port]
  }

  private columnOf({ node, port, column }: ColumnPlace) {
    const flow = this.port(node, port)
    return flow?.columns[flow.names.indexOf(column)]
  }

  /** A column of an input of a node, as the output column that it is. */
  private placeOf(node: string, key: string): ColumnPlace[] {
    const [relation, column]: unknown[] = JSON.parse(key)
    const edge = this.nodes.get(node)?.inputs[Number(relation)]
    return edge ? [{ node: edge.from, port: edge.fromPort, column: String(column) }] : []
  }

  private valuesOf(at: ColumnPlace): ColumnPlace[] {
    return [...(this.columnOf(at)?.from ?? [])].flatMap((key) => this.placeOf(at.node, key))
  }

  private shapesOf(at: ColumnPlace): ColumnPlace[] {
    return [...(this.columnOf(at)?.shapes ?? [])].flatMap((key) => this.placeOf(at.node, key))
  }

  /** Columns that decide which rows a port gives, by the node and all before it whose rows it reads. */
  private rowShapes(node: string, port: string, seen = new Set<string>()): ColumnPlace[] {
    const flow = this.port(node, port)
    if (!flow || seen.has(`${node}:${port}`)) return []
    seen.add(`${node}:${port}`)
    const own = [...flow.shapes].flatMap((key) => this.placeOf(node, key))
    const before = [...flow.relations].flatMap((relation) => {
      const edge = this.nodes.get(node)?.inputs[Number(relation)]
      return edge ? this.rowShapes(edge.from, edge.fromPort, seen) : []
    })
    return [...own, ...before]
  }

  /** All that can be reached, nearest first, without where it started. */
  private upstream(start: readonly ColumnPlace[], step: (at: ColumnPlace) => ColumnPlace[]): ColumnPlace[] {
    const seen = new Set(start.map(keyOf))
    const found: ColumnPlace[] = []
    let next = [...start]
    while (next.length > 0) {
      const fresh = unique(next.flatMap(step)).filter((at) => !seen.has(keyOf(at)))
      for (const at of fresh) seen.add(keyOf(at))
      found.push(...fresh)
      next = fresh
    }
    return found
  }

  private downstream(start: ColumnPlace): ColumnPlace[] {
    const users = new Map<string, ColumnPlace[]>()
    for (const [node, { ports }] of this.flows) {
      for (const [port, flow] of Object.entries(ports)) {
        for (const [index, column] of flow.names.entries()) {
          const made = flow.columns[index]
          for (const key of made?.from ?? []) {
            for (const source of this.placeOf(node, key)) {
              const known = users.get(keyOf(source))
              if (known) known.push({ node, port, column })
              else users.set(keyOf(source), [{ node, port, column }])
            }
          }
        }
      }
    }
    return this.upstream([start], (at) => users.get(keyOf(at)) ?? [])
  }
}

function unique(places: readonly ColumnPlace[]): ColumnPlace[] {
  return [...new Map(places.map((place) => [keyOf(place), place])).values()]
}
