import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConnectionConfig } from '../../shared/connections.ts'
import { AppError } from '../../shared/errors.ts'
import type { Database } from '../dialects/dialect.ts'
import { loadDialect } from '../dialects/index.ts'
import { catalogThrough } from './catalog-through.ts'
import { openTunnel, type Tunnel, type TunnelOptions } from './tunnel.ts'

/** Where servers listen when nothing is said; a tunnel must know. */
const defaultPorts = { sqlite: 0, postgres: 5432, mysql: 3306 }

/**
 * Opens a database, through an SSH tunnel where the connection has one; closing it closes the tunnel.
 * @throws AppError CONNECTION_*
 */
export async function openDatabase(config: ConnectionConfig, options: TunnelOptions): Promise<Database> {
  const dialect = await loadDialect(config.dialect)
  if (config.dialect === 'sqlite' || !config.tunnel) return dialect.open(config, options.folder)
  const { host = 'localhost', port = defaultPorts[config.dialect], tunnel: through } = config
  if (host.startsWith('/'))
    throw new AppError('CONNECTION_INVALID', 'A tunnel leads to a host and a port, not to a socket.', {
      hint: 'Give the host of the database as the SSH server knows it, e.g. localhost.',
      at: { field: 'host' },
    })
  const tunnel = await openTunnel(through, { host, port }, options)
  try {
    return tunnelled(await dialect.open(config, options.folder, tunnel.route), tunnel)
  } catch (error) {
    await tunnel.close()
    throw error
  }
}

/** The same database, whose failures to connect are told as the tunnel's where they are. */
function tunnelled(database: Database, tunnel: Tunnel): Database {
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      const ours = error instanceof AppError && error.code.startsWith('CONNECTION_') ? tunnel.failure : undefined
      throw ours ?? error
    }
  }
  const close = async () => {
    await database.close()
    await tunnel.close()
  }
  return {
    dialect: database.dialect,
    config: database.config,
    catalog: catalogThrough(database.catalog, explained),
    session: (signal) => explained(database.session(signal)),
    describe: (statement, signal) => explained(database.describe(statement, signal)),
    tables: () => explained(database.tables()),
    table: (ref) => explained(database.table(ref)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Opening would create the file, and a mistyped path would pass. @throws AppError CONNECTION_FILE */
export function requireFile({ dialect, file }: ConnectionConfig, folder: string): void {
  if (dialect !== 'sqlite' || !file || file === ':memory:' || existsSync(resolve(folder, file))) return
  throw new AppError('CONNECTION_FILE', `There is no SQLite database at ${resolve(folder, file)}.`, {
    hint: 'Correct the path of the connection. A load into it creates the file, where that is meant.',
  })
}
