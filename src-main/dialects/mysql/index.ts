import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Dialect, Route } from '../dialect.ts'
import { ServerDatabase } from '../server/database.ts'
import { findTable, listTables } from './catalog.ts'
import { Pool } from './connect.ts'
import { describe } from './describe.ts'
import { schema } from './schema/index.ts'
import { MySession } from './session.ts'
import { commitsItself, isOrdered, quote } from './sql.ts'
import { parseUrl } from './url.ts'

/** MySQL from version 5.7 and MariaDB from 10.2. Rows travel as the driver's raw packets and by LOAD DATA LOCAL. */
export const mysql: Dialect = {
  id: 'mysql',
  title: 'MySQL and MariaDB',
  wire: { lists: 'json' },
  commitsItself,
  // An order inside a subquery is forgotten.
  canNest: (sql) => !isOrdered(sql),
  parseUrl,
  quote,
  open: async (config, folder, route) => new MyDatabase(config, folder, route),
}

class MyDatabase extends ServerDatabase<MySession> {
  readonly dialect = mysql
  private readonly connections: Pool

  constructor(config: ConnectionConfig, folder: string, route: Route | undefined) {
    const pool = new Pool(config, folder, route)
    super(config, pool, { describe, listTables, findTable, schema })
    this.connections = pool
  }

  session(signal?: AbortSignal): Promise<MySession> {
    return MySession.open(this.connections, this.config.readOnly ?? false, signal)
  }
}
