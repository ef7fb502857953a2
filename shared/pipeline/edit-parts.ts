import { edgeId } from './edit-edges.ts'
import { leaveGroups } from './edit-frames.ts'
import { freeId, type Parts, type Place } from './edit-nodes.ts'
import { documentVersion, type Edge, type Pipeline } from './schema.ts'

/** The document without some parts, the edges of nodes that go and frames that are empty then. */
export function removeParts(pipeline: Pipeline, { nodes, edges, notes, groups }: Parts): Pipeline {
  const gone = new Set(nodes.filter((id) => Object.hasOwn(pipeline.nodes, id)))
  const cut = new Set(edges)
  const leftEdges = pipeline.edges.filter(
    (edge) => !gone.has(edge.from) && !gone.has(edge.to) && !cut.has(edgeId(edge)),
  )
  const grouped = leaveGroups(pipeline, [...gone])
  const leftGroups = pick(grouped.groups, (id) => !groups.includes(id))
  const leftNotes = pick(pipeline.notes, (id) => !notes.includes(id))
  const unchanged =
    gone.size === 0 &&
    leftEdges.length === pipeline.edges.length &&
    leftGroups === pipeline.groups &&
    leftNotes === pipeline.notes
  if (unchanged) return pipeline
  return {
    ...pipeline,
    nodes: pick(pipeline.nodes, (id) => !gone.has(id)),
    edges: leftEdges.length === pipeline.edges.length ? pipeline.edges : leftEdges,
    groups: leftGroups,
    notes: leftNotes,
    layout: pick(pipeline.layout, (id) => !gone.has(id)),
  }
}

/**
 * Some parts as a document of their own: the nodes, those of frames that are among the parts, the edges between them,
 * and the parameters they use.
 * @param places where nodes stand that the layout does not name
 */
export function fragmentOf(pipeline: Pipeline, parts: Parts, places: Readonly<Record<string, Place>> = {}): Pipeline {
  const framed = parts.groups.flatMap((id) => pipeline.groups[id]?.nodes ?? [])
  const taken = new Set([...parts.nodes, ...framed].filter((id) => Object.hasOwn(pipeline.nodes, id)))
  const nodes = pick(pipeline.nodes, (id) => taken.has(id))
  const text = JSON.stringify(nodes)
  const whole = (members: readonly string[]) => members.length > 0 && members.every((id) => taken.has(id))
  return {
    sluice: documentVersion,
    name: 'Copied nodes',
    parameters: pipeline.parameters.filter(({ name }) => new RegExp(`:${name}\\b|\\{\\{\\s*${name}\\b`).test(text)),
    nodes,
    edges: pipeline.edges.filter(({ from, to }) => taken.has(from) && taken.has(to)),
    groups: pick(pipeline.groups, (id) => parts.groups.includes(id) || whole(pipeline.groups[id]?.nodes ?? [])),
    notes: pick(pipeline.notes, (id) => parts.notes.includes(id)),
    layout: Object.fromEntries(
      Object.keys(nodes).flatMap((id) => {
        const place = pipeline.layout[id] ?? places[id]
        return place ? [[id, place] as const] : []
      }),
    ),
  }
}

/**
 * The document with another one's nodes, edges, notes and frames put into it, moved by `shift`, under ids that are free;
 * parameters that it lacks come along.
 * @returns what was put in, too, under its new ids
 */
export function insertFragment(
  pipeline: Pipeline,
  fragment: Pipeline,
  [dx, dy]: Place,
): { pipeline: Pipeline; parts: Parts } {
  const nodeIds = renaming(Object.keys(fragment.nodes), pipeline.nodes)
  const noteIds = renaming(Object.keys(fragment.notes), pipeline.notes)
  const groupIds = renaming(Object.keys(fragment.groups), pipeline.groups)
  const called = (id: string) => nodeIds.get(id) ?? id
  const moved = ([x, y]: Place): Place => [x + dx, y + dy]
  const known = new Set(pipeline.parameters.map(({ name }) => name.toLowerCase()))
  const edges = fragment.edges
    .filter(({ from, to }) => nodeIds.has(from) && nodeIds.has(to))
    .map((edge): Edge => ({ ...edge, from: called(edge.from), to: called(edge.to) }))
  const added: Pipeline = {
    ...pipeline,
    parameters: [...pipeline.parameters, ...fragment.parameters.filter(({ name }) => !known.has(name.toLowerCase()))],
    nodes: { ...pipeline.nodes, ...rekey(fragment.nodes, nodeIds) },
    edges: [...pipeline.edges, ...edges],
    groups: {
      ...pipeline.groups,
      ...rekey(fragment.groups, groupIds, (group) => ({ ...group, nodes: group.nodes.map(called) })),
    },
    notes: { ...pipeline.notes, ...rekey(fragment.notes, noteIds, (note) => ({ ...note, at: moved(note.at) })) },
    layout: { ...pipeline.layout, ...rekey(fragment.layout, nodeIds, moved) },
  }
  const parts = {
    nodes: [...nodeIds.values()],
    edges: [],
    notes: [...noteIds.values()],
    groups: [...groupIds.values()],
  }
  return { pipeline: added, parts }
}

/** The box around everything of a document that has a place: its top left corner and size; undefined when nothing has. */
export function topLeft({ layout, notes }: Pick<Pipeline, 'layout' | 'notes'>): Place | undefined {
  const places = [...Object.values(layout), ...Object.values(notes).map(({ at }) => at)]
  if (places.length === 0) return undefined
  return [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))]
}

function renaming(ids: readonly string[], taken: Readonly<Record<string, unknown>>): Map<string, string> {
  const given = new Set<string>()
  return new Map(
    ids.map((id) => {
      const free = freeId(id, (name) => Object.hasOwn(taken, name) || given.has(name))
      given.add(free)
      return [id, free]
    }),
  )
}

function rekey<T>(
  record: Readonly<Record<string, T>>,
  names: ReadonlyMap<string, string>,
  change: (value: T) => T = (value) => value,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([id, value]) => {
      const name = names.get(id)
      return name === undefined ? [] : [[name, change(value)] as const]
    }),
  )
}

/** The same record when all of it stays. */
function pick<T>(record: Record<string, T>, keep: (id: string) => boolean): Record<string, T> {
  const entries = Object.entries(record)
  const kept = entries.filter(([id]) => keep(id))
  return kept.length === entries.length ? record : Object.fromEntries(kept)
}
