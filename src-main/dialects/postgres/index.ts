import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Dialect, Route } from '../dialect.ts'
import { ServerDatabase } from '../server/database.ts'
import { findTable, listTables } from './catalog.ts'
import { Pool } from './connect.ts'
import { describe } from './describe.ts'
import { schema } from './schema/index.ts'
import { PgSession } from './session.ts'
import { quote } from './sql.ts'
import { TypeMap } from './types.ts'
import { parseUrl } from './url.ts'

/** PostgreSQL, from version 12. Rows travel by COPY on connections of a Sequelize pool. */
export const postgres: Dialect = {
  id: 'postgres',
  title: 'PostgreSQL',
  commitsItself: () => false,
  canNest: () => true,
  wire: { lists: 'postgres' },
  verbatim: true,
  parseUrl,
  quote,
  open: async (config, folder, route) => new PgDatabase(config, folder, route),
}

class PgDatabase extends ServerDatabase<PgSession> {
  readonly dialect = postgres
  private readonly connections: Pool
  private readonly types = new TypeMap()

  constructor(config: ConnectionConfig, folder: string, route: Route | undefined) {
    const pool = new Pool(config, folder, route)
    super(config, pool, { describe, listTables, findTable, schema })
    this.connections = pool
  }

  session(signal?: AbortSignal): Promise<PgSession> {
    return PgSession.open(this.connections, this.types, this.config.readOnly ?? false, signal)
  }
}
