import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Column } from '../data/types.ts'
import type { ErrorReport } from '../errors.ts'
import { pipelineSchema } from '../pipeline/schema.ts'
import { runModes } from '../run.ts'

/** A document being edited and where it stands. */
export const subject = z.object({
  document: pipelineSchema,
  /** Its file, where it has been saved. */
  path: z.string().nullable(),
  /** Folder that relative paths and connections.json are looked up from. */
  folder: z.string(),
  /** Values of parameters as given; those with a default may be left out. */
  params: z.record(z.string(), z.json()).default({}),
})
export type Subject = z.input<typeof subject>

/** What is known of a node without running anything. */
export interface NodeLook {
  /** By output port; null when they cannot be known before a run. */
  columns: Record<string, Column[] | null>
  error?: ErrorReport
  /** Made of what an earlier run kept: rows of this node as it is now can be shown without running it. */
  kept?: KeptRows[]
}

export interface KeptRows {
  runId: string
  /** The node they were kept of: one made alike may have another name. */
  node: string
  port: string
  rows: number
}

export interface Look {
  nodes: Record<string, NodeLook>
  /** What keeps any node from being looked at, e.g. a cycle. */
  problem?: ErrorReport
}

export interface NodePlanReport {
  node: string
  kind: string
  summary: string
  /** Name of a connection, `engine` for the embedded engine, `outside` for files, servers and code. */
  runsAt: string
  /** By output port. */
  sql: Record<string, string>
  error?: ErrorReport
}

export interface PlanReport {
  mode: (typeof runModes)[number]
  stages: {
    root: string
    dependsOn: string[]
    ends: 'keeps rows' | 'effect'
    direct: boolean
    nodes: NodePlanReport[]
  }[]
}

/** A column of some node's output. */
export interface ColumnPlace {
  node: string
  port: string
  column: string
}

export interface Lineage {
  /** Columns upstream that its values come from, nearest first; without those of `shapes`. */
  from: ColumnPlace[]
  /** Columns that decide which rows there are or their order: conditions, join keys, groups. */
  shapes: ColumnPlace[]
  /** Columns downstream that its values go into. */
  to: ColumnPlace[]
}

export const pipelines = {
  /** Columns or errors of every node, and what is kept of it. Runs nothing. A later call of the same `editor` ends an earlier one. */
  look: oc.input(subject.extend({ editor: z.string() })).output(type<Look>()),
  /** What will run where, in SQL. */
  explain: oc.input(subject.extend({ mode: z.enum(runModes).default('inspect') })).output(type<PlanReport>()),
  lineage: oc.input(subject.extend({ node: z.string(), port: z.string(), column: z.string() })).output(type<Lineage>()),
}
