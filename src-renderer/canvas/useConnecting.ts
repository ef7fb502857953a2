import type { Connection, FinalConnectionState, HandleType } from '@xyflow/react'
import { useMemo, useRef } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import type { Link } from '../../shared/pipeline/edit-add.ts'
import { definitionOf, freeInput, mainOutput, refusal, type Wish } from '../../shared/pipeline/edit-edges.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { documentOf } from '../stores/documents.ts'
import { connectNodes } from './actions.ts'
import type { FlowEdge } from './flow-edges.ts'
import { orderPort } from './flow-nodes.ts'
import { cardHeight, cardWidth } from './metrics.ts'
import { openOverlay, type Spot } from './state.ts'

interface Surroundings {
  /** A point of the window in the document, and on the canvas. */
  toPlace(client: Spot): Spot
  toSpot(client: Spot): Spot
}

/** Drawing edges: what may be connected, and what happens where a drag ends. */
export function useConnecting(document: string, surroundings: Surroundings) {
  const drag = useRef<{ order: boolean; edge: string | null }>({ order: false, edge: null })
  const { toPlace, toSpot } = surroundings
  return useMemo(() => {
    const now = (): Pipeline | undefined => documentOf(document)?.history.present
    const make = (wish: Wish) => connectNodes(document, wish, drag.current.edge ?? undefined)
    const explain = (wish: Wish) => {
      const pipeline = now()
      return pipeline && refusal(pipeline, registry, wish, drag.current.edge ?? undefined)
    }
    const wishOf = (connection: Connection | FlowEdge): Wish => {
      const { source: from, target: to, sourceHandle, targetHandle } = connection
      const order = drag.current.order || sourceHandle === orderPort || targetHandle === orderPort
      return order
        ? { from, to, after: true }
        : { from, to, fromPort: sourceHandle ?? 'out', toPort: targetHandle ?? 'in' }
    }
    return {
      isValidConnection: (connection: Connection | FlowEdge) => explain(wishOf(connection)) === undefined,
      onConnectStart: (event: MouseEvent | TouchEvent) => {
        drag.current.order = event.altKey
      },
      onConnect: (connection: Connection) => make(wishOf(connection)),
      onReconnectStart: (_event: unknown, edge: FlowEdge) => {
        drag.current.edge = edge.id
      },
      onReconnect: (_edge: FlowEdge, connection: Connection) => make(wishOf(connection)),
      onReconnectEnd: (_event: unknown, _edge: FlowEdge, _end: HandleType) => {
        drag.current.edge = null
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
        const { isValid, fromNode, fromHandle, toNode, toHandle } = state
        const pipeline = now()
        if (isValid || !fromNode || !fromHandle || !pipeline) return
        const own = { node: fromNode.id, port: fromHandle.id ?? '', giving: fromHandle.type === 'source' }
        const order = drag.current.order || own.port === orderPort
        const client = clientOf(event)
        const under = elementUnder(client)
        const card = under?.closest<HTMLElement>('.react-flow__node-card')?.dataset.id
        if (toNode && toHandle && toNode.id !== own.node) {
          const [source, target] = own.giving ? [own, toNode] : [toNode, own]
          const [sourceHandle, targetHandle] = own.giving
            ? [own.port, toHandle.id ?? null]
            : [toHandle.id ?? null, own.port]
          const idOf = (end: { node?: string; id?: string }) => end.node ?? end.id ?? ''
          make(wishOf({ source: idOf(source), target: idOf(target), sourceHandle, targetHandle }))
        } else if (card !== undefined && card !== own.node) {
          make(wishTo(pipeline, own, card, order))
        } else if (under?.closest('.react-flow__pane') && drag.current.edge === null) {
          const place = toPlace(client)
          const left = own.giving ? (order ? place.x - cardWidth / 2 : place.x) : place.x - cardWidth
          const top = order && own.giving ? place.y : place.y - cardHeight / 2
          openOverlay(document, { type: 'add', spot: toSpot(client), at: [left, top], link: linkOf(own, order) })
        }
      },
    }
  }, [document, toPlace, toSpot])
}

interface End {
  node: string
  port: string
  /** An output: rows leave here. */
  giving: boolean
}

function linkOf({ node, port, giving }: End, order: boolean): Link {
  if (order) return { type: giving ? 'after' : 'before', node }
  return { type: giving ? 'from' : 'to', node, port }
}

/** What a drag that ends anywhere on a card means: its first free port. */
function wishTo(pipeline: Pipeline, { node, port, giving }: End, card: string, order: boolean): Wish {
  const [from, to] = giving ? [node, card] : [card, node]
  if (order) return { from, to, after: true }
  if (giving) return { from, to, fromPort: port, toPort: freeInput(pipeline, registry, card)?.name ?? 'in' }
  const definition = definitionOf(pipeline, registry, card)
  return { from, to, fromPort: (definition && mainOutput(definition)?.name) ?? 'out', toPort: port }
}

function clientOf(event: MouseEvent | TouchEvent): Spot {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 }
}

const elementUnder = ({ x, y }: Spot): Element | null => window.document.elementFromPoint(x, y)

/** The edge under a point of the window, whatever lies over it. */
export function edgeUnder({ x, y }: Spot): string | null {
  for (const element of window.document.elementsFromPoint(x, y)) {
    const id = element.closest<SVGElement>('.react-flow__edge')?.dataset.id
    if (id !== undefined) return id
  }
  return null
}
