import type { ExportProgress } from '../../shared/contract/results.ts'
import type { ExportRequest } from './results/export.ts'
import type { Results } from './results.ts'
import type { spoolRows as Spool } from './spool.ts'

export type { NodeAnalysis } from './analyse.ts'
export { explainPipeline, type PlanDescription } from './explain.ts'
export type { NodeOutcome } from './ledger.ts'
export { columnLineage } from './lineage.ts'
export { analysePipeline } from './look.ts'
export { chartRows } from './results/chart.ts'
export { filterCondition } from './results/filters.ts'
export { pickColumns, profileRows } from './results/profile.ts'
export { maxWindow, type ViewQuery, type WindowQuery } from './results/view.ts'
export type { Results, RowWindow } from './results.ts'
export type { Earlier } from './reuse.ts'
export { type RunOptions, type RunOutcome, runPipeline } from './run.ts'
export { defaultLimits, type KeptOutput, type Limits, type Surroundings } from './scope.ts'

/** Opens kept rows for the grid; the caller closes them. @throws AppError when they are no longer there */
export async function openResults(...args: Parameters<typeof Results.open>): Promise<Results> {
  return (await import('./results.ts')).Results.open(...args)
}

/** See results/export.ts. */
export async function* exportRows(request: ExportRequest): AsyncGenerator<ExportProgress> {
  yield* (await import('./results/export.ts')).exportRows(request)
}

/** Keeps rows in a file of their own; see spool.ts. */
export async function spoolRows(...args: Parameters<typeof Spool>): ReturnType<typeof Spool> {
  return (await import('./spool.ts')).spoolRows(...args)
}
