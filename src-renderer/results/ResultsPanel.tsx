import { lazy, Suspense } from 'react'
import { useShownRun } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'

const RowsGrid = lazy(() => import('../grid/RowsGrid.tsx'))

/** Below the canvas: rows of the picked node, their profile, the SQL, the log, the lineage. */
export function ResultsPanel({ document }: { document: string }) {
  const [node] = useSelection(document).nodes
  const run = useShownRun(document)
  const progress = node === undefined ? undefined : run?.nodes[node]
  if (!run || node === undefined || !progress) return <div>Run the pipeline and pick a node to see its rows.</div>
  return (
    <Suspense>
      <RowsGrid key={`${run.id} ${node} ${progress.state}`} source={{ run: run.id, node, port: 'out' }} />
    </Suspense>
  )
}
