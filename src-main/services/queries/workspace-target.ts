import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { type Connections, defaultLimits, openFederated, type SourceDatabase } from '../../engine/index.ts'
import { diagnose } from '../diagnosis.ts'
import type { Where, Workspace } from '../workspace.ts'
import { toExplain } from './explain/explain.ts'
import { inText } from './session-errors.ts'
import { severalDatabases, type Target } from './target.ts'

export interface WorkspaceTargetOptions {
  connections: Connections
  /** A folder for pipes and spill. */
  scratch: string
  memoryMb: number
}

/** The Workspace: SQL of the embedded engine over tables of all connections. It holds none of them between statements. */
export async function workspaceTarget(options: WorkspaceTargetOptions, signal: AbortSignal): Promise<Target> {
  const session = await openFederated({ ...options, threads: defaultLimits.threads, pushes: true }, signal)
  return {
    dialect: { id: 'duckdb', commitsItself: () => false },
    config: {},
    session,
    async explain(request) {
      const { analyze, from, ...statement } = toExplain(request, 'duckdb')
      try {
        return await session.explain(statement, analyze)
      } catch (error) {
        throw inText(toAppError(error), from)
      }
    },
    database() {
      throw severalDatabases()
    },
    release: () => session.release(),
  }
}

/** All connections that can be used from a place; what to do about one that cannot be reached is said, too. */
export function allConnections(
  workspace: Workspace,
  where: Where,
  open: (name: string) => Promise<SourceDatabase>,
): Connections {
  return {
    names: () => workspace.known(where),
    async open(name) {
      const { config, folder } = await workspace.resolve(name, where)
      const told = <T>(work: Promise<T>): Promise<T> =>
        work.catch((error: unknown) => {
          throw withAdvice(toAppError(error), config, folder)
        })
      const database = await told(open(name))
      return {
        dialect: database.dialect,
        config: database.config,
        session: (signal) => told(database.session(signal)),
        describe: (statement, signal) => told(database.describe(statement, signal)),
        tables: () => told(database.tables()),
        table: (ref) => told(database.table(ref)),
        close: () => database.close(),
      }
    },
  }
}

/** A connection that was lost while it worked is not mended by another configuration. */
function withAdvice(error: AppError, config: ConnectionConfig, folder: string): AppError {
  if (!error.code.startsWith('CONNECTION_') || error.code === 'CONNECTION_LOST') return error
  const { kind, steps } = diagnose(error, config, folder)
  if (kind === 'other') return error
  const { code, message, at, retryable, sqlState } = error
  return new AppError(code, message, { hint: steps.slice(0, 2).join(' '), at, retryable, sqlState, cause: error })
}
