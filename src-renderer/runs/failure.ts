import type { ErrorReport } from '../../shared/errors.ts'
import type { ShownRun } from '../stores/runs.ts'

/** The error of a run itself, or of a node that failed while others went on. */
export function firstFailure({ error, nodes }: ShownRun): ErrorReport | undefined {
  if (error) return error
  const failed = Object.entries(nodes).find(([, { state }]) => state === 'failed')
  return failed?.[1].error && { ...failed[1].error, at: { node: failed[0], ...failed[1].error.at } }
}
