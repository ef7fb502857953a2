import { Button } from '@mantine/core'
import { IconStack } from '@tabler/icons-react'
import { registry } from '../../shared/nodes/registry.ts'
import { setDisabled } from '../../shared/pipeline/edit-nodes.ts'
import { removeParts } from '../../shared/pipeline/edit-parts.ts'
import { viewOf } from '../canvas/views.ts'
import { changeDocument, usePipeline } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import classes from './inspector.module.css'
import { PanelHeader } from './PanelHeader.tsx'

/** What can be done with several nodes at once. */
export function SeveralNodes({ document, nodes }: { document: string; nodes: readonly string[] }) {
  const pipeline = usePipeline(document)
  if (!pipeline) return null
  const off = nodes.every((id) => pipeline.nodes[id]?.disabled)
  const remove = () => {
    changeDocument(document, (before) => removeParts(before, { nodes, edges: [], notes: [], groups: [] }))
    select(document, {})
    viewOf(document)?.focus()
  }
  return (
    <div className={classes.panel}>
      <PanelHeader icon={IconStack} title={`${nodes.length} nodes`} kind="Picked together" />
      <div className={classes.fields}>
        <div className={classes.actions}>
          <Button
            variant="default"
            onClick={() => changeDocument(document, (before) => setDisabled(before, nodes, !off))}
          >
            {off ? 'Enable' : 'Disable'}
          </Button>
          <Button variant="default" onClick={remove}>
            Delete
          </Button>
        </div>
      </div>
      <ul className={classes.list}>
        {nodes.map((id) => (
          <li key={id}>
            <button type="button" className={classes.link} onClick={() => select(document, { nodes: [id] })}>
              {pipeline.nodes[id]?.title ?? id}
            </button>{' '}
            <span className={classes.kind}>{registry.get(pipeline.nodes[id]?.kind ?? '')?.title}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
