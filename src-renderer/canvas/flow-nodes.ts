import { type Node, type NodeHandle, Position } from '@xyflow/react'
import { registry } from '../../shared/nodes/registry.ts'
import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { Selection } from '../stores/selection.ts'
import { cardHeight, cardWidth, framePadding, frameTitle, noteSize, portTop } from './metrics.ts'

export type CardNode = Node<{ document: string }, 'card'>
export type NoteNode = Node<{ document: string; note: string }, 'note'>
export type FrameNode = Node<{ document: string; group: string }, 'frame'>
export type FlowNode = CardNode | NoteNode | FrameNode

/** Ids of what is not a card; no node id has a colon. */
export const noteNode = (id: string): string => `note:${id}`
export const frameNode = (id: string): string => `group:${id}`

/** What is picked when these are, by their ids in the flow. */
export function selectionFrom(ids: readonly string[]): Pick<Selection, 'nodes' | 'notes' | 'groups'> {
  const named = (prefix: string) => ids.flatMap((id) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : []))
  return { nodes: ids.filter((id) => !id.includes(':')), notes: named(noteNode('')), groups: named(frameNode('')) }
}

export interface Area {
  x: number
  y: number
  width: number
  height: number
}

/** Where something is while it is dragged or resized, by id in the flow. */
export type Live = Readonly<Record<string, { x: number; y: number; width?: number; height?: number }>>

/** Id of the port of edges that only set the order. */
export const orderPort = 'after'

/** Where nodes stand: as dragged, as the document says, or as found for those it does not place. */
export function placeOf(
  id: string,
  pipeline: Pipeline,
  found: Readonly<Record<string, Place>>,
  live: Live,
): Place | undefined {
  const moved = live[id]
  return moved ? [moved.x, moved.y] : (pipeline.layout[id] ?? found[id])
}

/** The area of a frame around its nodes; undefined while none of them has a place. */
export function frameArea(places: readonly (Place | undefined)[]): Area | undefined {
  const known = places.filter((place) => place !== undefined)
  if (known.length === 0) return undefined
  const left = Math.min(...known.map(([x]) => x)) - framePadding
  const top = Math.min(...known.map(([, y]) => y)) - frameTitle
  const right = Math.max(...known.map(([x]) => x)) + cardWidth + framePadding
  const bottom = Math.max(...known.map(([, y]) => y)) + cardHeight + framePadding
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Makes what React Flow draws of a document, and the very same object again for whatever did not change. */
export class FlowNodes {
  private known = new Map<string, FlowNode>()
  private readonly data: { document: string }
  private readonly document: string

  constructor(document: string) {
    this.document = document
    this.data = { document }
  }

  make(pipeline: Pipeline, found: Readonly<Record<string, Place>>, live: Live, selection: Selection): FlowNode[] {
    const picked = new Set(selection.nodes)
    const where = (id: string) => placeOf(id, pipeline, found, live)
    const nodes: FlowNode[] = []
    for (const [id, group] of Object.entries(pipeline.groups)) {
      const area = frameArea(group.nodes.map(where))
      if (area) nodes.push(this.frame(id, area, selection.groups.includes(id)))
    }
    for (const [id, note] of Object.entries(pipeline.notes)) {
      const [x, y] = note.at
      const [width, height] = note.size ?? noteSize
      nodes.push(this.note(id, { x, y, width, height, ...live[noteNode(id)] }, selection.notes.includes(id)))
    }
    for (const [id, { kind }] of Object.entries(pipeline.nodes)) {
      const place = where(id)
      if (place) nodes.push(this.card(id, kind, place, picked.has(id)))
    }
    this.known = new Map(nodes.map((node) => [node.id, node]))
    return nodes
  }

  private card(id: string, kind: string, [x, y]: Place, selected: boolean): FlowNode {
    const area = { x, y, width: cardWidth, height: cardHeight }
    return (
      this.same(id, area, selected) ?? {
        ...shell(id, area, selected),
        type: 'card',
        data: this.data,
        handles: handlesOf(kind),
      }
    )
  }

  private note(note: string, area: Area, selected: boolean): FlowNode {
    const id = noteNode(note)
    const data = { document: this.document, note }
    return this.same(id, area, selected) ?? { ...shell(id, area, selected), type: 'note', data, zIndex: -1_500 }
  }

  private frame(group: string, area: Area, selected: boolean): FlowNode {
    const id = frameNode(group)
    const known = this.same(id, area, selected)
    if (known) return known
    const data = { document: this.document, group }
    // Only the title takes the pointer: inside a frame one pans and selects as elsewhere.
    const style = { pointerEvents: 'none' as const }
    return {
      ...shell(id, area, selected),
      type: 'frame',
      data,
      zIndex: -2_000,
      dragHandle: '[data-frame-title]',
      style,
    }
  }

  private same(id: string, { x, y, width, height }: Area, selected: boolean): FlowNode | undefined {
    const known = this.known.get(id)
    const { position } = known ?? {}
    const equal =
      position?.x === x &&
      position.y === y &&
      known?.width === width &&
      known.height === height &&
      known.selected === selected
    return equal ? known : undefined
  }
}

const shell = (id: string, { x, y, width, height }: Area, selected: boolean) => ({
  id,
  position: { x, y },
  width,
  height,
  measured: { width, height },
  selected,
})

/** The dot of a port, in pixels. */
const dot = 10
const handlesByKind = new Map<string, NodeHandle[]>()

/** Where the ports of a kind are, known before a card is drawn. */
export function handlesOf(kind: string): NodeHandle[] {
  const known = handlesByKind.get(kind)
  if (known) return known
  const { inputs = [], outputs = [] } = registry.get(kind) ?? {}
  const size = { width: dot, height: dot }
  const made: NodeHandle[] = [
    ...inputs.map(
      ({ name }, index): NodeHandle => ({
        id: name,
        type: 'target',
        position: Position.Left,
        x: -dot / 2,
        y: portTop(inputs, index) - dot / 2,
        ...size,
      }),
    ),
    ...outputs.map(
      ({ name }, index): NodeHandle => ({
        id: name,
        type: 'source',
        position: Position.Right,
        x: cardWidth - dot / 2,
        y: portTop(outputs, index) - dot / 2,
        ...size,
      }),
    ),
    { id: orderPort, type: 'target', position: Position.Top, x: (cardWidth - dot) / 2, y: -dot / 2, ...size },
    {
      id: orderPort,
      type: 'source',
      position: Position.Bottom,
      x: (cardWidth - dot) / 2,
      y: cardHeight - dot / 2,
      ...size,
    },
  ]
  handlesByKind.set(kind, made)
  return made
}
