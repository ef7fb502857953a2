import { useEffect } from 'react'
import { documentOf, usePipeline } from '../stores/documents.ts'
import { foundPlaces, setFoundPlaces } from './state.ts'

/** Finds places for nodes that the document gives none. The document stays as it is. */
export function useMissingPlaces(document: string): void {
  const pipeline = usePipeline(document)
  useEffect(() => {
    if (!pipeline) return
    const placed = { ...foundPlaces(document), ...pipeline.layout }
    if (Object.keys(pipeline.nodes).every((id) => placed[id])) return
    void import('./layout.ts').then(({ placeMissing }) => {
      if (documentOf(document)?.history.present === pipeline) setFoundPlaces(document, placeMissing(pipeline, placed))
    })
  }, [document, pipeline])
}
