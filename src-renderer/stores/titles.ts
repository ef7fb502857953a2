import { useCallback } from 'react'
import { usePipeline } from './documents.ts'

/** Names nodes as their cards do: by title, else by id. */
export function useTitles(document: string): (node: string) => string {
  const nodes = usePipeline(document)?.nodes
  return useCallback((node) => nodes?.[node]?.title ?? node, [nodes])
}
