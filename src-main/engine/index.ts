import type { ExportProgress } from '../../shared/contract/results.ts'
import type { queryNodes as Nodes } from './federated/nodes.ts'
import type { QueryOptions } from './federated/parts.ts'
import type { FederatedSession } from './federated/session.ts'
import type { ExportRequest } from './results/export.ts'
import type { ReaderOptions, ResultsReader } from './results/reader.ts'
import type { spoolRows as Spool } from './spool.ts'

export type { NodeAnalysis } from './analyse.ts'
export { explainPipeline, type PlanDescription } from './explain.ts'
export type { FederatedSession } from './federated/session.ts'
export type { Connections, SourceDatabase } from './federated/source.ts'
export type { NodeOutcome } from './ledger.ts'
export { columnLineage } from './lineage.ts'
export { analysePipeline } from './look.ts'
export { planPipeline } from './plan.ts'
export { chartRows } from './results/chart.ts'
export { filterCondition } from './results/filters.ts'
export type { LiveResults } from './results/live.ts'
export { pickColumns, profileRows } from './results/profile.ts'
export type { ResultsReader } from './results/reader.ts'
export { maxWindow, type ViewQuery, type WindowQuery } from './results/view.ts'
export type { Results, RowWindow } from './results.ts'
export type { Earlier } from './reuse.ts'
export { type RunOptions, type RunOutcome, runPipeline } from './run.ts'
export { defaultLimits, type KeptOutput, type Limits, type Surroundings } from './scope.ts'

/** An engine that reads kept rows for grids; the caller closes it. */
export async function openReader(options: ReaderOptions): Promise<ResultsReader> {
  return (await import('./results/reader.ts')).ResultsReader.open(options)
}

/** See results/export.ts. */
export async function* exportRows(request: ExportRequest): AsyncGenerator<ExportProgress> {
  yield* (await import('./results/export.ts')).exportRows(request)
}

/** Keeps rows in a file of their own; see spool.ts. */
export async function spoolRows(...args: Parameters<typeof Spool>): ReturnType<typeof Spool> {
  return (await import('./spool.ts')).spoolRows(...args)
}

/** Reads over several connections; see federated/session.ts. */
export async function openFederated(options: QueryOptions, signal: AbortSignal): Promise<FederatedSession> {
  const { FederatedSession: Opened } = await import('./federated/session.ts')
  return new Opened(options, signal)
}

/** What a query over several connections becomes in a pipeline; see federated/nodes.ts. */
export async function queryNodes(...args: Parameters<typeof Nodes>): ReturnType<typeof Nodes> {
  return (await import('./federated/nodes.ts')).queryNodes(...args)
}
