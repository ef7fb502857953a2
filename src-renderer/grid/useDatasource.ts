import type { IDatasource } from 'ag-grid-community'
import { useCallback, useEffect, useRef } from 'react'
import type { ResultSource, RowsWindow, RowView } from '../../shared/contract/results.ts'
import type { AppError } from '../../shared/errors.ts'
import { api, asAppError } from '../api/client.ts'
import type { GridEditing } from './editing.ts'
import { BlockLoader } from './loader.ts'
import { type GridStore, pick } from './store.ts'
import { gridRows } from './window.ts'

/**
 * Opens where a grid gets its rows from: windows of the engine. Another function for each source and view; what it opens serves one grid,
 * which ends it.
 * @param first the first block, where it is there already; it is asked for otherwise
 * @param onError hears what kept rows from being read, and undefined once they were
 */
export function useDatasource(
  store: GridStore,
  source: ResultSource,
  view: RowView,
  first: RowsWindow | undefined,
  onError: (error: AppError | undefined) => void,
  editing: GridEditing | undefined,
): () => IDatasource {
  const report = useRef(onError)
  const latest = useRef(editing)
  const unused = useRef({ source, first })
  useEffect(() => {
    report.current = onError
    latest.current = editing
    if (unused.current.first || unused.current.source !== source) unused.current = { source, first }
  })
  return useCallback(() => {
    const loader = new BlockLoader<RowsWindow>(({ offset, limit }, signal) =>
      api.results.window({ source, view, offset, limit }, { signal }),
    )
    let ended = false
    pick(store, undefined)
    return {
      async getRows({ startRow, endRow, successCallback, failCallback }) {
        try {
          // A datasource that has had its day may be asked once more before it goes.
          const known = startRow === 0 && unused.current.source === source ? unused.current.first : undefined
          if (known) unused.current = { source, first: undefined }
          const found = known ?? (await loader.load({ offset: startRow, limit: endRow - startRow }))
          if (ended) return
          store.setState({ total: found.total })
          report.current(undefined)
          const added = latest.current?.added() ?? []
          const more = added.slice(Math.max(0, startRow - found.total), Math.max(0, endRow - found.total))
          successCallback([...gridRows(found), ...more], found.total + added.length)
        } catch (thrown) {
          if (ended) return
          report.current(asAppError(thrown))
          if (startRow > 0) return failCallback()
          // The grid would keep the row that it begins with, which is none.
          store.setState({ total: 0 })
          successCallback([], 0)
        }
      },
      destroy() {
        ended = true
        loader.stop()
      },
    }
  }, [store, source, view])
}
