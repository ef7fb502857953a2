import type { QueryClient } from '@tanstack/react-query'
import { useRuns } from '../workbench/runs.ts'

/** What is remembered of databases: keys that begin so have the connection's name third. */
const kinds: ReadonlySet<unknown> = new Set(['schema', 'tables', 'table', 'functions'])

/**
 * Shows a database anew once a statement of the workbench has changed what it holds: what is on screen is asked for again, the rest
 * when it is needed next. A run of many statements is waited for.
 */
export function followSchemaChanges(queries: QueryClient): void {
  const seen = new Map<string, string>()
  useRuns.subscribe(({ runs }, { runs: before }) => {
    for (const [tab, run] of Object.entries(runs)) {
      const { changed } = run.session
      if (run === before[tab] || run.running || changed === null || seen.get(tab) === changed.at) continue
      seen.set(tab, changed.at)
      void queries.invalidateQueries({
        predicate: ({ queryKey: [kind, , connection] }) => kinds.has(kind) && connection === changed.connection,
      })
    }
  })
}
