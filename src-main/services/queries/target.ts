import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import type { Database, Session } from '../../dialects/dialect.ts'
import { type ExplainRequest, explain } from './explain/explain.ts'
import type { Explained } from './explain/types.ts'

/** What the statements of a tab go to, in use: one connection, or the Workspace over all of them. */
export interface Target {
  readonly dialect: { id: SqlDialect; commitsItself(sql: string): boolean }
  readonly config: Pick<ConnectionConfig, 'environment'>
  readonly session: Pick<
    Session,
    'begin' | 'commit' | 'rollback' | 'inTransaction' | 'standing' | 'interrupt' | 'execute' | 'read' | 'hear'
  >
  /** The plan of one statement. @throws AppError as explain */
  explain(request: ExplainRequest): Promise<Explained>
  /** For what can be done in one database only. @throws AppError CONFIG_INVALID where there are several */
  database(): { session: Session; database: Database }
  /** Gives back what it holds. */
  release(): Promise<void>
}

/** Takes a session of a connection; closing the target closes this use of the connection. @throws AppError CONNECTION_* */
export async function connectionTarget(database: Database, signal: AbortSignal): Promise<Target> {
  try {
    const session = await database.session(signal)
    return {
      dialect: database.dialect,
      config: database.config,
      session,
      explain: (request) => explain(session, database, request),
      database: () => ({ session, database }),
      async release() {
        await session.release().catch(() => undefined)
        await database.close().catch(() => undefined)
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

export const severalDatabases = () =>
  new AppError('CONFIG_INVALID', 'Rows of several databases cannot be changed together.', {
    hint: 'Pick the connection of the table.',
  })
