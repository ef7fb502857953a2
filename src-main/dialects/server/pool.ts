import type { Options, Sequelize } from 'sequelize'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Route } from '../dialect.ts'
import type { ConnectTarget } from './connect-errors.ts'
import { cancelled } from './errors.ts'

/** Options that Sequelize's types leave out. */
export type PoolOptions = Options & { databaseVersion: string; keepDefaultTimezone: boolean }

/** A Sequelize pool of raw driver clients. Connects lazily; settles on TLS with the first connection. */
export abstract class ServerPool<Client extends object, Tls extends object> {
  protected readonly config: ConnectionConfig
  protected readonly folder: string
  protected readonly route: Route | undefined
  private sequelize: Promise<Sequelize> | undefined
  private closed = false
  private readonly taken = new Set<Client>()
  private readonly acquiring = new Set<Promise<Client>>()

  constructor(config: ConnectionConfig, folder: string, route?: Route) {
    this.config = config
    this.folder = folder
    this.route = route
  }

  abstract get target(): ConnectTarget

  /** The ways of connecting that the TLS mode allows, in the order to try them. */
  protected abstract ways(): Promise<(Tls | false)[]>

  /** A pool that connects in one of the ways. */
  protected abstract create(tls: Tls | false): Promise<Sequelize>

  /** Whether the next way may do where one has failed; throws when what the first said is better told otherwise. */
  protected abstract otherWayMayWork(error: unknown, tried: Tls | false, first: unknown): boolean

  protected abstract clientOf(connection: object): Client | undefined

  /** Cuts the connection; resolves when it is gone. */
  protected abstract cut(client: Client): Promise<void>

  protected abstract explain(error: unknown): AppError

  /**
   * Takes a connection out of the pool, waiting no longer than until `signal` aborts.
   * @throws AppError CONNECTION_*, RUN_CANCELLED
   */
  async acquire(signal?: AbortSignal): Promise<Client> {
    if (signal?.aborted) throw cancelled()
    if (this.closed) throw new AppError('RUN_STATE', 'The connection pool is closed.')
    const acquiring = this.open()
    this.acquiring.add(acquiring)
    const tracked = acquiring.finally(() => this.acquiring.delete(acquiring))
    if (!signal) return tracked
    const stopped = Promise.withResolvers<never>()
    const onAbort = () => stopped.reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([tracked, stopped.promise])
    } catch (error) {
      // One that comes later goes back to the pool.
      tracked.then(
        (client) => this.release(client),
        () => undefined,
      )
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  private async open(): Promise<Client> {
    this.sequelize ??= this.settle()
    const opening = this.sequelize
    try {
      const client = await this.take(await opening)
      this.taken.add(client)
      return client
    } catch (error) {
      // A server that was down may offer TLS, or none, when it is back.
      if (this.sequelize === opening) await this.forget(opening)
      throw this.explain(error)
    }
  }

  /** Gives a healthy client back. */
  async release(client: Client): Promise<void> {
    if (!this.taken.delete(client)) return
    const sequelize = await this.sequelize
    try {
      sequelize?.connectionManager.releaseConnection(client)
    } catch {
      // The server ended it a moment ago, and the pool has already dropped it.
      await this.end(client)
    }
  }

  /** Ends a client that must not be used again; the pool replaces it when needed. */
  async destroy(client: Client): Promise<void> {
    if (this.taken.delete(client)) await this.end(client)
  }

  private async end(client: Client): Promise<void> {
    await this.cut(client)
    const sequelize = await this.sequelize
    // The pool drops a client by itself when it hears of the lost socket, and then no longer knows it.
    await sequelize?.connectionManager.destroyConnection(client).catch(() => undefined)
  }

  /** Closes all connections; those still in use are cut, which rolls their transactions back. */
  async close(): Promise<void> {
    this.closed = true
    await this.destroyTaken()
    // A connection that is still being opened would keep Sequelize's pool waiting for it.
    await Promise.allSettled(this.acquiring)
    await this.destroyTaken()
    const sequelize = await this.sequelize?.catch(() => undefined)
    this.sequelize = undefined
    await sequelize?.close()
  }

  private async destroyTaken(): Promise<void> {
    await Promise.all([...this.taken].map((client) => this.destroy(client)))
  }

  private async forget(opening: Promise<Sequelize>): Promise<void> {
    const sequelize = await opening.catch(() => undefined)
    const pool: unknown = sequelize && Reflect.get(sequelize.connectionManager, 'pool')
    // Others may hold connections of this pool: then it stays.
    if (pool && typeof pool === 'object' && Number(Reflect.get(pool, 'size')) > 0) return
    if (this.sequelize === opening) this.sequelize = undefined
    await sequelize?.close().catch(() => undefined)
  }

  /** Tries the ways of connecting in order; the first failure tells most. */
  private async settle(): Promise<Sequelize> {
    let first: unknown
    for (const tls of await this.ways()) {
      const sequelize = await this.create(tls)
      try {
        sequelize.connectionManager.releaseConnection(await this.take(sequelize))
        return sequelize
      } catch (error) {
        await sequelize.close().catch(() => undefined)
        const goOn = this.otherWayMayWork(error, tls, first)
        first ??= error
        if (!goOn) throw error
      }
    }
    throw first
  }

  private async take(sequelize: Sequelize): Promise<Client> {
    return this.known(await sequelize.connectionManager.getConnection({ type: 'write' }))
  }

  /** @throws AppError INTERNAL when the driver gave something else */
  protected known(connection: object): Client {
    const client = this.clientOf(connection)
    if (client) return client
    throw new AppError('INTERNAL', 'The driver gave something that is no connection to the server.')
  }

  /**
   * What every pool asks of Sequelize.
   * @param databaseVersion known in advance, else Sequelize opens a connection of its own only to ask
   */
  protected poolOptions(databaseVersion: string): PoolOptions {
    const { pool, password } = this.config
    const { user, database } = this.target
    return {
      username: user,
      ...(database === undefined ? {} : { database }),
      ...(password === undefined ? {} : { password }),
      logging: false,
      databaseVersion,
      keepDefaultTimezone: true,
      pool: { max: pool?.max ?? 8, min: 0, idle: pool?.idleMs ?? 10_000, acquire: pool?.acquireMs ?? 60_000 },
    }
  }
}
