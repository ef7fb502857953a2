import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Column } from '../data/types.ts'
import type { ErrorReport } from '../errors.ts'
import type { Json } from '../pipeline/schema.ts'
import {
  type LogLevel,
  type NodeCounts,
  type RunEvent,
  type RunMode,
  type RunState,
  runModes,
  runStates,
} from '../run.ts'
import { subject } from './pipelines.ts'

export interface RunSummary {
  id: string
  pipeline: string
  path: string | null
  mode: RunMode
  dryRun: boolean
  params: Record<string, Json>
  state: RunState
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  resumedFrom: string | null
  error: ErrorReport | null
}

export interface NodeRun {
  node: string
  state: RunState
  attempt: number
  counts: NodeCounts
  ms: number | null
  kept: boolean
  error: ErrorReport | null
  columns: Record<string, Column[]> | null
}

export interface KeptOutputInfo {
  node: string
  port: string
  rows: number
  columns: Column[]
}

export interface RunDetails extends RunSummary {
  /** The text of the document as it ran, where it is known. */
  document: string | null
  nodes: NodeRun[]
  /** What can still be opened in the grid. */
  outputs: KeptOutputInfo[]
  /** It goes on in this process, so it can be watched and stopped. */
  here: boolean
}

export interface LogLine {
  at: string
  level: LogLevel
  node: string | null
  message: string
}

const run = z.object({ run: z.string() })

export const runs = {
  /** Starts a run and answers at once. @throws what keeps it from starting: DOC_*, GRAPH_*, CONFIG_*, RUN_STATE */
  start: oc
    .input(
      subject.extend({
        mode: z.enum(runModes).default('inspect'),
        dryRun: z.boolean().default(false),
        /** Only this node and what it needs. */
        to: z.string().optional(),
        /** This node and what comes after it run again, whatever is kept of them. */
        from: z.string().optional(),
        /** Go on from this run, which failed or was stopped. */
        resume: z.string().optional(),
        /** Every node runs, whatever is kept of it. */
        refresh: z.boolean().default(false),
      }),
    )
    .output(type<{ runId: string }>()),
  /** Answers once the run has ended. */
  stop: oc.input(run),
  /** All events of a run that goes on here, from its first, until it has ended. A run that has ended gives none. */
  watch: oc.input(run).output(eventIterator(type<RunEvent>())),
  /** A line for every run that goes on in this process, and whenever one starts or changes state. */
  changes: oc.output(eventIterator(type<RunSummary>())),
  list: oc
    .input(
      z.object({
        pipeline: z.string().optional(),
        path: z.string().optional(),
        states: z.array(z.enum(runStates)).optional(),
        limit: z.int().min(1).max(500).default(100),
        offset: z.int().min(0).default(0),
      }),
    )
    .output(type<RunSummary[]>()),
  show: oc.input(run).output(type<RunDetails>()),
  logs: oc
    .input(run.extend({ node: z.string().optional(), limit: z.int().min(1).max(10_000).default(2_000) }))
    .output(type<LogLine[]>()),
  remove: oc.input(z.object({ runs: z.array(z.string()).max(1_000) })),
}
