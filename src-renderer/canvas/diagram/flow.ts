import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react'
import type { BoxPlaces } from './arrange.ts'
import { boxHeight, boxWidth } from './metrics.ts'
import type { Box, DiagramModel, Relation } from './model.ts'

export type BoxNode = Node<{ box: Box; keysOnly: boolean }, 'table'>
export type RelationEdge = Edge<{ relation: Relation; keysOnly: boolean }, 'relation'>

/** Edges are drawn from column to column by themselves; these only say that they can be. */
const handles: NodeHandle[] = [
  { id: null, type: 'source', position: Position.Right, x: boxWidth, y: 15, width: 1, height: 1 },
  { id: null, type: 'target', position: Position.Left, x: 0, y: 15, width: 1, height: 1 },
]

export function boxNodes({ boxes }: DiagramModel, places: BoxPlaces, keysOnly: boolean): BoxNode[] {
  return boxes.map((box) => {
    const [x, y] = places[box.id] ?? [0, 0]
    const size = { width: boxWidth, height: boxHeight(box, keysOnly) }
    return {
      id: box.id,
      type: 'table',
      position: { x, y },
      ...size,
      measured: size,
      handles,
      data: { box, keysOnly },
    }
  })
}

export const relationEdges = ({ relations }: DiagramModel, keysOnly: boolean): RelationEdge[] =>
  relations.map((relation) => ({
    id: relation.id,
    source: relation.from,
    target: relation.to,
    type: 'relation',
    data: { relation, keysOnly },
  }))
