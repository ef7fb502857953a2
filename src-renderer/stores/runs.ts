import { create } from 'zustand'
import type { Column } from '../../shared/data/types.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { LogLevel, NodeCounts, RunEvent, RunMode, RunState } from '../../shared/run.ts'

export interface NodeProgress {
  state: RunState
  /** When it came to the state, ISO 8601; unknown of runs out of the history. */
  at?: string
  attempt: number
  counts: NodeCounts
  ms?: number
  kept?: boolean
  columns?: Record<string, Column[]>
  error?: ErrorReport
}

export interface LogEntry {
  at: string
  level: LogLevel
  node?: string
  message: string
}

/** The run whose states and rows a document shows: the one that goes on, the last one, or one opened from the history. */
export interface ShownRun {
  id: string
  state: RunState
  mode: RunMode
  dryRun: boolean
  /** ISO 8601. */
  startedAt: string
  finishedAt?: string
  error?: ErrorReport
  nodes: Readonly<Record<string, NodeProgress>>
  log: readonly LogEntry[]
  /** It had ended before this page showed it. */
  past: boolean
  /** The engine of this window runs it, so it can be stopped. */
  here: boolean
  /** The document as it ran; nodes that differ from it now are stale. */
  document?: Pipeline
}

interface RunsState {
  /** By document. */
  shown: Readonly<Record<string, ShownRun>>
}

export const useRuns = create<RunsState>()(() => ({ shown: {} }))

export const useShownRun = (document: string): ShownRun | undefined => useRuns(({ shown }) => shown[document])

export const useNodeProgress = (document: string, node: string): NodeProgress | undefined =>
  useRuns(({ shown }) => shown[document]?.nodes[node])

export function showRun(document: string, run: ShownRun): void {
  useRuns.setState(({ shown }) => ({ shown: { ...shown, [document]: run } }))
}

export function hideRun(document: string): void {
  useRuns.setState(({ shown: { [document]: _hidden, ...shown } }) => ({ shown }))
}

/** Before the events of a run are told again from the first: states only repeat themselves, lines of the log would be there twice. */
export function forgetLog(document: string): void {
  const run = useRuns.getState().shown[document]
  if (run && run.log.length > 0) showRun(document, { ...run, log: [] })
}

/** Log lines held for the panel; all of them are in the history. */
const maxLog = 5_000

/** Takes an event of the run that a document shows; events of another run change nothing. */
export function takeEvent(document: string, event: RunEvent): void {
  useRuns.setState(({ shown }) => {
    const run = shown[document]
    return run?.id === event.runId ? { shown: { ...shown, [document]: after(run, event) } } : {}
  })
}

function after(run: ShownRun, event: RunEvent): ShownRun {
  switch (event.type) {
    case 'run': {
      const { state, error, at } = event
      return {
        ...run,
        state,
        ...(error && { error }),
        ...(state === 'running' ? { startedAt: at } : { finishedAt: at }),
      }
    }
    case 'node': {
      const { node, state, at, attempt, counts, ms, kept, columns, error } = event
      const progress: NodeProgress = {
        state,
        at,
        attempt,
        counts,
        ...(ms === undefined ? {} : { ms }),
        ...(kept && { kept }),
        ...(columns && { columns }),
        ...(error && { error }),
      }
      return { ...run, nodes: { ...run.nodes, [node]: progress } }
    }
    case 'progress': {
      const moved = Object.entries(event.nodes).flatMap(([node, counts]) => {
        const before = run.nodes[node]
        return before ? [[node, { ...before, counts }] as const] : []
      })
      return { ...run, nodes: { ...run.nodes, ...Object.fromEntries(moved) } }
    }
    case 'log': {
      const { at, level, node, message } = event
      const line: LogEntry = { at, level, message, ...(node === undefined ? {} : { node }) }
      return { ...run, log: [...run.log.slice(-maxLog + 1), line] }
    }
  }
}
