import { usePipeline } from '../stores/documents.ts'
import { useSelection } from '../stores/selection.ts'
import { EdgeInspector } from './EdgeInspector.tsx'
import classes from './inspector.module.css'
import { NodeInspector } from './NodeInspector.tsx'
import { PipelineInspector } from './PipelineInspector.tsx'
import { SeveralNodes } from './SeveralNodes.tsx'

/** Settings of what is picked: a node, an edge, several nodes; of the pipeline while nothing is. */
export function Inspector({ document }: { document: string }) {
  return (
    <aside aria-label="Inspector" className={classes.inspector}>
      <Shown document={document} />
    </aside>
  )
}

function Shown({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const { nodes, edges } = useSelection(document)
  if (!pipeline) return null
  const there = nodes.filter((id) => Object.hasOwn(pipeline.nodes, id))
  const [node] = there
  const [edge] = edges
  if (there.length > 1) return <SeveralNodes document={document} nodes={there} />
  if (node !== undefined) return <NodeInspector key={node} document={document} node={node} />
  if (edge !== undefined && edges.length === 1) return <EdgeInspector document={document} edge={edge} />
  return <PipelineInspector document={document} />
}
