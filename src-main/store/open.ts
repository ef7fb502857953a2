import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Sequelize } from 'sequelize'
import { AppError } from '../../shared/errors.ts'

/** How long a process waits for another one's write, in milliseconds. Writes take a few; this is for a machine in trouble. */
const busyMs = 15_000

export interface StoreOptions {
  /** The workspace folder; made when missing, readable by its owner only. */
  home: string
  /** A `postgres://` URL to keep the workspace in instead of `<home>/workspace.db`. */
  url?: string | undefined
}

/** A place to show in messages: never the URL, which may hold a password. */
export function storePlace(options: StoreOptions): string {
  return options.url === undefined ? join(options.home, 'workspace.db') : 'database (SLUICE_STORE)'
}

/** Makes the workspace folder when it is missing, for its owner only. */
export function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 })
}

export async function connect(options: StoreOptions): Promise<Sequelize> {
  return options.url === undefined ? connectSqlite(options.home) : connectPostgres(options.url)
}

async function connectSqlite(home: string): Promise<Sequelize> {
  makeHome(home)
  const file = join(home, 'workspace.db')
  makePrivateFile(file)
  const [{ Sequelize: S }, { default: sqlite3 }] = await Promise.all([import('sequelize'), import('sqlite3')])
  // Sequelize opens a connection of its own for every transaction and has no hook for it.
  class PatientDatabase extends sqlite3.Database {
    constructor(path: string, mode: number, done: (error: Error | null) => void) {
      super(path, mode, done)
      this.configure('busyTimeout', busyMs)
      // Without a callback the driver would throw a failure into the void, and the process would end.
      this.run('pragma synchronous = normal', () => undefined)
    }
  }
  const settings = {
    dialect: 'sqlite' as const,
    dialectModule: { ...sqlite3, Database: PatientDatabase },
    storage: file,
    logging: false,
    // Sequelize sets the pragma for them without looking at the outcome, which ends the process when it fails.
    foreignKeys: false,
    // The busy timeout above is the retry.
    retry: { max: 1 },
  }
  const sequelize = new S(settings)
  await enableWal(sequelize)
  return sequelize
}

/**
 * SQLite gives its -wal and -shm files the permissions of the database, so it must be private from the start. A database
 * that exists is not opened for this: closing a file drops every lock that this process holds on it, SQLite's too.
 */
function makePrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  }
}

/** Switching to WAL needs the file alone for a moment and does not wait by itself. */
async function enableWal(sequelize: Sequelize): Promise<void> {
  const deadline = Date.now() + busyMs
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    try {
      const [rows] = await sequelize.query('pragma journal_mode')
      if (JSON.stringify(rows).includes('wal')) return
      await sequelize.query('pragma journal_mode = wal')
      return
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'SequelizeTimeoutError' || Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

async function connectPostgres(url: string): Promise<Sequelize> {
  if (!/^postgres(?:ql)?:\/\//i.test(url)) {
    throw new AppError('CONNECTION_INVALID', 'SLUICE_STORE is not a Postgres URL.', {
      hint: 'Use postgres://user:password@host/database, or unset it to keep the workspace in a file.',
    })
  }
  const { Sequelize: S } = await import('sequelize')
  const { postgresSchema } = await import('./models.ts')
  return new S(url, {
    dialect: 'postgres',
    schema: postgresSchema,
    logging: false,
    pool: { max: 4, idle: 10_000, acquire: busyMs },
    define: { schema: postgresSchema },
  })
}
