import { implement, ORPCError } from '@orpc/server'
import { contract } from '../../../shared/contract/index.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Host } from '../host.ts'
import type { LiveConnections } from '../live-connections.ts'
import type { LiveRuns } from '../live-runs.ts'
import type { OpenResults } from '../open-results.ts'
import type { Workspace } from '../workspace.ts'

/** What every handler works with. */
export interface ApiContext {
  workspace: Workspace
  runs: LiveRuns
  results: OpenResults
  /** For looking at databases; runs open their own. */
  live: LiveConnections
  host: Host
}

/** Builds the handlers of the contract; whatever they throw reaches the screen as a report without secrets. */
export const api = implement(contract)
  .$context<ApiContext>()
  .use(async ({ context, next }) => {
    try {
      return await next()
    } catch (error) {
      if (error instanceof ORPCError) throw error
      const report = context.workspace.redactor.redact(toAppError(error).toJSON())
      throw new ORPCError('APP_ERROR', { message: report.message, data: report })
    }
  })
