import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { connections } from '../../src-main/services/api/connections.ts'
import { queries } from '../../src-main/services/api/queries.ts'
import { vault } from '../../src-main/services/api/vault.ts'
import type { Environment } from '../../src-main/services/home.ts'
import { LiveConnections } from '../../src-main/services/live-connections.ts'
import { QuerySessions } from '../../src-main/services/queries/sessions.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

/** The calls of the connections screen, on a workspace of its own or one that is there. */
export async function connectionsApi(options: { home?: string; env?: Environment; systemKey?: string } = {}) {
  const { env = {}, systemKey } = options
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'sluice-connections-api-')))
  const workspace = openWorkspace({ env, home, systemKey })
  const live = new LiveConnections(workspace)
  const sessions = new QuerySessions(workspace, live)
  const context = { workspace, live, queries: sessions }
  const client = createRouterClient({ connections, queries, vault }, { context: context as never })
  return {
    home,
    workspace,
    live,
    connections: client.connections,
    queries: client.queries,
    vault: client.vault,
    async [Symbol.asyncDispose]() {
      await sessions.closeAll()
      await live.close()
      await workspace.close()
      if (options.home === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}
