import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import type { QuerySource } from '../../../shared/contract/results.ts'
import { type Server, startServer } from '../../helpers/app.ts'
import { connectTo, type ServeClient } from '../../helpers/serve-client.ts'

/** A database that the workbench is measured on. */
export interface Subject {
  name: 'SQLite' | 'Postgres' | 'MariaDB'
  url: string
}

export interface Served extends AsyncDisposable {
  server: Server
  client: ServeClient
  home: string
  /** Runs statements to their end; told of each event. @throws Error when one fails */
  run(connection: string, sql: string, onEvent?: (event: QueryEvent) => Promise<void> | void): Promise<QuerySource>
  /** As the button Stop. */
  stop(): Promise<void>
}

/** The built product as `sluice serve` starts it, with the subjects as connections by name. */
export async function serveSubjects(subjects: readonly Subject[]): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-bench-workbench-'))
  const connections = Object.fromEntries(subjects.map(({ name, url }) => [name, url]))
  writeFileSync(join(home, 'connections.json'), JSON.stringify(connections))
  return serveIn(home)
}

/** The same on a workspace that is there, which goes with it. */
export async function serveIn(home: string): Promise<Served> {
  const server = await startServer({ home })
  const client = await connectTo(server.url)
  return {
    server,
    client,
    home,
    async run(connection, sql, onEvent) {
      let source: QuerySource | undefined
      const request = { session: 'bench', connection, folder: home, sql }
      for await (const event of await client.api.queries.run(request)) {
        if (event.type === 'rows') source = { query: event.query, statement: event.statement }
        if (event.type === 'failed') throw new Error(event.error.message)
        await onEvent?.(event)
      }
      if (!source) throw new Error('The statement gave no rows.')
      return source
    },
    async stop() {
      await client.api.queries.stop({ session: 'bench' })
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
