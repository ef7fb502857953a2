import type { Column } from '../../shared/data/types.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import { canMove, isTerminal, type NodeCounts, type RunEvent, type RunState } from '../../shared/run.ts'
import type { NodeRunRecord, RunRecord } from './records.ts'

/** What happened since the last write, in order. */
export interface RunBatch {
  events: RunEvent[]
  /** The latest counts of nodes whose progress is newer than their last state. */
  counts: Record<string, NodeCounts>
  fingerprints: Record<string, string>
  outputs: NewOutput[]
}

/** Rows of a node's port that stay after the run. */
export interface NewOutput {
  node: string
  port: string
  /** Absolute path of the DuckDB file that holds the rows. */
  file: string
  table: string
  rows: number
  columns: Column[]
  fingerprint?: string
}

/** The part of a run's row that changes while it goes. */
export type RunProgress = Pick<RunRecord, 'state' | 'startedAt' | 'finishedAt' | 'error'>

export interface Applied {
  run: RunProgress
  nodes: Map<string, NodeRunRecord>
  /** Nodes whose row differs from before. */
  changed: Set<string>
  /** Transitions that shared/run.ts does not allow; they were left out. */
  refused: string[]
}

/** Works a batch into what is stored. Pure, so that the rules can be tested without a database. */
export function applyBatch(run: RunRecord, stored: readonly NodeRunRecord[], batch: RunBatch): Applied {
  const result: Applied = {
    run: { state: run.state, startedAt: run.startedAt, finishedAt: run.finishedAt, error: run.error },
    nodes: new Map(stored.map((node) => [node.node, node])),
    changed: new Set(),
    refused: [],
  }
  const change = (node: string, values: Partial<NodeRunRecord>) => {
    result.nodes.set(node, { ...(result.nodes.get(node) ?? freshNode(run.id, node)), ...values })
    result.changed.add(node)
  }
  for (const event of batch.events) {
    if (event.type === 'run') applyRunEvent(result, event)
    else if (event.type === 'node') applyNodeEvent(result, event, change)
  }
  for (const [node, counts] of Object.entries(batch.counts)) {
    const current = result.nodes.get(node)
    if (current && !isTerminal(current.state)) change(node, { counts: { ...current.counts, ...counts } })
  }
  for (const [node, fingerprint] of Object.entries(batch.fingerprints)) change(node, { fingerprint })
  return result
}

function applyRunEvent(result: Applied, event: Extract<RunEvent, { type: 'run' }>): void {
  const { run } = result
  if (!reachable(run.state, event.state)) {
    result.refused.push(`run ${run.state} → ${event.state}`)
    return
  }
  if (event.state === 'running') run.startedAt ??= event.at
  if (isTerminal(event.state)) run.finishedAt ??= event.at
  run.state = event.state
  if (event.error) run.error = event.error
}

function applyNodeEvent(
  result: Applied,
  event: Extract<RunEvent, { type: 'node' }>,
  change: (node: string, values: Partial<NodeRunRecord>) => void,
): void {
  const current = result.nodes.get(event.node)
  // The first thing heard of a node may be any state: one that reuses kept rows never runs.
  if (current && !reachable(current.state, event.state)) {
    result.refused.push(`node "${event.node}" ${current.state} → ${event.state}`)
    return
  }
  const again = current !== undefined && event.attempt > current.attempt
  change(event.node, {
    state: event.state,
    attempt: event.attempt,
    counts: again ? event.counts : { ...current?.counts, ...event.counts },
    ...(event.ms === undefined ? {} : { ms: event.ms }),
    ...(event.kept === undefined ? {} : { kept: event.kept }),
    ...(event.columns === undefined ? {} : { columns: event.columns }),
    error: event.error ?? (again ? null : (current?.error ?? null)),
  })
}

const reachable = (from: RunState, to: RunState) => from === to || canMove(from, to)

function freshNode(runId: string, node: string): NodeRunRecord {
  return {
    runId,
    node,
    state: 'pending',
    attempt: 0,
    counts: {},
    ms: null,
    kept: false,
    error: null,
    columns: null,
    fingerprint: null,
  }
}

/** What becomes of a run whose process is gone: what ran has crashed, what waited never ran. */
export function crashed(
  run: RunRecord,
  nodes: readonly NodeRunRecord[],
  at: string,
): { run: RunProgress; nodes: NodeRunRecord[] } | undefined {
  if (!canMove(run.state, 'crashed')) return undefined
  const error: ErrorReport = {
    code: 'INTERNAL',
    message: `The process that ran this (pid ${run.pid} on ${run.host}) ended without finishing it.`,
    hint: `Run it again, or go on from where it stopped with --resume ${run.id}.`,
    retryable: true,
  }
  return {
    run: { state: 'crashed', startedAt: run.startedAt, finishedAt: at, error },
    nodes: nodes.flatMap((node): NodeRunRecord[] => {
      const state: RunState = node.state === 'pending' ? 'skipped' : 'crashed'
      return canMove(node.state, state) ? [{ ...node, state }] : []
    }),
  }
}
