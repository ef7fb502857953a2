import { afterAll, beforeAll } from 'vitest'
import type { Column } from '../../../shared/data/types.ts'
import type {
  BoundValue,
  Database,
  Session,
  Statement,
  WritePlan,
  WriteResult,
} from '../../../src-main/dialects/dialect.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'
import { plan } from './subject.ts'

/** A Postgres database for the tests of the calling file: empty, or with what `setup` creates. */
export class PostgresDatabase {
  private fresh: FreshDatabase | undefined
  private opened: Database | undefined

  constructor(setup?: string) {
    beforeAll(async () => {
      this.fresh = await freshDatabase()
      this.opened = await postgres.open(postgres.parseUrl(this.url), '/')
      if (setup !== undefined) await this.sql(setup)
    })
    afterAll(async () => {
      await this.opened?.close()
      await this.fresh?.drop()
    })
  }

  private get server(): FreshDatabase {
    if (!this.fresh) throw new Error('Used outside a test.')
    return this.fresh
  }

  get url(): string {
    return this.server.url
  }

  get name(): string {
    return this.server.name
  }

  get db(): Database {
    if (!this.opened) throw new Error('Used outside a test.')
    return this.opened
  }

  /** Runs statements apart from the code under test. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    return this.server.sql(text, values)
  }

  /** Writes wire text on a session of its own. */
  async load(table: string, columns: Column[], text: string, more: Partial<WritePlan> = {}): Promise<WriteResult> {
    await using session = await this.db.session()
    const writer = await session.write(plan(table, columns, { batchSize: 100, ...more }))
    await writer.write(Buffer.from(text))
    return await writer.finish()
  }
}

export const value = (
  kind: 'text' | 'int32' | 'int64' | 'date' | 'timestamptz',
  given: BoundValue['value'],
): BoundValue => ({ type: { kind }, value: given })

/** All rows of a query, as the wire text of the fast lane. */
export async function wire(
  session: Session,
  statement: Statement,
  lists: 'json' | 'postgres' = 'json',
): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of session.read(statement).bytes({ lists })) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** What a load did, but for the counts that a test expects. */
export const none: WriteResult = { received: 0, inserted: 0, updated: 0, deleted: 0, rejected: 0 }
