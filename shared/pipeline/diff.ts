import type { NodeRegistry } from '../nodes/define.ts'
import { formatPath, type Path } from './place.ts'
import { type Edge, type Parameter, type Pipeline, type PipelineNode, retryDefaults } from './schema.ts'

/** A value that differs; `before` or `after` is undefined where one side has none. */
export interface Change {
  /** Inside the thing that changed, e.g. `config.sql`. */
  path: string
  before: unknown
  after: unknown
}

/** What turns one document into another, by meaning: order of keys, spelt-out defaults and formatting do not count. */
export interface PipelineDiff {
  /** Name, description, atomic. */
  document: Change[]
  parameters: { added: string[]; removed: string[]; changed: { name: string; changes: Change[] }[] }
  nodes: {
    added: string[]
    removed: string[]
    renamed: { from: string; to: string }[]
    /** By the id in the second document. */
    changed: { id: string; changes: Change[] }[]
  }
  /** Edges of the first document are told with the ids of the second. */
  edges: { added: Edge[]; removed: Edge[]; reordered: string[] }
  /** Ids, in the second document, of nodes that only stand elsewhere on the canvas. */
  moved: string[]
}

export function diffPipelines(before: Pipeline, after: Pipeline, registry: NodeRegistry): PipelineDiff {
  const gone = Object.keys(before.nodes).filter((id) => !Object.hasOwn(after.nodes, id))
  const fresh = Object.keys(after.nodes).filter((id) => !Object.hasOwn(before.nodes, id))
  const renamed = findRenames(before, after, gone, fresh, registry)
  const newIds = new Map(renamed.map(({ from, to }) => [from, to]))
  const newId = (id: string) => newIds.get(id) ?? id
  const oldIds = new Map(Object.keys(before.nodes).map((id) => [newId(id), id]))
  const kept = Object.keys(after.nodes).flatMap((id) => {
    const old = oldIds.get(id)
    return old === undefined ? [] : [{ id, old }]
  })
  return {
    document: (['name', 'description', 'atomic'] as const).flatMap((key) => changes(before[key], after[key], [key])),
    parameters: diffParameters(before.parameters, after.parameters),
    nodes: {
      added: fresh.filter((id) => !renamed.some(({ to }) => to === id)),
      removed: gone.filter((id) => !renamed.some(({ from }) => from === id)),
      renamed,
      changed: kept.flatMap(({ id, old }) => {
        const found = changes(meaning(before.nodes[old], registry), meaning(after.nodes[id], registry), [])
        return found.length === 0 ? [] : [{ id, changes: found }]
      }),
    },
    edges: diffEdges(
      before.edges.map((edge) => ({ ...edge, from: newId(edge.from), to: newId(edge.to) })),
      after,
      registry,
    ),
    moved: kept.flatMap(({ id, old }) => (same(before.layout[old], after.layout[id]) ? [] : [id])),
  }
}

/** Whether a diff says that both documents do the same; layout apart. */
export function isSame({ document, parameters, nodes, edges }: PipelineDiff): boolean {
  return [document, ...Object.values(parameters), ...Object.values(nodes), ...Object.values(edges)].every(
    (list) => list.length === 0,
  )
}

/** A node that went and one that came are one node renamed when kind and config are the same; first come, first paired. */
function findRenames(
  before: Pipeline,
  after: Pipeline,
  gone: readonly string[],
  fresh: readonly string[],
  registry: NodeRegistry,
): { from: string; to: string }[] {
  const core = (pipeline: Pipeline, id: string) => {
    const node = meaning(pipeline.nodes[id], registry)
    return JSON.stringify([node.kind, sorted(node.config)])
  }
  const waiting = Map.groupBy(fresh, (id) => core(after, id))
  return gone.flatMap((from) => {
    const to = waiting.get(core(before, from))?.shift()
    return to === undefined ? [] : [{ from, to }]
  })
}

/** Values with keys in one order, so that their texts can be compared. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}

const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

/** A node with the defaults of its config and retry said, so that leaving one out and spelling it are equal. */
function meaning(node: PipelineNode | undefined, registry: NodeRegistry): Record<string, unknown> {
  const parsed = node && registry.get(node.kind)?.config.safeParse(node.config)
  const config: unknown = parsed?.success ? parsed.data : node?.config
  return {
    ...node,
    config,
    disabled: node?.disabled || undefined,
    retry: node?.retry && { ...retryDefaults, ...node.retry },
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The smallest values that differ; lists of equal length are compared item by item. */
function changes(before: unknown, after: unknown, path: Path): Change[] {
  if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => changes(before[key], after[key], [...path, key]))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => changes(item, after[index], [...path, index]))
  }
  return same(before, after) ? [] : [{ path: formatPath(path), before, after }]
}

function diffParameters(before: readonly Parameter[], after: readonly Parameter[]): PipelineDiff['parameters'] {
  const old = new Map(before.map((parameter) => [parameter.name, parameter]))
  const names = new Set(after.map(({ name }) => name))
  return {
    added: after.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    removed: before.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    changed: after.flatMap((parameter) => {
      const earlier = old.get(parameter.name)
      const found = earlier ? changes(earlier, parameter, []) : []
      return found.length === 0 ? [] : [{ name: parameter.name, changes: found }]
    }),
  }
}

function edgeKey({ from, to, fromPort, toPort, after }: Edge): string {
  return JSON.stringify(after ? [from, to] : [from, fromPort ?? 'out', to, toPort ?? 'in'])
}

function diffEdges(before: readonly Edge[], { edges, nodes }: Pipeline, registry: NodeRegistry): PipelineDiff['edges'] {
  const added = without(edges, before)
  const removed = without(before, edges)
  const stayed = { before: without(before, removed), after: without(edges, added) }
  const arriving = {
    before: Map.groupBy(stayed.before, (edge) => edge.to),
    after: Map.groupBy(stayed.after, (edge) => edge.to),
  }
  const order = (list: readonly Edge[] = []) => list.filter((edge) => !edge.after).map(edgeKey)
  const reordered = [...arriving.after].flatMap(([id, list]) => {
    const ordered = registry.get(nodes[id]?.kind ?? '')?.inputs.some((port) => port.many)
    return ordered && !same(order(arriving.before.get(id)), order(list)) ? [id] : []
  })
  return { added, removed, reordered }
}

/** The edges that the other list does not have; of equal edges, as many as it has fewer. */
function without(edges: readonly Edge[], other: readonly Edge[]): Edge[] {
  const left = Map.groupBy(other, edgeKey)
  return edges.filter((edge) => left.get(edgeKey(edge))?.pop() === undefined)
}
