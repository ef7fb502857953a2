import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Database, Dialect, Route, Statement, TableInfo, TableRef } from '../dialect.ts'
import { findTable, listTables } from './catalog.ts'
import { Pool } from './connect.ts'
import { describe } from './describe.ts'
import { catalogOf } from './schema/catalog.ts'
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

class MyDatabase implements Database {
  readonly dialect = mysql
  readonly config: ConnectionConfig
  readonly catalog = catalogOf((work, signal) => this.with(work, signal))
  private readonly pool: Pool

  constructor(config: ConnectionConfig, folder: string, route: Route | undefined) {
    this.config = config
    this.pool = new Pool(config, folder, route)
  }

  session(signal?: AbortSignal): Promise<MySession> {
    return MySession.open(this.pool, this.config.readOnly ?? false, signal)
  }

  describe(statement: Statement, signal?: AbortSignal): Promise<Column[]> {
    return this.with(async (session) => (await describe(session, statement)).columns, signal)
  }

  tables(): Promise<(TableRef & { kind: 'table' | 'view' })[]> {
    return this.with(listTables)
  }

  table(ref: TableRef): Promise<TableInfo | undefined> {
    return this.with(async (session) => {
      const table = await findTable(session, ref)
      if (!table) return undefined
      const columns = table.columns.map(({ name, type, nullable, databaseType, primaryKey, hasDefault }) => ({
        name,
        type,
        ...(nullable === undefined ? {} : { nullable }),
        databaseType,
        primaryKey,
        hasDefault,
      }))
      return { schema: table.schema, name: table.name, kind: table.kind, columns, keys: table.keys }
    })
  }

  close(): Promise<void> {
    return this.pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  private async with<T>(work: (session: MySession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await using session = await this.session(signal)
    return await work(session)
  }
}
