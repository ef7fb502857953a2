import type { Look } from '../../shared/contract/pipelines.ts'
import type { Column } from '../../shared/data/types.ts'
import { registry } from '../../shared/nodes/registry.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { wires } from '../../shared/pipeline/wiring.ts'

/** What one edge brings. */
export interface Arriving {
  /** The input port of the kind. */
  port: string
  /** What the node calls it: the port, or the name that the edge gives. */
  name: string
  from: string
  /** Null while they are not known. */
  columns: readonly Column[] | null
}

/** What the edges into a node bring, in the order of the document. */
export function arrivingAt(pipeline: Pipeline, look: Look | undefined, node: string): Arriving[] {
  return wires(pipeline, registry).flatMap(({ from, fromPort, to, port, toPort }) =>
    to === node ? [{ port, name: toPort, from, columns: look?.nodes[from]?.columns[fromPort] ?? null }] : [],
  )
}
