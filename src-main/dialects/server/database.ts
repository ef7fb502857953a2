import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { SchemaDetail, SchemaDiagram, SchemaFunction, SchemaObjects } from '../../../shared/data/catalog.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Catalog, Database, Dialect, Session, Statement, TableInfo, TableRef } from '../dialect.ts'

/** What a database is asked on a session of its own. */
export interface Questions<S> {
  describe(session: S, statement: Statement): Promise<{ columns: Column[] }>
  listTables(session: S): Promise<(TableRef & { kind: 'table' | 'view' })[]>
  findTable(session: S, ref: TableRef): Promise<TableInfo | undefined>
  schema: SchemaQuestions<S>
}

/** What stands behind each member of a Catalog. */
export interface SchemaQuestions<S> {
  listObjects(session: S): Promise<SchemaObjects>
  readObject(session: S, ref: TableRef): Promise<SchemaDetail | undefined>
  readDefinition(session: S, ref: TableRef): Promise<string | undefined>
  readDiagram(session: S, part: { schema?: string; tables?: readonly string[] }): Promise<SchemaDiagram>
  listFunctions(session: S): Promise<SchemaFunction[]>
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
  readonly catalog: Catalog = {
    objects: (signal) => this.with((session) => this.ask.schema.listObjects(session), signal),
    object: (ref, signal) => this.with((session) => this.ask.schema.readObject(session, ref), signal),
    definition: (ref, signal) => this.with((session) => this.ask.schema.readDefinition(session, ref), signal),
    diagram: (part, signal) => this.with((session) => this.ask.schema.readDiagram(session, part), signal),
    functions: (signal) => this.with((session) => this.ask.schema.listFunctions(session), signal),
  }
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
    columns: columns.map(
      ({ name, type, nullable, databaseType, primaryKey, hasDefault, generated, identityAlways }) => ({
        name,
        type,
        ...(nullable === undefined ? {} : { nullable }),
        databaseType,
        primaryKey,
        hasDefault,
        ...(generated && { generated }),
        ...(identityAlways && { identityAlways }),
      }),
    ),
    keys,
  }
}
