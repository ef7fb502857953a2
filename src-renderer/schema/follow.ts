import type { QueryClient } from '@tanstack/react-query'
import { registry } from '../../shared/nodes/registry.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { isTerminal } from '../../shared/run.ts'
import { documentOf } from '../stores/documents.ts'
import { useRuns as usePipelineRuns } from '../stores/runs.ts'
import { useRuns } from '../workbench/runs.ts'

/** What is remembered of databases: keys that begin so have the connection's name third. */
const kinds: ReadonlySet<unknown> = new Set(['schema', 'tables', 'table', 'functions'])

/**
 * Shows a database anew once a statement of the workbench or the run of a pipeline may have changed what it holds: what is on screen is
 * asked for again, the rest when it is needed next. A run of many statements is waited for.
 */
export function followSchemaChanges(queries: QueryClient): void {
  const forget = (connections: readonly string[]) =>
    void queries.invalidateQueries({
      predicate: ({ queryKey: [kind, , connection] }) =>
        kinds.has(kind) && typeof connection === 'string' && connections.includes(connection),
    })
  followStatements(forget)
  followPipelines(forget)
}

type Forget = (connections: readonly string[]) => void

function followStatements(forget: Forget): void {
  const seen = new Map<string, string>()
  useRuns.subscribe(({ runs }, { runs: before }) => {
    for (const [tab, run] of Object.entries(runs)) {
      const { changed } = run.session
      if (run === before[tab] || run.running || changed === null || seen.get(tab) === changed.at) continue
      seen.set(tab, changed.at)
      forget([changed.connection])
    }
  })
}

function followPipelines(forget: Forget): void {
  usePipelineRuns.subscribe(({ shown }, { shown: before }) => {
    for (const [document, run] of Object.entries(shown)) {
      const last = before[document]
      const ended = last?.id === run.id && !isTerminal(last.state) && isTerminal(run.state)
      const pipeline = run.document ?? documentOf(document)?.history.present
      if (ended && !run.dryRun && pipeline) forget(writtenTo(pipeline))
    }
  })
}

/** Connections whose databases the nodes of a pipeline may change. */
function writtenTo({ nodes }: Pipeline): string[] {
  return Object.values(nodes).flatMap(({ kind, config: { connection } }) =>
    registry.get(kind)?.category !== 'source' && typeof connection === 'string' ? [connection] : [],
  )
}
