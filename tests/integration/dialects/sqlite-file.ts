import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Database } from '../../../src-main/dialects/dialect.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { query } from './subject.ts'

/** A folder with a SQLite file of its own for each test of the calling file. */
export class SqliteFile {
  folder = ''
  private readonly opened: Database[] = []

  constructor() {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'sluice-sqlite-'))
      await this.open()
    })
    afterEach(async () => {
      await Promise.all(this.opened.splice(0).map((database) => database.close()))
      await rm(this.folder, { recursive: true })
    })
  }

  /** The file `test.db`, opened without options. */
  get db(): Database {
    const [first] = this.opened
    if (!first) throw new Error('Used outside a test.')
    return first
  }

  /** Opens `test.db`, or what `config` names, once more; closed after the test. */
  async open(config: Partial<ConnectionConfig> = {}): Promise<Database> {
    const database = await sqlite.open({ dialect: 'sqlite', file: 'test.db', ...config }, this.folder)
    this.opened.push(database)
    return database
  }

  async select(sql: string, database = this.db) {
    return (await query(database, sql)).rows
  }

  async typesOf(sql: string) {
    return (await this.db.describe({ sql })).map((each) => each.type.kind)
  }
}
