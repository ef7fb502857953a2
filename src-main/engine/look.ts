import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NodeRegistry } from '../../shared/nodes/define.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { analyse, type NodeAnalysis } from './analyse.ts'
import { type PlannedNode, planPipeline } from './plan.ts'
import { Scope, type Surroundings } from './scope.ts'

export interface LookOptions extends Surroundings {
  pipeline: Pipeline
  registry: NodeRegistry
  /** Only this node and what it needs. */
  to?: string
  signal: AbortSignal
}

/**
 * Columns of every port, or the error of a node, without running anything. Nodes that are switched off are absent.
 * @throws AppError for a plan that cannot be made (GRAPH_*, CONFIG_INVALID)
 */
export async function analysePipeline(options: LookOptions): Promise<Map<string, NodeAnalysis>> {
  const { nodes } = planPipeline({ ...options, mode: 'inspect', kept: new Set() })
  return withScope(nodes, options, (scope) => analyse(nodes, scope, options.signal))
}

/** A scope without a run: nothing is kept. */
export async function withScope<T>(
  nodes: ReadonlyMap<string, PlannedNode>,
  surroundings: Surroundings,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const scratch = join(tmpdir(), `sluice-${randomUUID()}`)
  const scope = new Scope({ surroundings, nodes, scratch, file: ':memory:', attach: [], joinsPipes: false })
  try {
    return await work(scope)
  } finally {
    await scope.close()
  }
}
