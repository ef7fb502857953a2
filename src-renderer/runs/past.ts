import type { NodeRun, RunDetails } from '../../shared/contract/runs.ts'
import type { LogEntry, NodeProgress, ShownRun } from '../stores/runs.ts'

/** A run of the history in the form that the canvas and the results panel show. */
export function shownRunOf(details: RunDetails, log: readonly LogEntry[]): ShownRun {
  const { id, state, mode, dryRun, createdAt, startedAt, finishedAt, error, nodes, here } = details
  return {
    id,
    state,
    mode,
    dryRun,
    startedAt: startedAt ?? createdAt,
    ...(finishedAt !== null && { finishedAt }),
    ...(error && { error }),
    nodes: Object.fromEntries(nodes.map((node) => [node.node, progressOf(node)])),
    log,
    past: true,
    here,
  }
}

function progressOf({ state, attempt, counts, ms, kept, columns, error }: NodeRun): NodeProgress {
  return {
    state,
    attempt,
    counts,
    ...(ms !== null && { ms }),
    ...(kept && { kept }),
    ...(columns && { columns }),
    ...(error && { error }),
  }
}
