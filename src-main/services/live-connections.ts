import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConnectionConfig } from '../../shared/connections.ts'
import type { Column } from '../../shared/data/types.ts'
import { AppError } from '../../shared/errors.ts'
import type { Database, Statement, TableRef } from '../dialects/dialect.ts'
import { catalogThrough } from './catalog-through.ts'
import { requireFile } from './open-database.ts'
import type { Where, Workspace } from './workspace.ts'

export interface LiveOptions {
  /** Milliseconds that a connection stays open after its last use. */
  idleMs?: number
  /** Milliseconds for which what a database said of a query is believed. */
  believeMs?: number
}

/** Descriptions remembered for one connection. */
const maxDescriptions = 500
/** Milliseconds that a database has to describe a query. */
const patience = 20_000

/** What a name leads to; `saved`: to the workspace's connection of that name, not to one that is defined elsewhere. */
export interface Identity {
  key: string
  saved: boolean
}

/** A connection that several looks share. */
interface Shared {
  key: string
  opened: Promise<Database>
  users: number
  idle?: NodeJS.Timeout
  descriptions: Map<string, { at: number; columns: Promise<Column[]> }>
}

/**
 * Connections for looking at databases while someone types: opened once, shared, and closed when nobody has used them for a
 * while. A connection whose config changed, whose file is another one now, or whose link broke is opened anew. Runs have their own.
 */
export class LiveConnections implements AsyncDisposable {
  private readonly workspace: Workspace
  private readonly idleMs: number
  private readonly believeMs: number
  private readonly shared = new Map<string, Shared>()
  private closed = false

  constructor(workspace: Workspace, { idleMs = 30_000, believeMs = 5_000 }: LiveOptions = {}) {
    this.workspace = workspace
    this.idleMs = idleMs
    this.believeMs = believeMs
  }

  /** How many are open. */
  get size(): number {
    return this.shared.size
  }

  /**
   * A connection by name; closing it only ends this use of it. Never creates a SQLite file.
   * @throws AppError CONNECTION_*, VAULT_LOCKED
   */
  async open(name: string, where: Where): Promise<Database> {
    if (this.closed) throw new AppError('CONNECTION_LOST', 'The connections were closed.')
    const { config, folder } = await this.workspace.resolve(name, where)
    const key = keyOf(config, folder)
    const shared = this.shared.get(key) ?? this.add(key, config, folder)
    shared.users++
    clearTimeout(shared.idle)
    try {
      return this.lease(await shared.opened, shared)
    } catch (error) {
      this.leave(shared)
      this.drop(shared)
      throw error
    }
  }

  /**
   * What a name leads to just now: another key once the connection, or the file behind it, is another one.
   * @throws AppError as open
   */
  async identity(name: string, where: Where): Promise<Identity> {
    const { config, folder, source } = await this.workspace.resolve(name, where)
    return { key: keyOf(config, folder), saved: source === 'workspace' }
  }

  /** Forgets what databases said: someone changed them. */
  refresh(): void {
    for (const { descriptions } of this.shared.values()) descriptions.clear()
  }

  async close(): Promise<void> {
    this.closed = true
    const all = [...this.shared.values()]
    this.shared.clear()
    await Promise.all(all.map(end))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private add(key: string, config: ConnectionConfig, folder: string): Shared {
    const opened = this.workspace.open({ config, folder })
    const shared: Shared = { key, opened, users: 0, descriptions: new Map() }
    this.shared.set(key, shared)
    return shared
  }

  private lease(database: Database, shared: Shared): Database {
    let ended = false
    const close = async () => {
      if (ended) return
      ended = true
      this.leave(shared)
    }
    const watched = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work
      } catch (error) {
        if (error instanceof AppError && error.code.startsWith('CONNECTION_')) this.drop(shared)
        throw error
      }
    }
    return {
      dialect: database.dialect,
      config: database.config,
      catalog: catalogThrough(database.catalog, watched),
      session: (signal) => watched(database.session(signal)),
      describe: (statement, signal) => watched(this.describe(database, shared, statement, signal)),
      tables: () => watched(database.tables()),
      table: (ref: TableRef) => watched(database.table(ref)),
      close,
      [Symbol.asyncDispose]: close,
    }
  }

  /** Asked once however many ask; whoever stops waiting stops nobody else. A failure is not remembered. */
  private describe(
    database: Database,
    shared: Shared,
    statement: Statement,
    signal: AbortSignal | undefined,
  ): Promise<Column[]> {
    const { descriptions } = shared
    const types = Object.entries(statement.params ?? {}).map(([name, { type }]) => [name, type])
    const key = JSON.stringify([statement.sql, types])
    const known = descriptions.get(key)
    if (known && performance.now() - known.at < this.believeMs) return waited(known.columns, signal)
    const columns = limited((limit) => database.describe(statement, limit))
    const entry = { at: performance.now(), columns }
    descriptions.delete(key)
    descriptions.set(key, entry)
    columns.catch(() => {
      if (descriptions.get(key) === entry) descriptions.delete(key)
    })
    const oldest = descriptions.keys().next()
    if (descriptions.size > maxDescriptions && !oldest.done) descriptions.delete(oldest.value)
    return waited(columns, signal)
  }

  private leave(shared: Shared): void {
    shared.users--
    if (shared.users > 0) return
    if (this.shared.get(shared.key) !== shared) {
      void end(shared)
      return
    }
    clearTimeout(shared.idle)
    shared.idle = setTimeout(() => {
      this.drop(shared)
      void end(shared)
    }, this.idleMs)
    shared.idle.unref()
  }

  /** Whoever uses it goes on; the next one opens another. */
  private drop(shared: Shared): void {
    if (this.shared.get(shared.key) === shared) this.shared.delete(shared.key)
    if (shared.users === 0) {
      clearTimeout(shared.idle)
      void end(shared)
    }
  }
}

async function end({ opened, idle }: Shared): Promise<void> {
  clearTimeout(idle)
  await (await opened.catch(() => undefined))?.close().catch(() => undefined)
}

/** Ends work that a database does not answer in time. @throws AppError CONNECTION_TIMEOUT */
async function limited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(patience)
  try {
    return await work(limit)
  } catch (error) {
    if (!limit.aborted) throw error
    throw new AppError('CONNECTION_TIMEOUT', `The database did not answer within ${patience / 1_000} s.`, {
      hint: 'It may be busy, or a lock may be in the way. Try again.',
      retryable: true,
      cause: error,
    })
  }
}

/** An answer for someone who may stop waiting for it. @throws AppError RUN_CANCELLED */
async function waited<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(new AppError('RUN_CANCELLED', 'The look was stopped.'))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const keyOf = (config: ConnectionConfig, folder: string): string =>
  JSON.stringify([folder, config, fileIdentity(config, folder)])

/** Tells a file from another one put in its place. @throws AppError CONNECTION_FILE when there is none: opening would create it */
function fileIdentity(config: ConnectionConfig, folder: string): string {
  const { dialect, file } = config
  if (dialect !== 'sqlite' || !file || file === ':memory:') return ''
  const path = resolve(folder, file)
  requireFile(config, folder)
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.dev}:${found.ino}` : ''
}
