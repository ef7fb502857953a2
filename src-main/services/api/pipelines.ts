import type { KeptRows, Look, NodeLook, PlanReport } from '../../../shared/contract/pipelines.ts'
import { toAppError } from '../../../shared/errors.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { topologicalOrder } from '../../../shared/pipeline/graph.ts'
import { resolveParameters } from '../../../shared/pipeline/parameters.ts'
import type { Pipeline } from '../../../shared/pipeline/schema.ts'
import { fingerprints } from '../../engine/fingerprint.ts'
import { defaultLimits, explainPipeline } from '../../engine/index.ts'
import { lookAt } from '../look.ts'
import { outsideOf } from '../outside.ts'
import { surroundings } from '../start-run.ts'
import type { Workspace } from '../workspace.ts'
import { type ApiContext, api } from './context.ts'
import { lineage } from './lineage.ts'

interface Subject {
  document: Pipeline
  folder: string
  params: Record<string, unknown>
}

/** Looks that go on, by editor. */
const looking = new Map<string, AbortController>()

export const pipelines = {
  lineage,
  look: api.pipelines.look.handler(async ({ context, input, signal }): Promise<Look> => {
    looking.get(input.editor)?.abort()
    const own = new AbortController()
    looking.set(input.editor, own)
    const either = AbortSignal.any([own.signal, ...(signal ? [signal] : [])])
    try {
      const { workspace, live } = context
      const { document, folder } = input
      const where = { folder, overrides: {}, cwd: workspace.home, limits: defaultLimits }
      const { params: _none, ...outside } = surroundings(workspace, where, {})
      const found = await lookAt({
        document,
        params: input.params,
        registry,
        surroundings: { ...outside, connect: (name) => live.open(name, { folder, cwd: workspace.home }) },
        signal: either,
      })
      const kept = await keptRows(workspace, input, found.params)
      const nodes = Object.entries(found.nodes).map(([id, node]): [string, NodeLook] => [
        id,
        { ...node, kept: kept.get(id) ?? [] },
      ])
      return { nodes: workspace.redactor.redact(Object.fromEntries(nodes)) }
    } catch (error) {
      const problem = toAppError(error)
      if (problem.code === 'RUN_CANCELLED') throw problem
      return { nodes: {}, problem: context.workspace.redactor.redact(problem.toJSON()) }
    } finally {
      if (looking.get(input.editor) === own) looking.delete(input.editor)
    }
  }),
  explain: api.pipelines.explain.handler(async ({ context, input, signal }): Promise<PlanReport> => {
    const options = optionsOf(context, input, signal ?? new AbortController().signal)
    const { mode, stages } = await explainPipeline({ ...options, mode: input.mode })
    return {
      mode,
      stages: stages.map((stage) => ({
        ...stage,
        nodes: stage.nodes.map(({ node, kind, summary, runsAt, sql, error }) => ({
          node,
          kind,
          summary,
          runsAt,
          sql,
          ...(error && { error: error.toJSON() }),
        })),
      })),
    }
  }),
}

function optionsOf({ workspace }: ApiContext, { document, folder, params }: Subject, signal: AbortSignal) {
  const values = resolveParameters(document.parameters, params)
  const where = { folder, overrides: {}, cwd: workspace.home, limits: defaultLimits }
  return { ...surroundings(workspace, where, values), pipeline: document, registry, signal }
}

/** Which nodes an earlier run left rows of that are still what the node would give. */
async function keptRows(
  workspace: Workspace,
  { document, folder }: Pick<Subject, 'document' | 'folder'>,
  params: ReturnType<typeof resolveParameters>,
) {
  const found = new Map<string, KeptRows[]>()
  const outside = await outsideOf(workspace, document, params, { folder, cwd: workspace.home })
  for (const [node, print] of fingerprints(document, topologicalOrder(document), params, outside, registry)) {
    const outputs = await workspace.runs.kept(print, outside.get(node)?.changed)
    found.set(
      node,
      outputs.map(({ runId, node: of, port, rows }) => ({ runId, node: of, port, rows })),
    )
  }
  return found
}
