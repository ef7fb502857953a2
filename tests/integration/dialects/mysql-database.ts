import { afterAll, beforeAll } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Row } from '../../../shared/data/wire.ts'
import type { BoundValue, Database } from '../../../src-main/dialects/dialect.ts'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { query } from './subject.ts'

/** An empty MariaDB database for the tests of the calling file. */
export class MariaDbDatabase {
  private fresh: FreshMariaDb | undefined
  private readonly opened: Database[] = []

  constructor() {
    beforeAll(async () => {
      this.fresh = await freshMariaDb()
      await this.open()
    })
    afterAll(async () => {
      await Promise.all(this.opened.splice(0).map((database) => database.close()))
      await this.fresh?.drop()
    })
  }

  get server(): FreshMariaDb {
    if (!this.fresh) throw new Error('Used outside a test.')
    return this.fresh
  }

  get db(): Database {
    const [first] = this.opened
    if (!first) throw new Error('Used outside a test.')
    return first
  }

  get config(): ConnectionConfig {
    return mysql.parseUrl(this.server.url)
  }

  /** Opens the database once more, with other settings; closed at the end. */
  async open(more: Partial<ConnectionConfig> = {}): Promise<Database> {
    const database = await mysql.open({ ...this.config, ...more }, '/')
    this.opened.push(database)
    return database
  }

  /** Runs statements apart from the code under test. */
  async sql(...statements: string[]): Promise<void> {
    for (const sql of statements) await this.server.sql(sql)
  }

  async select(sql: string, params: Record<string, BoundValue> = {}): Promise<Row[]> {
    return (await query(this.db, sql, params)).rows
  }
}
