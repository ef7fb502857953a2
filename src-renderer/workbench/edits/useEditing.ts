import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, asAppError } from '../../api/client.ts'
import { placeOf } from '../actions.ts'
import type { StatementRun } from '../runs.ts'
import { useTab } from '../tabs.ts'
import { TableEditing } from './editing.ts'

interface Editability {
  /** The same object for as long as it is the same result; undefined where cells cannot be changed. */
  editing: TableEditing | undefined
  /** Why not, in words. */
  reason: string | undefined
}

/** Whether cells of a result can be changed. @param result see sheetKey */
export function useEditing(tab: string, { sql, state, note }: StatementRun, result: string): Editability {
  const place = placeOf(useTab(tab))
  const found = useQuery({
    queryKey: ['editable', place, sql, result],
    enabled: place !== undefined && state === 'done' && note === undefined,
    queryFn: () => {
      if (!place) throw new Error('The tab has no connection.')
      return api.queries.editable({ ...place, sql })
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  const table = found.data?.table
  const editing = useMemo(() => (table ? new TableEditing(table, result) : undefined), [table, result])
  const stopped = state === 'stopped' || state === 'failed' ? 'Only the first rows were read.' : note
  return {
    editing,
    reason: stopped ?? found.data?.reason ?? (found.error ? asAppError(found.error).message : undefined),
  }
}
