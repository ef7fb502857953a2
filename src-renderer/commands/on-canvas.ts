import { edgeId } from '../../shared/pipeline/edit-edges.ts'
import type { Parts } from '../../shared/pipeline/edit-nodes.ts'
import type { Edge, Pipeline } from '../../shared/pipeline/schema.ts'
import { type CanvasView, viewOf } from '../canvas/views.ts'
import { activeDocument, documentOf } from '../stores/documents.ts'
import { selectionOf } from '../stores/selection.ts'

export interface OnCanvas {
  document: string
  pipeline: Pipeline
  view: CanvasView
  /** What is picked. */
  picked: Parts
}

/** The canvas on screen; undefined while there is none. */
export function onCanvas(): OnCanvas | undefined {
  const { id } = activeDocument() ?? {}
  const view = id === undefined ? undefined : viewOf(id)
  const pipeline = id === undefined ? undefined : documentOf(id)?.history.present
  return id !== undefined && view && pipeline ? { document: id, pipeline, view, picked: selectionOf(id) } : undefined
}

/** How many nodes are picked on the canvas on screen. */
export const pickedNodes = (): number => onCanvas()?.picked.nodes.length ?? 0

/** The one edge that is picked. */
export function pickedEdge(): Edge | undefined {
  const { pipeline, picked } = onCanvas() ?? {}
  const [only, ...others] = picked?.edges ?? []
  return others.length > 0 ? undefined : pipeline?.edges.find((edge) => edgeId(edge) === only)
}

/** The one node that is picked. */
export function pickedNode(): string | undefined {
  const nodes = onCanvas()?.picked.nodes ?? []
  return nodes.length === 1 ? nodes[0] : undefined
}
