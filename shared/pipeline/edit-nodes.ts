import type { NodeRegistry } from '../nodes/define.ts'
import type { Pipeline, PipelineNode } from './schema.ts'

/** Where something stands on the canvas: [x, y]. */
export type Place = [number, number]

/** Notes and nodes by id, and where they stand from now on. */
export interface Places {
  nodes?: Readonly<Record<string, Place>>
  notes?: Readonly<Record<string, Place>>
}

/** Things of a document that can be picked, by id; edges as `edgeId` names them. */
export interface Parts {
  nodes: readonly string[]
  edges: readonly string[]
  notes: readonly string[]
  groups: readonly string[]
}

/** An id that is not taken: the wanted one, which must be an id, or the first of `wanted_2`, `wanted_3` …; a number at its end counts on. */
export function freeId(wanted: string, taken: (id: string) => boolean): string {
  if (!taken(wanted)) return wanted
  const base = wanted.replace(/_\d+$/, '').slice(0, 90)
  for (let count = 2; ; count++) {
    const id = `${base}_${count}`
    if (!taken(id)) return id
  }
}

/** A node as it is right after it was added: the kind's defaults, perhaps incomplete. */
export function newNode(kind: string, registry: NodeRegistry): PipelineNode {
  const definition = registry.get(kind)
  const version = (definition?.migrations?.length ?? 0) + 1
  return { kind, ...(version > 1 && { version }), config: { ...definition?.defaults } }
}

/** The document with one more node; `id` must be free. */
export function addNode(pipeline: Pipeline, id: string, node: PipelineNode, at: Place): Pipeline {
  return {
    ...pipeline,
    nodes: { ...pipeline.nodes, [id]: node },
    layout: { ...pipeline.layout, [id]: at },
  }
}

/** The document with another name on a card; an empty one shows the id. */
export function setTitle(pipeline: Pipeline, id: string, title: string): Pipeline {
  const node = pipeline.nodes[id]
  const text = title.trim()
  if (!node || (node.title ?? '') === text || (node.title === undefined && text === id)) return pipeline
  const { title: _before, ...rest } = node
  const { kind, ...others } = rest
  const changed: PipelineNode = text === '' || text === id ? rest : { kind, title: text, ...others }
  return { ...pipeline, nodes: { ...pipeline.nodes, [id]: changed } }
}

/** The document with nodes switched off or on. */
export function setDisabled(pipeline: Pipeline, ids: readonly string[], disabled: boolean): Pipeline {
  const changed = ids.flatMap((id): [string, PipelineNode][] => {
    const node = pipeline.nodes[id]
    if (!node || (node.disabled ?? false) === disabled) return []
    const { disabled: _before, ...rest } = node
    return [[id, disabled ? { ...rest, disabled: true } : rest]]
  })
  return changed.length === 0 ? pipeline : { ...pipeline, nodes: { ...pipeline.nodes, ...Object.fromEntries(changed) } }
}

/** The document with nodes and notes elsewhere; what is not in it is passed over. */
export function moveParts(pipeline: Pipeline, { nodes = {}, notes = {} }: Places): Pipeline {
  const layout = Object.entries(nodes).filter(
    ([id, place]) => Object.hasOwn(pipeline.nodes, id) && !samePlace(pipeline.layout[id], place),
  )
  const papers = Object.entries(notes).flatMap(([id, at]) => {
    const note = pipeline.notes[id]
    return note && !samePlace(note.at, at) ? [[id, { ...note, at }] as const] : []
  })
  if (layout.length === 0 && papers.length === 0) return pipeline
  return {
    ...pipeline,
    ...(layout.length > 0 && { layout: { ...pipeline.layout, ...Object.fromEntries(layout) } }),
    ...(papers.length > 0 && { notes: { ...pipeline.notes, ...Object.fromEntries(papers) } }),
  }
}

const samePlace = (a: Place | undefined, b: Place) => a !== undefined && a[0] === b[0] && a[1] === b[1]
