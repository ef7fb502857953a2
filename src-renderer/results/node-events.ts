import { create } from 'zustand'
import type { NodeCounts, RunState } from '../../shared/run.ts'
import { type LogEntry, type ShownRun, useRuns } from '../stores/runs.ts'
import { formatCount, formatDuration, formatRows } from '../ui/format.ts'

/** What nodes of a run did, as lines of its log: states are told apart from messages, but read together. */
export interface NodeEvent extends LogEntry {
  state: RunState
}

interface EventsState {
  /** By run; of the runs that are shown. */
  events: Readonly<Record<string, readonly NodeEvent[]>>
}

export const useNodeEvents = create<EventsState>()(() => ({ events: {} }))

const words: Partial<Record<RunState, string>> = {
  running: 'started',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'was stopped',
  crashed: 'crashed',
  skipped: 'was skipped',
}

/** Notes every state that a node of a shown run comes to. */
useRuns.subscribe(({ shown }, before) => {
  for (const [document, run] of Object.entries(shown)) {
    const earlier = before.shown[document]
    if (run === earlier || run.nodes === earlier?.nodes) continue
    const fresh = changesOf(run, earlier?.id === run.id ? earlier : undefined)
    if (fresh.length === 0) continue
    useNodeEvents.setState(({ events }) => ({
      events: { ...events, [run.id]: [...(events[run.id] ?? []), ...fresh] },
    }))
  }
})

/** What it did to the outside, else how many rows it gives: those of a load are only the ones that were refused. */
function countsOf({ rowsOut, inserted, updated, deleted, rejected }: NodeCounts): string[] {
  const effects = Object.entries({ inserted, updated, deleted, refused: rejected }).flatMap(([word, count]) =>
    count === undefined || (count === 0 && word === 'refused') ? [] : [`${formatCount(count)} ${word}`],
  )
  if (effects.length > 0) return [effects.join(', ')]
  return rowsOut === undefined ? [] : [formatRows(rowsOut)]
}

function changesOf(run: ShownRun, earlier: ShownRun | undefined): NodeEvent[] {
  return Object.entries(run.nodes).flatMap(([node, progress]) => {
    const word = words[progress.state]
    if (word === undefined || earlier?.nodes[node]?.state === progress.state) return []
    const parts = [
      progress.kept ? 'took the rows of an earlier run' : word,
      ...(progress.state === 'completed' ? countsOf(progress.counts) : []),
      ...(progress.ms === undefined ? [] : [formatDuration(progress.ms)]),
    ]
    const level = progress.state === 'failed' || progress.state === 'crashed' ? ('error' as const) : ('info' as const)
    const at = progress.at ?? run.finishedAt ?? run.startedAt
    const why = progress.error ? `: ${progress.error.message}` : ''
    return [{ at, level, node, state: progress.state, message: `${parts.join(' · ')}${why}` }]
  })
}
