import { useMemo } from 'react'
import { asAppError } from '../api/client.ts'
import { traceColumn } from '../stores/lineage.ts'
import { showPanel } from '../stores/window.ts'
import { NoRows, Unreadable } from './NoRows.tsx'
import { useOutput } from './output.ts'
import { RowsView } from './RowsView.tsx'
import { useStable } from './useStable.ts'
import { viewKey } from './views.ts'

/** The rows of the shown output, or why there are none. */
export function RowsPanel({ document }: { document: string }) {
  const output = useOutput(document)
  const source = useStable(output?.source)
  const node = output?.node
  const port = output?.port
  const columnActions = useMemo(() => {
    if (node === undefined || port === undefined) return undefined
    return {
      onProfile: () => showPanel('profile'),
      onLineage(column: string) {
        traceColumn(document, { node, port, column })
        showPanel('lineage')
      },
    }
  }, [document, node, port])
  if (!output || !source) return <NoRows document={document} output={output} />
  return (
    <RowsView
      key={JSON.stringify(source)}
      source={source}
      viewKey={viewKey(document, output.node, output.port)}
      name={output.node}
      notice={output.stale ? 'Stale: made before the last change' : undefined}
      columnActions={columnActions}
      failed={(thrown) => <Unreadable document={document} output={output} error={asAppError(thrown)} />}
    />
  )
}
