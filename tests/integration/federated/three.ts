import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Database, Session, Statement } from '../../../src-main/dialects/dialect.ts'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { FederatedSession } from '../../../src-main/engine/federated/session.ts'
import type { Connections, SourceDatabase } from '../../../src-main/engine/federated/source.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

export interface Result {
  columns: Column[]
  rows: Row[]
}

/** The connections `shop` (Postgres), `erp` (MariaDB) and `lake` (SQLite), for the tests of the calling file. */
export class ThreeDatabases {
  /** What was asked of the sources. */
  readonly asked: { connection: string; statement: Statement }[] = []
  private readonly opened = new Map<string, Database>()
  private readonly configs = new Map<string, ConnectionConfig>()
  private servers: { pg: FreshDatabase; my: FreshMariaDb; folder: string } | undefined

  constructor() {
    beforeAll(async () => {
      const [pg, my, folder] = await Promise.all([
        freshDatabase(),
        freshMariaDb(),
        mkdtemp(join(tmpdir(), 'sluice-three-')),
      ])
      this.servers = { pg, my, folder }
      this.configs.set('shop', postgres.parseUrl(pg.url))
      this.configs.set('erp', mysql.parseUrl(my.url))
      this.configs.set('lake', { dialect: 'sqlite', file: join(folder, 'lake.db') })
      this.sqlite('select 1')
    })
    afterAll(async () => {
      await Promise.all([...this.opened.values()].map((database) => database.close()))
      await Promise.all([this.started.pg.drop(), this.started.my.drop()])
      await rm(this.started.folder, { recursive: true, force: true })
    })
  }

  get started() {
    if (!this.servers) throw new Error('Used outside a test.')
    return this.servers
  }

  async postgres(...statements: string[]): Promise<void> {
    for (const sql of statements) await this.started.pg.sql(sql)
  }

  async mariadb(...statements: string[]): Promise<void> {
    for (const sql of statements) await this.started.my.sql(sql)
  }

  sqlite(...statements: string[]): void {
    const database = new DatabaseSync(join(this.started.folder, 'lake.db'))
    for (const sql of statements) database.exec(sql)
    database.close()
  }

  /** How each connection is reached. */
  get settings(): Record<string, ConnectionConfig> {
    return Object.fromEntries(this.configs)
  }

  get connections(): Connections {
    return { names: async () => [...this.configs.keys()], open: (name) => this.open(name) }
  }

  get scratch(): string {
    return join(this.started.folder, 'scratch')
  }

  /** Gives a connection another name, or other settings. */
  alias(name: string, as: string, more: Partial<ConnectionConfig> = {}): void {
    const config = this.configs.get(name)
    if (config) this.configs.set(as, { ...config, ...more })
  }

  session(options: { pushes?: boolean; signal?: AbortSignal; memoryMb?: number } = {}): FederatedSession {
    return new FederatedSession(
      {
        connections: this.connections,
        scratch: this.scratch,
        memoryMb: options.memoryMb ?? 256,
        threads: 2,
        pushes: options.pushes ?? true,
      },
      options.signal ?? new AbortController().signal,
    )
  }

  /** All rows of a statement. */
  async run(statement: string | Statement, options: { pushes?: boolean } = {}): Promise<Result> {
    const session = this.session(options)
    const reader = session.read(typeof statement === 'string' ? { sql: statement } : statement)
    const columns = await reader.columns()
    const rows: Row[] = []
    for await (const batch of reader.rows(500)) rows.push(...batch)
    return { columns, rows }
  }

  async rows(statement: string | Statement, options: { pushes?: boolean } = {}): Promise<Row[]> {
    return (await this.run(statement, options)).rows
  }

  /** The error that a statement fails with. */
  async failure(statement: string | Statement): Promise<AppError> {
    const failed = await this.run(statement).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failed instanceof AppError) return failed
    throw new Error(`It did not fail as it should: ${String(failed)}`)
  }

  /** What a statement asks of each connection, by running it. */
  async asks(sql: string | Statement): Promise<Record<string, string[]>> {
    this.asked.length = 0
    await this.run(sql)
    const names = [...new Set(this.asked.map(({ connection }) => connection))]
    const of = (name: string) => this.asked.filter(({ connection }) => connection === name)
    return Object.fromEntries(names.map((name) => [name, of(name).map(({ statement }) => statement.sql)]))
  }

  /** A use of a connection that ends without closing it. */
  private async open(name: string): Promise<SourceDatabase> {
    const config = this.configs.get(name)
    if (!config) throw new AppError('CONNECTION_UNKNOWN', `There is no connection ${name}.`)
    const database = this.opened.get(name) ?? (await { postgres, mysql, sqlite }[config.dialect].open(config, '/'))
    this.opened.set(name, database)
    return {
      dialect: database.dialect,
      config: database.config,
      session: async (signal) => this.watched(name, await database.session(signal)),
      describe: (statement, signal) => database.describe(statement, signal),
      tables: () => database.tables(),
      table: (ref) => database.table(ref),
      close: async () => undefined,
    }
  }

  private watched(connection: string, session: Session): Session {
    return new Proxy(session, {
      get: (target, key) => {
        if (key === 'read') {
          return (statement: Statement) => {
            this.asked.push({ connection, statement })
            return target.read(statement)
          }
        }
        const value: unknown = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}
