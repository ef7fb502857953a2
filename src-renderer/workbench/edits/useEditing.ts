import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, asAppError } from '../../api/client.ts'
import { placeOf } from '../actions.ts'
import { connectionOf, titleOf } from '../connections.ts'
import { type StatementRun, useRun } from '../runs.ts'
import { useTab } from '../tabs.ts'
import { TableEditing } from './editing.ts'

interface Editability {
  /** The same object for as long as it is the same result; undefined where cells cannot be changed. */
  editing: TableEditing | undefined
  /** Why not, in words. */
  reason: string | undefined
}

/** Whether cells of a result can be changed. @param result see sheetKey */
export function useEditing(tab: string, statement: StatementRun, result: string): Editability {
  const { sql, state, note, connection } = statement
  const place = placeOf(useTab(tab))
  const { running, session } = useRun(tab)
  // What a bare name means is asked where the query ran.
  const answers = !running && (session.transaction === 'idle' || session.transaction === 'open')
  const elsewhere = place && !isOn(statement, place)
  const found = useQuery({
    queryKey: ['editable', place, sql, result],
    enabled: place !== undefined && !elsewhere && state === 'done' && note === undefined && answers,
    queryFn: () => {
      if (!place) throw new Error('The tab has no connection.')
      return api.queries.editable({ session: tab, ...place, sql })
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  const table = elsewhere ? null : found.data?.table
  const editing = useMemo(() => (table ? new TableEditing(table, result) : undefined), [table, result])
  if (elsewhere) {
    const reason = `The rows are from ${titleOf(connection)}, and the query is on ${titleOf(place.connection)} now.`
    return { editing, reason }
  }
  const stopped = state === 'stopped' || state === 'failed' ? 'Only the first rows were read.' : note
  return {
    editing,
    reason: stopped ?? found.data?.reason ?? (found.error ? asAppError(found.error).message : undefined),
  }
}

/** Whether a statement was run where its tab is now: what is changed in the rows goes there. */
function isOn(statement: Pick<StatementRun, 'connection' | 'folder'>, place: { connection: string; folder: string }) {
  const { connection, folder } = statement
  return connection === place.connection && (connectionOf(connection, folder)?.folder ?? folder) === place.folder
}
