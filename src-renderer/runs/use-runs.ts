import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { RunState } from '../../shared/run.ts'
import { api } from '../api/client.ts'
import { useLink } from '../stores/link.ts'

const pageSize = 100

/** Runs, newest first, page by page; kept up to date while shown. */
export function useRunList(states: readonly RunState[] | undefined) {
  useRunChanges()
  return useInfiniteQuery({
    queryKey: ['runs', 'list', states ?? 'all'],
    queryFn: ({ pageParam }) =>
      api.runs.list({ limit: pageSize, offset: pageParam, ...(states && { states: [...states] }) }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.length < pageSize ? undefined : pages.length * pageSize),
  })
}

export const useRunDetails = (run: string) =>
  useQuery({ queryKey: ['runs', 'show', run], queryFn: () => api.runs.show({ run }) })

export const useRunLog = (run: string) =>
  useQuery({ queryKey: ['runs', 'log', run], queryFn: () => api.runs.logs({ run }) })

/** Asks again for whatever is shown of runs when one starts, changes state or ends, or another engine answers. */
function useRunChanges(): void {
  const queries = useQueryClient()
  const times = useLink((state) => state.times)
  useEffect(() => {
    const stop = new AbortController()
    const follow = async () => {
      await queries.invalidateQueries({ queryKey: ['runs'] })
      for await (const _run of await api.runs.changes(undefined, { signal: stop.signal })) {
        await queries.invalidateQueries({ queryKey: ['runs'] })
      }
    }
    if (times > 0) void follow().catch(() => undefined)
    return () => stop.abort()
  }, [queries, times])
}
