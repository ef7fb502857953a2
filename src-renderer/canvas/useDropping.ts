import { type DragEvent, useMemo } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { canInsert, passesRows } from '../../shared/pipeline/edit-edges.ts'
import type { Place, Places } from '../../shared/pipeline/edit-nodes.ts'
import { droppedTable, tableType } from '../schema/drag.ts'
import { documentOf } from '../stores/documents.ts'
import { addNodeOf, dropParts } from './actions.ts'
import { addTable } from './add-table.ts'
import type { FlowNode, Live } from './flow-nodes.ts'
import { noteNode } from './flow-nodes.ts'
import { cardHeight, cardWidth } from './metrics.ts'
import { markEdge, type Spot } from './state.ts'
import { edgeUnder } from './useConnecting.ts'

/** What the palette puts on a drag: the kind is in the type too, because only types can be read before the drop. */
export const dragType = 'application/x-sluice-node'
const kindPrefix = `${dragType}.`

export function startKindDrag(event: DragEvent, kind: string): void {
  event.dataTransfer.setData(dragType, kind)
  event.dataTransfer.setData(`${kindPrefix}${kind}`, '')
  event.dataTransfer.effectAllowed = 'copy'
}

interface Surroundings {
  toPlace(client: Spot): Spot
  toClient(place: Spot): Spot
  settle(): Live
}

/** Dropping: kinds from the palette, tables of databases, and cards that were dragged, perhaps onto an edge. */
export function useDropping(document: string, { toPlace, toClient, settle }: Surroundings) {
  return useMemo(() => {
    const edgeFor = (kind: string | undefined, client: Spot) => {
      const definition = kind === undefined ? undefined : registry.get(kind)
      return definition && passesRows(definition) ? edgeUnder(client) : null
    }
    const edgeUnderCard = (dragged: readonly FlowNode[]) => {
      const [only] = dragged
      const pipeline = documentOf(document)?.history.present
      if (dragged.length !== 1 || only?.type !== 'card' || !pipeline) return null
      if (!canInsert(pipeline, registry, only.id)) return null
      const { x, y } = only.position
      const middle = x + cardWidth / 2
      // An edge that crosses the middle of the card at any height is meant: places snap, so few cards lie on it exactly.
      for (const part of [0.5, 0.3, 0.7, 0.1, 0.9]) {
        const edge = edgeUnder(toClient({ x: middle, y: y + cardHeight * part }))
        if (edge !== null) return edge
      }
      return null
    }
    return {
      onDragOver: (event: DragEvent) => {
        const { types } = event.dataTransfer
        if (!types.includes(dragType) && !types.includes(tableType)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        const typed = types.find((type) => type.startsWith(kindPrefix))
        markEdge(edgeFor(typed?.slice(kindPrefix.length), clientOf(event)))
      },
      onDragLeave: () => markEdge(null),
      onDrop: (event: DragEvent) => {
        const kind = event.dataTransfer.getData(dragType)
        const table = droppedTable(event.dataTransfer)
        if (!registry.get(kind) && !table) return
        event.preventDefault()
        markEdge(null)
        const client = clientOf(event)
        const { x, y } = toPlace(client)
        const at: [number, number] = [x - cardWidth / 2, y - cardHeight / 2]
        if (table) return addTable(document, table, at)
        const edge = edgeFor(kind, client)
        addNodeOf(document, kind, at, edge === null ? undefined : { type: 'edge', edge })
      },
      onNodeDrag: (_event: unknown, _node: FlowNode, dragged: FlowNode[]) => markEdge(edgeUnderCard(dragged)),
      onNodeDragStop: (_event: unknown, _node: FlowNode, dragged: FlowNode[]) => {
        const edge = edgeUnderCard(dragged)
        markEdge(null)
        dropParts(document, placesIn(settle()), edge)
      },
      onSelectionDragStop: () => dropParts(document, placesIn(settle()), null),
    }
  }, [document, toPlace, toClient, settle])
}

const clientOf = (event: DragEvent): Spot => ({ x: event.clientX, y: event.clientY })

function placesIn(live: Live): Places {
  const prefix = noteNode('')
  const nodes: Record<string, Place> = {}
  const notes: Record<string, Place> = {}
  for (const [id, { x, y }] of Object.entries(live)) {
    const place: Place = [Math.round(x), Math.round(y)]
    if (id.startsWith(prefix)) notes[id.slice(prefix.length)] = place
    else nodes[id] = place
  }
  return { nodes, notes }
}
