import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Database, Dialect, Route, Statement, TableInfo, TableRef } from '../dialect.ts'
import { findTable, listTables } from './catalog.ts'
import { Pool } from './connect.ts'
import { describe } from './describe.ts'
import { catalogOf } from './schema/catalog.ts'
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

class PgDatabase implements Database {
  readonly dialect = postgres
  readonly config: ConnectionConfig
  readonly catalog = catalogOf((work, signal) => this.with(work, signal))
  private readonly pool: Pool
  private readonly types = new TypeMap()

  constructor(config: ConnectionConfig, folder: string, route: Route | undefined) {
    this.config = config
    this.pool = new Pool(config, folder, route)
  }

  session(signal?: AbortSignal): Promise<PgSession> {
    return PgSession.open(this.pool, this.types, this.config.readOnly ?? false, signal)
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

  private async with<T>(work: (session: PgSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await using session = await this.session(signal)
    return await work(session)
  }
}
