import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { QueryEvent, QueryValue } from '../../shared/contract/queries.ts'
import { queries } from '../../src-main/services/api/queries.ts'
import { results } from '../../src-main/services/api/results.ts'
import { LiveConnections } from '../../src-main/services/live-connections.ts'
import { OpenResults } from '../../src-main/services/open-results.ts'
import { QuerySessions } from '../../src-main/services/queries/sessions.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

export interface RunWish {
  session?: string
  connection?: string
  params?: Record<string, QueryValue>
  manual?: boolean
  sure?: boolean
}

/** The calls of the query workbench on a workspace of its own, with connections by name. */
export async function queriesApi(connections: Record<string, unknown>, { graceMs = 30_000 } = {}) {
  const home = await mkdtemp(join(tmpdir(), 'sluice-queries-api-'))
  await writeFile(join(home, 'connections.json'), JSON.stringify(connections))
  const workspace = openWorkspace({ env: {}, home: join(home, 'home') })
  const live = new LiveConnections(workspace)
  const sessions = new QuerySessions(workspace, live, { graceMs })
  const open = new OpenResults(workspace, sessions.rows)
  const context = { workspace, live, queries: sessions, results: open }
  const clientOf = (page?: object) =>
    createRouterClient({ queries, results }, { context: { ...context, ...(page && { page }) } as never })
  const client = clientOf()
  const [first = ''] = Object.keys(connections)
  const start = (sql: string, { session = 'tab', connection = first, ...wish }: RunWish = {}) =>
    client.queries.run({ session, connection, folder: home, sql, ...wish })
  const run = async (sql: string, wish?: RunWish) => {
    const events: QueryEvent[] = []
    for await (const event of await start(sql, wish)) events.push(event)
    return events
  }
  return {
    home,
    workspace,
    client,
    /** The calls as a page makes them, which may go. */
    clientOf,
    sessions,
    place: { connection: first, folder: home },
    start,
    run,
    /** Rows that the last statement gave, as texts. */
    async rows(sql: string, wish?: RunWish): Promise<(string | null)[][]> {
      const events = await run(sql, wish)
      const failed = events.find((event) => event.type === 'failed')
      if (failed) throw Object.assign(new Error(failed.error.message), failed.error)
      const found = events.findLast((event) => event.type === 'rows')
      if (!found) return []
      const source = { query: found.query, statement: found.statement }
      return (await client.results.window({ source, offset: 0, limit: 1_000 })).rows
    },
    async [Symbol.asyncDispose]() {
      await sessions.closeAll()
      await open.close()
      await live.close()
      await workspace.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
