import { registry } from '../../shared/nodes/registry.ts'
import { newNode } from '../../shared/pipeline/edit-nodes.ts'
import { nodeId, type PipelineNode } from '../../shared/pipeline/schema.ts'
import type { DraggedTable } from '../schema/drag.ts'

/** A node that reads a table, and the id that says so, if the table's name can be one. */
export function tableNode({ connection, table, name }: DraggedTable): { node: PipelineNode; wanted?: string } {
  const { kind, config, ...rest } = newNode('table', registry)
  const isId = nodeId.safeParse(name).success
  const node = { kind, ...(!isId && { title: name }), ...rest, config: { ...config, connection, table } }
  return { node, ...(isId && { wanted: name }) }
}
