import { useMemo } from 'react'
import { usePipeline } from '../stores/documents.ts'
import { useLooks } from '../stores/looks.ts'
import { type Arriving, arrivingAt } from './arriving.ts'

/** What arrives at a node, edge by edge. */
export function useArriving(document: string, node: string): readonly Arriving[] {
  const pipeline = usePipeline(document)
  const look = useLooks(({ looks }) => looks[document])
  return useMemo(() => (pipeline ? arrivingAt(pipeline, look, node) : []), [pipeline, look, node])
}
