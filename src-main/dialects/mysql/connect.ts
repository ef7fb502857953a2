import { connect } from 'node:net'
import type { ConnectionOptions } from 'mysql2'
import type { Options, Sequelize } from 'sequelize'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Route } from '../dialect.ts'
import { mapConnectError } from './connect-errors.ts'
import { wantsTls } from './error-codes.ts'
import { innermost, serverError } from './errors.ts'
import { clientOf, type MyClient } from './protocol.ts'
import { type Tls, tlsWays } from './tls.ts'

/** A Sequelize pool of raw driver clients. Connects lazily; settles on TLS with the first connection. */
export class Pool {
  private readonly config: ConnectionConfig
  private readonly folder: string
  private readonly route: Route | undefined
  private sequelize: Promise<Sequelize> | undefined
  private closed = false
  private readonly taken = new Set<MyClient>()
  private readonly acquiring = new Set<Promise<MyClient>>()
  private driver: ConnectionOptions | undefined

  constructor(config: ConnectionConfig, folder: string, route?: Route) {
    this.config = config
    this.folder = folder
    this.route = route
  }

  get target() {
    const { host = 'localhost', port = 3306, user = 'root', database } = this.config
    return { host, port, user, database }
  }

  /** @throws AppError CONNECTION_* */
  async acquire(): Promise<MyClient> {
    if (this.closed) throw new AppError('RUN_STATE', 'The connection pool is closed.')
    const acquiring = this.open()
    this.acquiring.add(acquiring)
    return acquiring.finally(() => this.acquiring.delete(acquiring))
  }

  private async open(): Promise<MyClient> {
    this.sequelize ??= this.settle()
    const opening = this.sequelize
    try {
      const client = await take(await opening)
      this.taken.add(client)
      return client
    } catch (error) {
      // A server that was down may offer TLS, or none, when it is back.
      if (this.sequelize === opening) await this.forget(opening)
      throw mapConnectError(error, this.target)
    }
  }

  /** Gives a healthy client back. */
  async release(client: MyClient): Promise<void> {
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
  async destroy(client: MyClient): Promise<void> {
    if (this.taken.delete(client)) await this.end(client)
  }

  private async end(client: MyClient): Promise<void> {
    const ended = new Promise<void>((done) => client.stream.once('close', () => done()))
    const gone = client.stream.destroyed
    client.stream.destroy()
    if (!gone) await ended
    const sequelize = await this.sequelize
    // The pool drops a client by itself when it hears of the lost socket, and then no longer knows it.
    await sequelize?.connectionManager.destroyConnection(client).catch(() => undefined)
  }

  /** Closes all connections; those still in use are cut, which rolls their transactions back. */
  async close(): Promise<void> {
    this.closed = true
    await this.cut()
    // A connection that is still being opened would keep Sequelize's pool waiting for it.
    await Promise.allSettled(this.acquiring)
    await this.cut()
    const sequelize = await this.sequelize?.catch(() => undefined)
    this.sequelize = undefined
    await sequelize?.close()
  }

  private async cut(): Promise<void> {
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

  /** Tries the ways of connecting that the TLS mode allows, in order; the first failure tells most. */
  private async settle(): Promise<Sequelize> {
    let first: unknown
    for (const tls of await tlsWays(this.config, this.folder)) {
      const sequelize = await this.create(tls)
      try {
        sequelize.connectionManager.releaseConnection(await take(sequelize))
        return sequelize
      } catch (error) {
        await sequelize.close().catch(() => undefined)
        first ??= error
        if (!otherWayMayWork(error, tls)) throw error
      }
    }
    throw first
  }

  private async create(tls: Tls): Promise<Sequelize> {
    const { Sequelize } = await import('sequelize')
    const { pool, password } = this.config
    const { host, port, user, database } = this.target
    this.driver = { host, port, user, ...(password === undefined ? {} : { password }), ...this.driverOptions(tls) }
    const options: Options & { databaseVersion: string; keepDefaultTimezone: boolean } = {
      dialect: 'mysql',
      host,
      port,
      username: user,
      logging: false,
      // Known in advance, else Sequelize opens a connection of its own only to ask.
      databaseVersion: '5.7.0',
      keepDefaultTimezone: true,
      pool: { max: pool?.max ?? 8, min: 0, idle: pool?.idleMs ?? 10_000, acquire: pool?.acquireMs ?? 60_000 },
      dialectOptions: this.driverOptions(tls),
    }
    if (database !== undefined) options.database = database
    if (password !== undefined) options.password = password
    return new Sequelize(options)
  }

  private driverOptions(tls: Tls) {
    const { host } = this.target
    const { route } = this
    return {
      connectTimeout: 10_000,
      ...this.config.driver,
      ...(host.startsWith('/') ? { socketPath: host } : {}),
      ...(route ? { stream: () => connect(route.port, route.host).setNoDelay() } : {}),
      // One statement at a time, whatever a text holds; packets as they were before extensions that are not needed.
      multipleStatements: false,
      compress: false,
      flags: driverFlags,
      ...(tls === false ? {} : { ssl: tls }),
    }
  }

  /** A connection apart from the pool, which may be exhausted: to cancel what another runs, and for DDL that must not commit its work. */
  async aside<T>(work: (client: MyClient) => Promise<T>): Promise<T> {
    const [{ createConnection }, driver] = [await import('mysql2'), this.driver]
    if (!driver) throw new AppError('RUN_STATE', 'The connection pool was never used.')
    const connection = createConnection({
      ...driver,
      ...(this.target.database === undefined ? {} : { database: this.target.database }),
    })
    connection.on('error', () => undefined)
    try {
      await new Promise<void>((done, failed) => connection.connect((error) => (error ? failed(error) : done())))
    } catch (error) {
      throw mapConnectError(error, this.target)
    }
    try {
      return await work(known(connection))
    } finally {
      connection.destroy()
    }
  }
}

const driverFlags = ['-IGNORE_SPACE', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES', '-MULTI_STATEMENTS']

async function take(sequelize: Sequelize): Promise<MyClient> {
  return known(await sequelize.connectionManager.getConnection({ type: 'write' }))
}

function known(connection: object): MyClient {
  const client = clientOf(connection)
  if (client) return client
  throw new AppError('INTERNAL', 'The driver gave something that is no MySQL connection.')
}

/** A user who must come encrypted is refused like one with a wrong password. */
function otherWayMayWork(error: unknown, tried: Tls): boolean {
  const server = serverError(error)
  if (server) return tried === false && wantsTls(server.number)
  return tried !== false && /SSL|TLS|secure|certificate|HANDSHAKE/i.test(`${String(error)} ${codeOf(error)}`)
}

const codeOf = (error: unknown) =>
  error instanceof Error ? String(Reflect.get(innermost(error) ?? error, 'code')) : ''
