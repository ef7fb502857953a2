import type { Database, Session } from '../dialects/dialect.ts'

/** A session that a node writes with; see SinkTools.writeSession. */
export interface WriteSession {
  session: Session
  shared: boolean
  undo(): Promise<void>
  settle(): Promise<void>
  done(): Promise<void>
}

export interface WriteOptions {
  /** All work of a connection is one transaction, until `finish`. */
  together: boolean
  /** Each node would commit by itself, were it not rehearsed: what the database checks at a commit is checked when a node ends. */
  checksEach: boolean
  connect(name: string): Promise<Database>
  signal: AbortSignal
}

/**
 * Sessions that write. One connection is written by one node at a time where its database has a single writer (SQLite) or where
 * all its work commits together; otherwise each node has a session, and a transaction, of its own. In a common transaction each node
 * starts at a savepoint, so that one that fails can be tried again, or left out of a dry run, without the others.
 */
export class WriteSessions {
  private readonly options: WriteOptions
  private readonly shared = new Map<string, Promise<Session>>()
  private readonly turns = new Map<string, Promise<void>>()

  constructor(options: WriteOptions) {
    this.options = options
  }

  /** @param onCommit told before the node commits by itself: from then on a failure may leave it unknown whether its work was kept */
  async take(connection: string, signal: AbortSignal, onCommit: () => void): Promise<WriteSession> {
    const { together, checksEach } = this.options
    const database = await this.options.connect(connection)
    const single = together || database.dialect.id === 'sqlite'
    const leave = single ? await this.turn(connection) : () => undefined
    try {
      const session = together ? await this.common(connection, database) : await database.session(signal)
      if (together) await session.execute({ sql: 'SAVEPOINT sluice_node' })
      const undo = async () => {
        const sql = together ? 'ROLLBACK TO SAVEPOINT sluice_node' : undefined
        if (sql) await session.execute({ sql }).catch(() => undefined)
        else if (session.inTransaction) await session.rollback().catch(() => undefined)
      }
      const settle = async () => {
        if (checksEach) await session.checkDeferred?.()
        if (together) return
        signal.throwIfAborted()
        onCommit()
        await session.commit()
      }
      const done = async () => {
        try {
          if (!together) await session.release()
        } finally {
          leave()
        }
      }
      return { session, shared: together, undo, settle, done }
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
      session = database.session(this.options.signal).then(async (opened) => {
        await opened.begin()
        return opened
      })
      this.shared.set(connection, session)
    }
    return session
  }

  /** Ends the common transactions: all commit, connection after connection, or all roll back; a rehearsal as if they were to commit. */
  async finish(how: 'commit' | 'rehearse' | 'undo'): Promise<void> {
    const sessions = await Promise.allSettled(this.shared.values())
    this.shared.clear()
    let failed: { error: unknown } | undefined
    for (const opened of sessions) {
      if (opened.status === 'rejected') continue
      const { value: session } = opened
      try {
        if (how === 'rehearse') await session.checkDeferred?.()
        if (how === 'commit' && !failed) await session.commit()
      } catch (error) {
        failed ??= { error }
      } finally {
        if (session.inTransaction) await session.rollback().catch(() => undefined)
        await session.release().catch(() => undefined)
      }
    }
    if (failed) throw failed.error
  }
}
