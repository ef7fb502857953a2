import { implement, ORPCError } from '@orpc/server'
import { contract } from '../../../shared/contract/index.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Host } from '../host.ts'
import type { LiveConnections } from '../live-connections.ts'
import type { LiveRuns } from '../live-runs.ts'
import type { OpenResults } from '../open-results.ts'
import type { Page } from '../queries/holders.ts'
import type { QuerySessions } from '../queries/sessions.ts'
import type { Workspace } from '../workspace.ts'

/** What every handler works with. */
export interface ApiContext {
  workspace: Workspace
  runs: LiveRuns
  results: OpenResults
  /** For looking at databases; runs open their own. */
  live: LiveConnections
  /** Tabs of the query workbench. */
  queries: QuerySessions
  host: Host
  /** The page that calls, told when it is gone (see QuerySessions.leave); absent for callers that do not go by themselves. */
  page?: Page
}

/** Builds the handlers of the contract; whatever they throw reaches the screen as a report without secrets. */
export const api = implement(contract)
  .$context<ApiContext>()
  .use(async ({ context, next }) => {
    try {
      return await next()
    } catch (error) {
      throw reportOf(context, error)
    }
  })

/** The items of a stream, whose failures reach the screen as those of calls do. */
export async function* reported<T>(context: ApiContext, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    throw reportOf(context, error)
  }
}

function reportOf({ workspace }: ApiContext, error: unknown): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error
  const report = workspace.redactor.redact(toAppError(error).toJSON())
  return new ORPCError('APP_ERROR', { message: report.message, data: report })
}
