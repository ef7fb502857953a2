import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { type ResultSource, type RowsWindow, rowsAtOnce } from '../../shared/contract/results.ts'
import { api } from '../api/client.ts'

/** Milliseconds between two looks at an output that is still being made. */
const again = 400

interface Told {
  /** Its first rows, while they are known already and more may come. */
  first?: RowsWindow | undefined
  /** Whether no more rows will come. */
  ended?: boolean | undefined
  /** Whether nobody sees it: it is not looked at again meanwhile. */
  behind?: boolean | undefined
}

/** What an output has so far: its columns, how many rows, and whether that is all; and the first that a grid shows. */
export function useHead(source: ResultSource | undefined, { first, ended = false, behind = false }: Told = {}) {
  const head = useQuery({
    queryKey: ['head', source],
    enabled: source !== undefined,
    queryFn: ({ signal }) => {
      if (!source) throw new Error('There is nothing to look at.')
      return api.results.window({ source, offset: 0, limit: rowsAtOnce }, { signal })
    },
    ...(first && { initialData: first, refetchOnMount: false }),
    refetchInterval: ({ state: { data } }) => (data?.complete === false && !behind ? again : false),
    gcTime: 0,
  })
  const { refetch } = head
  const before = useRef(ended)
  useEffect(() => {
    if (ended && !before.current) void refetch()
    before.current = ended
  }, [ended, refetch])
  return head
}
