import type { ResultSource, RowView } from '../../../shared/contract/results.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DuckSession } from '../../engine/duck/session.ts'
import { filterCondition, type Results, type ViewQuery } from '../../engine/index.ts'
import type { ApiContext } from '../api/context.ts'
import type { Sample } from '../live-runs.ts'

/**
 * The first rows of a node or query whose rows are not kept yet; undefined once they are, or when there never were any. `complete`: no
 * more will come, since the query failed or was stopped.
 */
export async function liveSample(
  { runs, queries }: ApiContext,
  source: ResultSource,
): Promise<(Sample & { complete?: boolean }) | undefined> {
  if ('query' in source) return queries.rows.sample(source)
  const { run, node, port } = source
  await runs.settling(run)
  if (!runs.isLive(run) || runs.isComplete(run, node, port)) return undefined
  return runs.sample(run, node, port) ?? { columns: [], rows: [] }
}

/** Works with all rows of a source, which are read where they are: in the run that still goes on, or where they are kept after it. */
export async function withResults<T>(
  { runs, results }: ApiContext,
  source: ResultSource,
  work: (results: Results) => Promise<T>,
): Promise<T> {
  const live = 'query' in source ? undefined : await runs.use(source, work)
  return live ? live.value : results.use(source, work)
}

/** Works with kept rows. @throws AppError RUN_STATE while they are being made, FILE_MISSING when they are not kept */
export async function withKept<T>(
  context: ApiContext,
  source: ResultSource,
  work: (results: Results) => Promise<T>,
): Promise<T> {
  if (await liveSample(context, source)) throw stillRuns(source)
  return withResults(context, source, work)
}

export const stillRuns = (source: ResultSource): AppError =>
  'query' in source
    ? new AppError('RUN_STATE', 'The rows of the query are not all there.', {
        hint: 'Wait for it to end, or run it again if it was stopped.',
      })
    : new AppError('RUN_STATE', `The rows of ${source.node} are not all there yet.`, {
        hint: 'Wait for the node to complete, then try again.',
        at: { node: source.node },
      })

/** A view as the engine reads it. @throws AppError CONFIG_INVALID, CONFIG_COLUMN at `filters.<index>` */
export async function viewQuery(results: Results, view: RowView): Promise<ViewQuery> {
  if ((view.filters ?? []).length === 0) return { sort: view.sort, search: view.search }
  const filter = await withSession(results, undefined, (session) =>
    filterCondition(view, results.output.columns, session),
  )
  return { sort: view.sort, search: view.search, filter }
}

/** A connection for one question, interrupted when nobody waits for its answer any more. */
export async function withSession<T>(
  results: Results,
  signal: AbortSignal | undefined,
  work: (session: DuckSession) => Promise<T>,
): Promise<T> {
  const session = await results.connect(signal)
  try {
    return await work(session)
  } finally {
    session.close()
  }
}
