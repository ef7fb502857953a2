import { useMemo } from 'react'
import type { Look } from '../../shared/contract/pipelines.ts'
import type { Column } from '../../shared/data/types.ts'
import { registry } from '../../shared/nodes/registry.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { wires } from '../../shared/pipeline/wiring.ts'
import { usePipeline } from '../stores/documents.ts'
import { useLooks } from '../stores/looks.ts'

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

export function arrivingAt(pipeline: Pipeline, look: Look | undefined, node: string): Arriving[] {
  return wires(pipeline, registry).flatMap(({ from, fromPort, to, port, toPort }) =>
    to === node ? [{ port, name: toPort, from, columns: look?.nodes[from]?.columns[fromPort] ?? null }] : [],
  )
}

/** What arrives at a node, edge by edge. */
export function useArriving(document: string, node: string): readonly Arriving[] {
  const pipeline = usePipeline(document)
  const look = useLooks(({ looks }) => looks[document])
  return useMemo(() => (pipeline ? arrivingAt(pipeline, look, node) : []), [pipeline, look, node])
}
