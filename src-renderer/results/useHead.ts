import { useQuery } from '@tanstack/react-query'
import type { ResultSource } from '../../shared/contract/results.ts'
import { api } from '../api/client.ts'
import { block } from '../grid/window.ts'

/** Milliseconds between two looks at an output that is still being made. */
const again = 400

/** What an output has so far: its columns, how many rows, and whether that is all; and the first that a grid shows. */
export function useHead(source: ResultSource | undefined) {
  return useQuery({
    queryKey: ['head', source],
    enabled: source !== undefined,
    queryFn: ({ signal }) => {
      if (!source) throw new Error('There is nothing to look at.')
      return api.results.window({ source, offset: 0, limit: block }, { signal })
    },
    refetchInterval: ({ state: { data } }) => (data?.complete === false ? again : false),
    gcTime: 0,
  })
}
