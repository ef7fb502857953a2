import type { Column } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import type { RunMode } from '../../shared/run.ts'
import { quoteName } from '../../shared/sql/duckdb.ts'
import { analyse, type NodeAnalysis, transformSql } from './analyse.ts'
import { type LookOptions, withScope } from './look.ts'
import { type PlannedNode, planPipeline, type Stage } from './plan.ts'

export interface NodePlan {
  node: string
  kind: string
  summary: string
  /** Where the node's work is done: the name of a connection, `engine` for the embedded engine, `outside` for files, servers and code. */
  runsAt: string
  /** SQL that will run, by output port, as far as it is known before the run. */
  sql: Record<string, string>
  /** Columns by output port; null when they cannot be known before a run. */
  columns: Record<string, Column[] | null>
  error?: AppError
}

export interface StagePlan {
  root: string
  dependsOn: string[]
  /** What becomes of the stage's rows: kept in the run's file, or taken by the node's effect. */
  ends: 'keeps rows' | 'effect'
  /** Rows pass from the source to the effect without entering the embedded engine. */
  direct: boolean
  nodes: NodePlan[]
}

export interface PlanDescription {
  mode: RunMode
  stages: StagePlan[]
  left: string[]
}

/** The plan of a run: which nodes run as one piece, in which order, and the SQL at each database. Runs nothing. */
export async function explainPipeline(options: LookOptions & { mode: RunMode }): Promise<PlanDescription> {
  const plan = planPipeline({ ...options, kept: new Set() })
  const analysis = await withScope(plan.nodes, options, (scope) => analyse(plan.nodes, scope, options.signal))
  const stages = plan.stages.map((stage): StagePlan => {
    const members = stage.members.flatMap((id) => plan.nodes.get(id) ?? [])
    const effect = plan.nodes.get(stage.root)?.definition.effect === true
    return {
      root: stage.root,
      dependsOn: stage.dependsOn,
      ends: effect ? 'effect' : 'keeps rows',
      direct: effect && goesDirect(stage, members),
      nodes: members.map((node) => describe(node, analysis, options.params)),
    }
  })
  return { mode: options.mode, stages, left: plan.left }
}

type Params = LookOptions['params']

function goesDirect(stage: Stage, members: readonly PlannedNode[]): boolean {
  const root = members.find((node) => node.id === stage.root)
  const before = members.filter((node) => node.id !== stage.root)
  const streams = before.every((node) => node.executor?.role === 'source' && node.executor.piped)
  return before.length > 0 && streams && root?.definition.kind !== 'write-file'
}

function describe(node: PlannedNode, analysis: ReadonlyMap<string, NodeAnalysis>, params: Params): NodePlan {
  const found = analysis.get(node.id)
  const config = typeof node.config === 'object' && node.config !== null ? node.config : {}
  const connection = 'connection' in config && typeof config.connection === 'string' ? config.connection : undefined
  return {
    node: node.id,
    kind: node.definition.kind,
    summary: node.definition.summary(node.config),
    runsAt: connection ?? (node.executor === undefined || node.executor.role === 'gate' ? 'engine' : 'outside'),
    sql: node.executor
      ? 'sql' in config && typeof config.sql === 'string'
        ? { out: config.sql }
        : {}
      : selects(node, analysis, params),
    columns: found?.columns ?? {},
    ...(found?.error && { error: found.error }),
  }
}

function selects(
  node: PlannedNode,
  analysis: ReadonlyMap<string, NodeAnalysis>,
  params: Params,
): Record<string, string> {
  const inputs = node.inputs.map((edge) => ({
    port: edge.port,
    relation: quoteName(edge.fromPort === 'out' ? edge.from : `${edge.from}:${edge.fromPort}`),
    columns: analysis.get(edge.from)?.columns[edge.fromPort] ?? [],
  }))
  if (inputs.some((input) => input.columns.length === 0)) return {}
  try {
    return transformSql(node, inputs, params)
  } catch {
    return {}
  }
}
