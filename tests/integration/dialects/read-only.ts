import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database, Session } from '../../../src-main/dialects/dialect.ts'

/** A database to be kept as it is, and everything that might change it through a connection that may only read. */
export interface ReadOnlySubject {
  /** Opens it marked read-only; closed by the caller. */
  open(): Promise<Database>
  /** Everything that must stay, seen from outside of the connection. */
  snapshot(): Promise<unknown>
  /** A plain write, which the database must refuse. */
  write: string
  /** A query that must go on working. */
  read: string
  cleanup(): Promise<void>
}

/** Statements that are tried one after the other on one session; a name for each. */
export type Tricks = Readonly<Record<string, readonly string[]>>

/** How a user's SQL reaches the database. */
const ways: Record<string, (session: Session, sql: string) => Promise<unknown>> = {
  statement: (session, sql) => session.execute({ sql }),
  'many rows': (session, sql) => session.executeMany({ sql }, once()),
  bytes: async (session, sql) => drain(session.read({ sql }).bytes({ lists: 'json' })),
  rows: async (session, sql) => drain(session.read({ sql }).rows(10)),
}

async function* once() {
  yield {}
}

async function drain(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pieces);
}

/** Tries every trick by every way; whatever the database says to it, nothing may be different afterwards. */
export function readOnlySuite(title: string, setUp: () => Promise<ReadOnlySubject>, tricks: Tricks): void {
  describe(`${title}, read-only`, () => {
    let subject: ReadOnlySubject
    beforeAll(async () => {
      subject = await setUp()
    })
    afterAll(() => subject.cleanup())

    const unchanged = async (session: Session) => {
      await expect(session.execute({ sql: subject.write })).rejects.toMatchObject({ code: 'QUERY_READ_ONLY' })
    }

    it.each(Object.entries(tricks))('%s', async (_name, steps) => {
      const before = await subject.snapshot()
      await using database = await subject.open()
      for (const run of Object.values(ways)) {
        await using session = await database.session()
        for (const sql of steps) await run(session, sql).catch(() => undefined)
        if (session.inTransaction) await session.rollback().catch(() => undefined)
        await unchanged(session)
      }
      {
        await using session = await database.session()
        await session.begin()
        for (const sql of steps) await session.execute({ sql }).catch(() => undefined)
        if (session.inTransaction) await session.commit().catch(() => undefined)
      }
      await using next = await database.session()
      await unchanged(next)
      expect((await next.execute({ sql: subject.read })).rows.length).toBeGreaterThan(0)
      expect(await subject.snapshot()).toEqual(before)
    })
  })
}
