import { registry } from '../../shared/nodes/registry.ts'
import { addKind, addReady, type Link } from '../../shared/pipeline/edit-add.ts'
import { snap } from '../../shared/pipeline/edit-arrange.ts'
import { connect, insertOnEdge, refusal, type Wish } from '../../shared/pipeline/edit-edges.ts'
import { addNote, joinGroup } from '../../shared/pipeline/edit-frames.ts'
import { freeId, moveParts, type Parts, type Place, type Places } from '../../shared/pipeline/edit-nodes.ts'
import { insertFragment } from '../../shared/pipeline/edit-parts.ts'
import type { Edge, Note, Pipeline, PipelineNode } from '../../shared/pipeline/schema.ts'
import { suggestSettings } from '../files/suggest.ts'
import { changeDocument, documentOf } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { showNotice } from '../ui/notify.ts'
import { frameArea } from './flow-nodes.ts'
import { cardHeight, cardWidth } from './metrics.ts'
import { foundPlaces } from './state.ts'
import { viewOf } from './views.ts'

/** Where every node is shown, whether the document says so or not. */
export const placesOf = (document: string): Readonly<Record<string, Place>> => ({
  ...foundPlaces(document),
  ...documentOf(document)?.history.present.layout,
})

/** The place in the middle of an edge, about. */
export function middleOf(document: string, { from, to }: Edge): Place {
  const places = placesOf(document)
  const start = places[from] ?? [0, 0]
  const end = places[to] ?? start
  return [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2]
}

/** Changes where things are. The document then says where everything is, also what was only found a place for. */
export function movePlaces(pipeline: Pipeline, places: Places, found: Readonly<Record<string, Place>>): Pipeline {
  const moved = moveParts(pipeline, places)
  if (moved === pipeline) return pipeline
  const missing = Object.entries(found).filter(([id]) => !Object.hasOwn(moved.layout, id))
  return moveParts(moved, { nodes: Object.fromEntries(missing) })
}

/** Moves things as one step. */
export function moveTo(document: string, places: Places, burst: string | null = null): void {
  changeDocument(document, (pipeline) => movePlaces(pipeline, places, foundPlaces(document)), burst)
}

/**
 * The place for a card around a point: on the grid, and on no other card.
 * @param others where more cards stand, from the first
 */
export function freePlace(document: string, [x, y]: Place, others: readonly Place[] = []): Place {
  const taken = Object.values(placesOf(document))
  const at: Place = [snap(x), snap(y)]
  const isTaken = ([dx, dy]: Place) =>
    taken.some(([left, top]) => Math.abs(left - at[0] - dx) < cardWidth && Math.abs(top - at[1] - dy) < cardHeight)
  while ([[0, 0] as Place, ...others].some(isTaken)) at[1] += 20
  return at
}

/** Adds a node of a kind and picks it. @param at its top left corner, about */
export function addNodeOf(document: string, kind: string, at: Place, link?: Link): void {
  addWith(document, (pipeline, place) => addKind(pipeline, registry, kind, place, link), at)
}

/** Adds a node that is set up already, and picks it. @param wanted its id, if that is free */
export function addReadyNode(document: string, node: PipelineNode, at: Place, wanted?: string): void {
  addWith(document, (pipeline, place) => addReady(pipeline, registry, node, place, undefined, wanted), at)
}

function addWith(
  document: string,
  add: (pipeline: Pipeline, place: Place) => { pipeline: Pipeline; id: string },
  at: Place,
): void {
  const place = freePlace(document, at)
  const burst = crypto.randomUUID()
  let added = ''
  const change = (pipeline: Pipeline) => {
    const { pipeline: after, id } = add(pipeline, place)
    added = id
    const frame = frameAt(after, placesOf(document), [place[0] + cardWidth / 2, place[1] + cardHeight / 2])
    return frame === undefined ? after : joinGroup(after, frame, [id])
  }
  changeDocument(document, change, burst)
  if (added === '') return
  suggestSettings(document, added, burst)
  select(document, { nodes: [added] })
  viewOf(document)?.reveal(added)
  viewOf(document)?.focus()
}

/** Puts nodes and what belongs to them into the document, moved by `shift`, as one step, and picks them. */
export function addFragment(document: string, fragment: Pipeline, shift: Place): Parts | undefined {
  let added: Parts | undefined
  changeDocument(document, (pipeline) => {
    const inserted = insertFragment(pipeline, fragment, shift)
    added = inserted.parts
    return inserted.pipeline
  })
  if (added) select(document, added)
  viewOf(document)?.focus()
  return added
}

/** Adds a note with its top left corner at a place, and picks it. @returns its id */
export function addNoteAt(document: string, [x, y]: Place, text = '', size?: Note['size']): string {
  let added = ''
  changeDocument(document, (pipeline) => {
    added = freeId('note', (id) => Object.hasOwn(pipeline.notes, id))
    return addNote(pipeline, added, { text, at: [snap(x), snap(y)], ...(size && { size }) })
  })
  select(document, { notes: [added] })
  return added
}

/** Connects two nodes, or says why they cannot be. @param instead the edge that it replaces, as `edgeId` names it */
export function connectNodes(document: string, wish: Wish, instead?: string): void {
  const pipeline = documentOf(document)?.history.present
  const reason = pipeline && refusal(pipeline, registry, wish, instead)
  if (reason !== undefined) showNotice(reason, 'Not connected')
  else changeDocument(document, (now) => connect(now, registry, wish, instead))
}

/** Ends a drag as one step: what was moved stays where it is, enters the frame it was dropped in and the edge it was dropped on. */
export function dropParts(document: string, places: Places, edge: string | null): void {
  const found = foundPlaces(document)
  changeDocument(document, (pipeline) => {
    const moved = movePlaces(pipeline, places, found)
    if (moved === pipeline) return pipeline
    const [only, ...others] = Object.keys(places.nodes ?? {})
    if (only === undefined || others.length > 0) return moved
    const inserted = edge === null ? moved : insertOnEdge(moved, registry, edge, only)
    const [x, y] = places.nodes?.[only] ?? [0, 0]
    const still = { ...found, ...pipeline.layout }
    delete still[only]
    const frame = frameAt(inserted, still, [x + cardWidth / 2, y + cardHeight / 2])
    return frame === undefined ? inserted : joinGroup(inserted, frame, [only])
  })
}

/** The frame that a point lies in. */
function frameAt(pipeline: Pipeline, places: Readonly<Record<string, Place>>, [x, y]: Place): string | undefined {
  return Object.entries(pipeline.groups).find(([, { nodes }]) => {
    const area = frameArea(nodes.map((id) => places[id]))
    return area && x > area.x && x < area.x + area.width && y > area.y && y < area.y + area.height
  })?.[0]
}
