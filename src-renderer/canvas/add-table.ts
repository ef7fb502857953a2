import { registry } from '../../shared/nodes/registry.ts'
import { newNode, type Place } from '../../shared/pipeline/edit-nodes.ts'
import { nodeId } from '../../shared/pipeline/schema.ts'
import type { DraggedTable } from '../schema/drag.ts'
import { addReadyNode } from './actions.ts'

/** Adds a node that reads a table and is called like it, and picks it. @param at its top left corner, about */
export function addTable(document: string, { connection, table, name }: DraggedTable, at: Place): void {
  const { kind, config, ...rest } = newNode('table', registry)
  const isId = nodeId.safeParse(name).success
  const node = { kind, ...(!isId && { title: name }), ...rest, config: { ...config, connection, table } }
  addReadyNode(document, node, at, isId ? name : undefined)
}
