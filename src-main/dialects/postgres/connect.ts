import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { Options, Sequelize } from 'sequelize'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Route } from '../dialect.ts'
import { mapConnectError, mapNoRule, serverError, wantsTls } from './errors.ts'
import { isPgClient, type PgClient } from './protocol.ts'
import { openSocket } from './socket.ts'

/** Driver options that Sequelize hands on to `pg`, as far as we set them. */
interface TlsOptions {
  rejectUnauthorized: boolean
  checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined
  servername?: string
  ca?: string
  cert?: string
  key?: string
}

type Tls = TlsOptions | false

/** A Sequelize pool of raw driver clients. Connects lazily; settles on TLS with the first connection. */
export class Pool {
  private readonly config: ConnectionConfig
  private readonly folder: string
  private readonly route: Route | undefined
  private sequelize: Promise<Sequelize> | undefined
  private closed = false
  private readonly taken = new Set<PgClient>()

  constructor(config: ConnectionConfig, folder: string, route?: Route) {
    this.config = config
    this.folder = folder
    this.route = route
  }

  get target() {
    const { host = 'localhost', port = 5432, user = 'postgres' } = this.config
    return { host, port, user, database: this.config.database ?? user }
  }

  /** @throws AppError CONNECTION_* */
  async acquire(): Promise<PgClient> {
    if (this.closed) throw new AppError('RUN_STATE', 'The connection pool is closed.')
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
  async release(client: PgClient): Promise<void> {
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
  async destroy(client: PgClient): Promise<void> {
    if (this.taken.delete(client)) await this.end(client)
  }

  private async end(client: PgClient): Promise<void> {
    const ended = new Promise<void>((done) => client.connection.once('end', () => done()))
    const gone = client.connection.stream.destroyed
    client.connection.stream.destroy()
    if (!gone) await ended
    const sequelize = await this.sequelize
    // The pool drops a client by itself when it hears of the lost socket, and then no longer knows it.
    await sequelize?.connectionManager.destroyConnection(client).catch(() => undefined)
  }

  /** Closes all connections; those still in use are cut, which rolls their transactions back. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all([...this.taken].map((client) => this.destroy(client)))
    const sequelize = await this.sequelize?.catch(() => undefined)
    this.sequelize = undefined
    await sequelize?.close()
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
    for (const tls of await this.ways()) {
      const sequelize = await this.create(tls)
      try {
        sequelize.connectionManager.releaseConnection(await take(sequelize))
        return sequelize
      } catch (error) {
        await sequelize.close().catch(() => undefined)
        // Turned away without encryption by a server that has none: its rules know this user and database not at all.
        if (first !== undefined && lacksTls(error)) throw mapNoRule(first, this.target)
        first ??= error
        if (!otherWayMayWork(error)) throw error
      }
    }
    throw first
  }

  private async ways(): Promise<Tls[]> {
    const { host } = this.target
    const mode = this.config.tls?.mode ?? 'prefer'
    if (mode === 'off' || host.startsWith('/')) return [false]
    const common = {
      // Dialled under another name, the server is still asked for under its own.
      ...(this.route && isIP(host) === 0 ? { servername: host } : {}),
      ...(await this.pem('ca')),
      ...(await this.pem('cert')),
      ...(await this.pem('key')),
    }
    if (mode === 'verify')
      return [
        { rejectUnauthorized: true, checkServerIdentity: (_dialled, by) => checkServerIdentity(host, by), ...common },
      ]
    const unchecked: TlsOptions = { rejectUnauthorized: false, checkServerIdentity: () => undefined, ...common }
    if (mode === 'require') return [unchecked]
    // Nobody listens on the loopback: encrypting there only costs speed.
    return /^(localhost|127\.|::1$)/.test(host) ? [false, unchecked] : [unchecked, false]
  }

  /** A certificate or key as given: PEM text, or the path of a file that holds it. */
  private async pem(field: 'ca' | 'cert' | 'key'): Promise<Record<string, string>> {
    const given = this.config.tls?.[field]
    if (given === undefined || given === '') return {}
    if (given.includes('-----BEGIN')) return { [field]: given }
    const path = resolve(this.folder, given)
    try {
      return { [field]: await readFile(path, 'utf8') }
    } catch (cause) {
      throw new AppError('CONNECTION_TLS', `The TLS file ${path} cannot be read.`, {
        hint: `Check the path given as tls.${field}.`,
        cause,
      })
    }
  }

  private async create(tls: Tls): Promise<Sequelize> {
    const [{ Sequelize }, { driver: dialectModule }] = await Promise.all([import('sequelize'), import('./client.ts')])
    const { pool, driver, password } = this.config
    const { user, database } = this.target
    const { host, port } = this.route ?? this.target
    const options: Options & { databaseVersion: string; keepDefaultTimezone: boolean } = {
      dialect: 'postgres',
      dialectModule,
      host,
      port,
      username: user,
      database,
      logging: false,
      // Known in advance, else Sequelize opens a connection of its own only to ask.
      databaseVersion: '12.0.0',
      keepDefaultTimezone: true,
      pool: { max: pool?.max ?? 8, min: 0, idle: pool?.idleMs ?? 10_000, acquire: pool?.acquireMs ?? 60_000 },
      dialectOptions: {
        application_name: 'sluice',
        connectionTimeoutMillis: 10_000,
        keepAlive: true,
        clientMinMessages: 'ignore',
        ...driver,
        ssl: tls,
        ...(tls === false ? { stream: openSocket } : {}),
      },
    }
    if (password !== undefined) options.password = password
    return new Sequelize(options)
  }
}

async function take(sequelize: Sequelize): Promise<PgClient> {
  const client = await sequelize.connectionManager.getConnection({ type: 'write' })
  if (!isPgClient(client)) throw new AppError('INTERNAL', 'The pool gave something that is no Postgres client.')
  return client
}

function otherWayMayWork(error: unknown): boolean {
  const server = serverError(error)
  if (server) return wantsTls(server)
  return /SSL|TLS|certificate/i.test(String(error))
}

const lacksTls = (error: unknown) => /does not support SSL/i.test(String(error))
