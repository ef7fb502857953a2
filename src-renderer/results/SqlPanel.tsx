import { CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconSql } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { NodePlanReport, PlanReport } from '../../shared/contract/pipelines.ts'
import { api, asAppError } from '../api/client.ts'
import { useDocument } from '../stores/documents.ts'
import { paramsOf } from '../stores/params.ts'
import { select } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import { useTitles } from '../stores/titles.ts'
import { Empty } from '../ui/Empty.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useShownNode } from './output.ts'
import classes from './results.module.css'
import sqlClasses from './sql.module.css'

const SqlText = lazy(() => import('./SqlText.tsx'))

/** What will run, where, stage by stage. */
export function SqlPanel({ document }: { document: string }) {
  const open = useDocument(document)
  const mode = useSettings((settings) => settings.mode)
  const shown = useShownNode(document)
  const present = open?.history.present
  const plan = useQuery({
    queryKey: ['explain', document, present, mode],
    enabled: open !== undefined,
    queryFn: ({ signal }) => {
      if (!open || !present) throw new Error('The pipeline is not open any more.')
      const { path, folder } = open
      return api.pipelines.explain({ document: present, path, folder, params: paramsOf(document), mode }, { signal })
    },
    placeholderData: (before) => before,
    gcTime: 0,
  })
  if (plan.error) {
    const { message, hint } = asAppError(plan.error)
    return <Empty icon={IconSql} title={message} description={hint ?? 'The plan is shown once the pipeline can run.'} />
  }
  if (!plan.data) return <p className={classes.waiting}>Planning…</p>
  if (plan.data.stages.length === 0)
    return <Empty icon={IconSql} title="Nothing would run" description="Add nodes to see their SQL." />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label="SQL that will run">
      <Stages document={document} plan={plan.data} shown={shown} />
    </section>
  )
}

function Stages({ document, plan, shown }: { document: string; plan: PlanReport; shown: string | undefined }) {
  const titleOf = useTitles(document)
  const ordered = [...plan.stages].sort((a, b) => Number(holds(b, shown)) - Number(holds(a, shown)))
  return ordered.map((stage) => (
    <section key={stage.root} className={sqlClasses.stage} aria-label={`Stage of ${stage.root}`}>
      <h3>
        {titleOf(stage.root)}
        <span className={classes.dim}>
          {stage.ends === 'effect' ? 'has an effect' : 'keeps its rows'}
          {stage.direct && ' · straight from source to target'}
          {stage.dependsOn.length > 0 && ` · after ${stage.dependsOn.map(titleOf).join(', ')}`}
        </span>
      </h3>
      {stage.nodes.map((node) => (
        <NodeSql key={node.node} document={document} node={node} />
      ))}
    </section>
  ))
}

const holds = (stage: PlanReport['stages'][number], node: string | undefined) =>
  stage.nodes.some((member) => member.node === node)

const places: Readonly<Record<string, string>> = { engine: 'in the embedded engine', outside: 'outside of databases' }

function NodeSql({ document, node }: { document: string; node: NodePlanReport }) {
  const texts = Object.entries(node.sql)
  const titleOf = useTitles(document)
  return (
    <article className={sqlClasses.nodeSql}>
      <header>
        <button
          type="button"
          className={classes.link}
          title={node.node}
          onClick={() => select(document, { nodes: [node.node] })}
        >
          {titleOf(node.node)}
        </button>
        <span className={classes.dim}>
          {node.kind} · runs {places[node.runsAt] ?? `at ${node.runsAt}`}
        </span>
      </header>
      {node.error && <p className={classes.bad}>{node.error.message}</p>}
      {texts.length === 0 && !node.error && <p className={classes.dim}>{node.summary || 'No SQL'}</p>}
      {texts.map(([port, sql]) => (
        <div key={port} className={sqlClasses.sql}>
          {texts.length > 1 && <span className={classes.dim}>{port}</span>}
          <Suspense fallback={<pre>{sql}</pre>}>
            <SqlText sql={sql} />
          </Suspense>
          <CopyButton value={sql}>
            {({ copied, copy }) => (
              <IconButton
                label={copied ? 'Copied' : `Copy the SQL of ${node.node}`}
                icon={copied ? IconCheck : IconCopy}
                size="sm"
                onClick={copy}
              />
            )}
          </CopyButton>
        </div>
      ))}
    </article>
  )
}
