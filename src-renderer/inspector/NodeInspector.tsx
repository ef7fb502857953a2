import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react'
import type { ErrorReport } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { usePipeline } from '../stores/documents.ts'
import { useLooks, useNodeLook } from '../stores/looks.ts'
import { select } from '../stores/selection.ts'
import { ColumnsSection } from './ColumnsSection.tsx'
import { NodeForm } from './form/NodeForm.tsx'
import classes from './inspector.module.css'
import { NodeHeader } from './NodeHeader.tsx'
import { NodeSettings } from './NodeSettings.tsx'
import { UnionColumns } from './UnionColumns.tsx'
import { useArriving } from './useArriving.ts'

/** All there is to set of one node, what is wrong with it, and the columns it gives. */
export function NodeInspector({ document, node }: { document: string; node: string }) {
  const pipeline = usePipeline(document)
  const look = useNodeLook(document, node)
  const problem = useLooks(({ looks }) => looks[document]?.problem)
  const here = pipeline?.nodes[node]
  if (!pipeline || !here) return null
  const definition = registry.get(here.kind)
  return (
    <div className={classes.panel}>
      <NodeHeader document={document} node={node} />
      <div className={classes.body}>
        {problem && <Notice error={problem} />}
        {look?.error && !shownAtField(look.error) && <Notice error={look.error} />}
        {!look?.error && <UnknownBefore document={document} pipeline={pipeline} node={node} />}
        {definition ? (
          <NodeForm document={document} node={node} definition={definition} />
        ) : (
          <div className={classes.muted}>Sluice knows no kind of node called {here.kind}.</div>
        )}
        {here.kind === 'union' && <UnionColumns document={document} node={node} />}
        <NodeSettings document={document} node={node} />
        <ColumnsSection document={document} node={node} />
      </div>
    </div>
  )
}

const shownAtField = (error: ErrorReport): boolean => error.at?.field !== undefined

function Notice({ error }: { error: ErrorReport }) {
  return (
    <div className={classes.notice} role="alert">
      <IconAlertCircle size={16} stroke={1.75} aria-hidden />
      <span>
        {error.message} {error.hint}
      </span>
    </div>
  )
}

/** Why the columns that arrive are not known: something before has a problem of its own. */
function UnknownBefore({ document, pipeline, node }: { document: string; pipeline: Pipeline; node: string }) {
  const arriving = useArriving(document, node)
  const nodes = useLooks(({ looks }) => looks[document]?.nodes)
  const cause = arriving.find(({ from, columns }) => columns === null && nodes?.[from]?.error)
  if (!cause) return null
  const { from } = cause
  return (
    <div className={classes.notice} data-quiet>
      <IconInfoCircle size={16} stroke={1.75} aria-hidden />
      <span>
        The columns that arrive are not known, because of a problem in{' '}
        <button type="button" className={classes.link} onClick={() => select(document, { nodes: [from] })}>
          {pipeline.nodes[from]?.title ?? from}
        </button>
        .
      </span>
    </div>
  )
}
