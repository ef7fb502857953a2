import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRouterClient } from '@orpc/server'
import type { Look } from '../../../shared/contract/pipelines.ts'
import { formatType } from '../../../shared/data/types.ts'
import { pipelineSchema } from '../../../shared/pipeline/schema.ts'
import type { ApiContext } from '../../../src-main/services/api/context.ts'
import { router } from '../../../src-main/services/api/router.ts'
import type { Host } from '../../../src-main/services/host.ts'
import { LiveConnections } from '../../../src-main/services/live-connections.ts'
import { LiveRuns } from '../../../src-main/services/live-runs.ts'
import { OpenResults } from '../../../src-main/services/open-results.ts'
import { QuerySessions } from '../../../src-main/services/queries/sessions.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { type Doc, pipelineOf } from '../../helpers/engine.ts'
import { freshDatabase } from '../../helpers/postgres.ts'

const refused = () => {
  throw new Error('The shell is not asked here.')
}
const host: Host = {
  kind: 'browser',
  pick: refused,
  openExternal: refused,
  title: refused,
  menu: refused,
  events: refused,
}

/** The calls that look at a pipeline as it is written, in a folder with a Postgres `pg`, a SQLite `shop`, and two that are not there. */
export async function lookApi() {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-look-'))
  await mkdir(join(folder, 'home'))
  const fresh = await freshDatabase()
  await fresh.sql('create table orders (id int primary key, amount numeric(12,2), placed timestamptz)')
  const shop = new DatabaseSync(join(folder, 'shop.db'))
  shop.exec('create table customers (id integer primary key, name text not null)')
  shop.close()
  await writeFile(
    join(folder, 'connections.json'),
    JSON.stringify({ pg: fresh.url, shop: 'sqlite:shop.db', gone: 'sqlite:gone.db', down: 'postgres://127.0.0.1:1/x' }),
  )
  const workspace = openWorkspace({ env: {}, home: join(folder, 'home') })
  // As long as any test takes, so that a description is believed until it is refreshed.
  const live = new LiveConnections(workspace, { believeMs: 600_000 })
  const context: ApiContext = {
    workspace,
    runs: new LiveRuns(workspace),
    results: new OpenResults(workspace),
    live,
    queries: new QuerySessions(workspace, live),
    host,
  }
  const client = createRouterClient(router, { context })
  return {
    folder,
    fresh,
    live,
    workspace,
    client,
    lookAt(doc: Doc, params: Record<string, string> = {}, parameters: object[] = []): Promise<Look> {
      const document = pipelineSchema.parse({ ...pipelineOf(doc), parameters })
      return client.pipelines.look({ document, path: null, folder, params, editor: crypto.randomUUID() })
    },
    async [Symbol.asyncDispose]() {
      await live.close()
      await workspace.close()
      await fresh.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const spelled = (look: Look, node: string, port = 'out') =>
  look.nodes[node]?.columns[port]?.map(({ name, type }) => `${name} ${formatType(type)}`)

export const table = (connection: string, name: string) => ({ kind: 'table', config: { connection, table: name } })
