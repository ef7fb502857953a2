import type { Column } from './data/types.ts'
import type { ErrorReport } from './errors.ts'

/**
 * States of runs and of nodes within a run. `failed` is the work's fault, `crashed` is ours (the process died);
 * `skipped` is a node whose upstream did not complete or that the run did not ask for; one that was opened together with
 * its upstream has been `running` until then.
 */
export const runStates = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelling',
  'cancelled',
  'crashed',
  'skipped',
] as const
export type RunState = (typeof runStates)[number]

/** The only transitions there are. A state without targets is terminal. */
export const transitions: Record<RunState, readonly RunState[]> = {
  pending: ['running', 'cancelled', 'skipped', 'crashed'],
  running: ['completed', 'failed', 'cancelling', 'cancelled', 'crashed', 'skipped'],
  cancelling: ['cancelled', 'crashed'],
  completed: [],
  failed: [],
  cancelled: [],
  crashed: [],
  skipped: [],
}

export function canMove(from: RunState, to: RunState): boolean {
  return transitions[from].includes(to)
}

export function isTerminal(state: RunState): boolean {
  return transitions[state].length === 0
}

/** `inspect` keeps every node's rows for the grid; `deliver` keeps counts and a small sample and goes as fast as it can. */
export const runModes = ['inspect', 'deliver'] as const
export type RunMode = (typeof runModes)[number]

/** What a node moved. Absent numbers are unknown (a transform fused into its consumer counts no rows of its own). */
export interface NodeCounts {
  rowsIn?: number
  /** Rows that left by the first output port. */
  rowsOut?: number
  /** Rows by output port, where there are several. */
  ports?: Record<string, number>
  inserted?: number
  updated?: number
  deleted?: number
  rejected?: number
  bytes?: number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

interface Stamped {
  runId: string
  /** ISO 8601, UTC, milliseconds. */
  at: string
}

/** Everything a run says while it goes. Rows never ride on events. */
export type RunEvent = Stamped &
  (
    | { type: 'run'; state: RunState; pipeline: string; mode: RunMode; dryRun: boolean; error?: ErrorReport }
    | {
        type: 'node'
        node: string
        state: RunState
        attempt: number
        counts: NodeCounts
        /** Milliseconds since the node started, on terminal states. */
        ms?: number
        /** Output taken from an earlier run instead of computed. */
        kept?: boolean
        columns?: Record<string, Column[]>
        error?: ErrorReport
      }
    /** Counts of the nodes that moved since the last one; at most five a second per run. */
    | { type: 'progress'; nodes: Record<string, NodeCounts> }
    | { type: 'log'; level: LogLevel; node?: string; message: string }
  )
