import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { DraggedTable } from '../schema/drag.ts'
import { addReadyNode } from './actions.ts'
import { tableNode } from './table-node.ts'

/** Adds a node that reads a table and is called like it, and picks it. @param at its top left corner, about */
export function addTable(document: string, dragged: DraggedTable, at: Place): void {
  const { node, wanted } = tableNode(dragged)
  addReadyNode(document, node, at, wanted)
}
