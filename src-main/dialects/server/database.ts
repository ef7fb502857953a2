import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Catalog, Database, Dialect, Session, Statement, TableInfo, TableRef } from '../dialect.ts'

/** What a database is asked on a session of its own. */
export interface Questions<S> {
  describe(session: S, statement: Statement): Promise<{ columns: Column[] }>
  listTables(session: S): Promise<(TableRef & { kind: 'table' | 'view' })[]>
  findTable(session: S, ref: TableRef): Promise<TableInfo | undefined>
}

/** One saved connection to a server, opened. */
export abstract class ServerDatabase<S extends Session> implements Database {
  readonly config: ConnectionConfig
  private readonly pool: { close(): Promise<void> }
  private readonly ask: Questions<S>

  constructor(config: ConnectionConfig, pool: { close(): Promise<void> }, questions: Questions<S>) {
    this.config = config
    this.pool = pool
    this.ask = questions
  }

  abstract readonly dialect: Dialect
  abstract readonly catalog: Catalog
  abstract session(signal?: AbortSignal): Promise<S>

  describe(statement: Statement, signal?: AbortSignal): Promise<Column[]> {
    return this.with(async (session) => (await this.ask.describe(session, statement)).columns, signal)
  }

  tables(): Promise<(TableRef & { kind: 'table' | 'view' })[]> {
    return this.with((session) => this.ask.listTables(session))
  }

  table(ref: TableRef): Promise<TableInfo | undefined> {
    return this.with(async (session) => {
      const table = await this.ask.findTable(session, ref)
      return table && infoOf(table)
    })
  }

  close(): Promise<void> {
    return this.pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  protected async with<T>(work: (session: S) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await using session = await this.session(signal)
    return await work(session)
  }
}

/** The table without what only its dialect knows of it. */
function infoOf({ schema, name, kind, columns, keys }: TableInfo): TableInfo {
  return {
    ...(schema === undefined ? {} : { schema }),
    name,
    kind,
    columns: columns.map(({ name, type, nullable, databaseType, primaryKey, hasDefault, generated }) => ({
      name,
      type,
      ...(nullable === undefined ? {} : { nullable }),
      databaseType,
      primaryKey,
      hasDefault,
      ...(generated && { generated }),
    })),
    keys,
  }
}
