import { AppError } from '../errors.ts'
import { requireNode } from './graph.ts'
import { nodeId, type Pipeline } from './schema.ts'

/**
 * The document with a node under another id: its key, its place among the nodes, its edges and its layout follow.
 * @throws AppError GRAPH_NODE when there is no such node, or the new id is taken or is no id.
 */
export function renameNode(pipeline: Pipeline, from: string, to: string): Pipeline {
  requireNode(pipeline, from)
  if (from === to) return pipeline
  const checked = nodeId.safeParse(to)
  if (!checked.success) {
    throw new AppError('GRAPH_NODE', `"${to}" cannot be a node id: ${checked.error.issues[0]?.message ?? ''}.`, {
      hint: 'Choose a readable name, for example "daily_orders". The title may be anything.',
      at: { node: from },
    })
  }
  if (Object.hasOwn(pipeline.nodes, to)) {
    throw new AppError('GRAPH_NODE', `There is already a node "${to}".`, {
      hint: `For example "${uniqueId(to, pipeline)}" is free.`,
      at: { node: from },
    })
  }
  const renamed = (id: string) => (id === from ? to : id)
  const rekey = <T>(record: Record<string, T>) =>
    Object.fromEntries(Object.entries(record).map(([id, value]) => [renamed(id), value]))
  return {
    ...pipeline,
    nodes: rekey(pipeline.nodes),
    edges: pipeline.edges.map((edge) =>
      edge.from === from || edge.to === from ? { ...edge, from: renamed(edge.from), to: renamed(edge.to) } : edge,
    ),
    groups: mapMembers(pipeline.groups, (members) => members.map(renamed)),
    layout: rekey(pipeline.layout),
  }
}

/**
 * The document without a node, its edges and its place.
 * @throws AppError GRAPH_NODE when there is no such node.
 */
export function removeNode(pipeline: Pipeline, id: string): Pipeline {
  requireNode(pipeline, id)
  const { [id]: _node, ...nodes } = pipeline.nodes
  const { [id]: _place, ...layout } = pipeline.layout
  const left = mapMembers(pipeline.groups, (members) => members.filter((member) => member !== id))
  const emptied = (group: string) => left[group]?.nodes.length === 0 && pipeline.groups[group]?.nodes.length !== 0
  const groups = Object.fromEntries(Object.entries(left).filter(([group]) => !emptied(group)))
  const edges = pipeline.edges.filter((edge) => edge.from !== id && edge.to !== id)
  return { ...pipeline, nodes, edges, groups, layout }
}

function mapMembers(groups: Pipeline['groups'], change: (members: string[]) => string[]): Pipeline['groups'] {
  return Object.fromEntries(Object.entries(groups).map(([id, group]) => [id, { ...group, nodes: change(group.nodes) }]))
}

/** A free id made of a title: `Daily Orders` becomes `daily_orders`, then `daily_orders_2`. */
export function uniqueId(title: string, pipeline: Pick<Pipeline, 'nodes'>): string {
  const words = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
    .replace(/\p{Cs}$/u, '')
  const wanted = /^\p{L}/u.test(words) ? words : words === '' ? 'node' : `_${words}`
  for (let count = 1; ; count++) {
    const id = count === 1 ? wanted : `${wanted}_${count}`
    if (nodeId.safeParse(id).success && !Object.hasOwn(pipeline.nodes, id)) return id
  }
}
