import type { Group, Note, Pipeline } from './schema.ts'

/** The document with one more note; `id` must be free. */
export const addNote = (pipeline: Pipeline, id: string, note: Note): Pipeline => ({
  ...pipeline,
  notes: { ...pipeline.notes, [id]: note },
})

/** The document with a note that says, measures or looks something else. */
export function changeNote(pipeline: Pipeline, id: string, change: Partial<Note>): Pipeline {
  const note = pipeline.notes[id]
  if (!note || !differs(note, change)) return pipeline
  return { ...pipeline, notes: { ...pipeline.notes, [id]: { ...note, ...change } } }
}

/** The document with a frame around nodes, which leave the frames they were in; `id` must be free. */
export function groupNodes(pipeline: Pipeline, id: string, nodes: readonly string[], title: string): Pipeline {
  const members = nodes.filter((node) => Object.hasOwn(pipeline.nodes, node))
  if (members.length === 0) return pipeline
  const left = leaveGroups(pipeline, members)
  return { ...left, groups: { ...left.groups, [id]: { title, nodes: members } } }
}

/** The document with a frame of another title or colour. */
export function changeGroup(pipeline: Pipeline, id: string, change: Partial<Omit<Group, 'nodes'>>): Pipeline {
  const group = pipeline.groups[id]
  if (!group || !differs(group, change)) return pipeline
  return { ...pipeline, groups: { ...pipeline.groups, [id]: { ...group, ...change } } }
}

/** The document with nodes inside a frame, and in no other. */
export function joinGroup(pipeline: Pipeline, id: string, nodes: readonly string[]): Pipeline {
  const group = pipeline.groups[id]
  const joining = nodes.filter((node) => Object.hasOwn(pipeline.nodes, node) && !group?.nodes.includes(node))
  if (!group || joining.length === 0) return pipeline
  const left = leaveGroups(pipeline, joining)
  return { ...left, groups: { ...left.groups, [id]: { ...group, nodes: [...group.nodes, ...joining] } } }
}

/** The document with nodes in no frame; frames that are empty then are gone. */
export function leaveGroups(pipeline: Pipeline, nodes: readonly string[]): Pipeline {
  const leaving = new Set(nodes)
  const touched = Object.values(pipeline.groups).some((group) => group.nodes.some((node) => leaving.has(node)))
  if (!touched) return pipeline
  const groups = Object.entries(pipeline.groups).flatMap(([id, group]): [string, Group][] => {
    if (!group.nodes.some((node) => leaving.has(node))) return [[id, group]]
    const left = group.nodes.filter((node) => !leaving.has(node))
    return left.length === 0 ? [] : [[id, { ...group, nodes: left }]]
  })
  return { ...pipeline, groups: Object.fromEntries(groups) }
}

/** The frame that a node is in. */
export const groupOf = (pipeline: Pipeline, node: string): string | undefined =>
  Object.keys(pipeline.groups).find((id) => pipeline.groups[id]?.nodes.includes(node))

const differs = <T extends object>(before: T, change: Partial<T>): boolean =>
  Object.entries(change).some(([key, value]) => Reflect.get(before, key) !== value)
