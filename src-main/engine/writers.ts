import type { Database, Session } from '../dialects/dialect.ts'

/**
 * Sessions that write. One connection is written by one node at a time where its database has a single writer (SQLite) or where
 * all its work commits together; otherwise each node has a session, and a transaction, of its own. In a common transaction each node
 * starts at a savepoint, so that one that fails can be tried again, or left out of a dry run, without the others.
 */
export class WriteSessions {
  private readonly together: boolean
  private readonly connect: (name: string) => Promise<Database>
  private readonly signal: AbortSignal
  private readonly shared = new Map<string, Promise<Session>>()
  private readonly turns = new Map<string, Promise<void>>()

  constructor(options: { together: boolean; connect(name: string): Promise<Database>; signal: AbortSignal }) {
    this.together = options.together
    this.connect = options.connect
    this.signal = options.signal
  }

  async take(connection: string, signal: AbortSignal) {
    const database = await this.connect(connection)
    const single = this.together || database.dialect.id === 'sqlite'
    const leave = single ? await this.turn(connection) : () => undefined
    try {
      const session = this.together ? await this.common(connection, database) : await database.session(signal)
      if (this.together) await session.execute({ sql: 'SAVEPOINT sluice_node' })
      const undo = async () => {
        const sql = this.together ? 'ROLLBACK TO SAVEPOINT sluice_node' : undefined
        if (sql) await session.execute({ sql }).catch(() => undefined)
        else if (session.inTransaction) await session.rollback().catch(() => undefined)
      }
      const done = async () => {
        try {
          if (!this.together) await session.release()
        } finally {
          leave()
        }
      }
      return { session, shared: this.together, undo, done }
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Waits for the nodes before; the returned function lets the next one in. */
  private async turn(connection: string): Promise<() => void> {
    const before = this.turns.get(connection) ?? Promise.resolve()
    const mine = Promise.withResolvers<void>()
    this.turns.set(
      connection,
      before.then(() => mine.promise),
    )
    await before
    return mine.resolve
  }

  private common(connection: string, database: Database): Promise<Session> {
    let session = this.shared.get(connection)
    if (!session) {
      session = database.session(this.signal).then(async (opened) => {
        await opened.begin()
        return opened
      })
      this.shared.set(connection, session)
    }
    return session
  }

  /** Ends the common transactions: all commit, connection after connection, or all roll back. */
  async finish(commit: boolean): Promise<void> {
    const sessions = await Promise.allSettled(this.shared.values())
    this.shared.clear()
    let failed: { error: unknown } | undefined
    for (const opened of sessions) {
      if (opened.status === 'rejected') continue
      try {
        await (commit && !failed ? opened.value.commit() : opened.value.rollback())
      } catch (error) {
        if (commit) failed ??= { error }
      } finally {
        await opened.value.release().catch(() => undefined)
      }
    }
    if (failed) throw failed.error
  }
}
