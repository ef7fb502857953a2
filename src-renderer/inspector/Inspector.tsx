import { usePipeline } from '../stores/documents.ts'
import { useNodeLook } from '../stores/looks.ts'
import { useSelection } from '../stores/selection.ts'

/** Settings of the picked node, or of the pipeline while none is picked. */
export function Inspector({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const [node] = useSelection(document).nodes
  const look = useNodeLook(document, node ?? '')
  return (
    <aside aria-label="Inspector" style={{ padding: 8, overflow: 'auto' }}>
      <pre>{JSON.stringify(node === undefined ? pipeline?.name : pipeline?.nodes[node], null, 2)}</pre>
      <pre>{JSON.stringify(look, null, 2)}</pre>
    </aside>
  )
}
