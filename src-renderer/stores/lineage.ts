import { useEffect } from 'react'
import { create } from 'zustand'
import type { ColumnPlace, Lineage } from '../../shared/contract/pipelines.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { api, asAppError } from '../api/client.ts'
import { documentOf, usePipeline } from './documents.ts'
import { pathOf } from './lineage-path.ts'
import { paramsOf } from './params.ts'
import { useSelections } from './selection.ts'

export interface ShownLineage {
  column: ColumnPlace
  lineage?: Lineage
  error?: ErrorReport
  /** Nodes that the column's values come through, its own among them. */
  nodes: ReadonlySet<string>
  /** Edges between them; see edgeId. */
  edges: ReadonlySet<string>
}

interface LineagesState {
  /** By document. */
  shown: Readonly<Record<string, ShownLineage>>
}

export const useLineages = create<LineagesState>()(() => ({ shown: {} }))

/** What is known of the column whose lineage is shown, for the canvas and the panel; undefined when none is picked. */
export const useLineage = (document: string): ShownLineage | undefined => useLineages(({ shown }) => shown[document])

/** Picks the column whose lineage is shown; null ends it. */
export function traceColumn(document: string, column: ColumnPlace | null): void {
  useSelections.setState({ column: column && { document, ...column } })
}

/** Keeps the lineage of the picked column up to date with the document; used once for each document that is shown. */
export function useTracing(document: string): void {
  const column = useSelections((state) => (state.column?.document === document ? state.column : null))
  const pipeline = usePipeline(document)
  useEffect(() => {
    if (!column || !pipeline) {
      useLineages.setState(({ shown: { [document]: _ended, ...shown } }) => ({ shown }))
      return
    }
    const abort = new AbortController()
    void trace(document, pipeline, column, abort.signal)
    return () => abort.abort()
  }, [document, column, pipeline])
}

async function trace(document: string, pipeline: Pipeline, place: ColumnPlace, signal: AbortSignal): Promise<void> {
  const open = documentOf(document)
  if (!open) return
  const { node, port, column } = place
  const { path, folder } = open
  const show = (found: Pick<ShownLineage, 'lineage' | 'error'>) => {
    if (signal.aborted) return
    const { nodes, edges } = pathOf(pipeline, { node, port, column }, found.lineage)
    const next = { column: { node, port, column }, nodes, edges, ...found }
    useLineages.setState(({ shown }) => ({ shown: { ...shown, [document]: next } }))
  }
  try {
    const request = { document: pipeline, path, folder, params: paramsOf(document), node, port, column }
    show({ lineage: await api.pipelines.lineage(request, { signal }) })
  } catch (thrown) {
    show({ error: asAppError(thrown).toJSON() })
  }
}
