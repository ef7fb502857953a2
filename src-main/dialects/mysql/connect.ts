import { connect } from 'node:net'
import type { ConnectionOptions } from 'mysql2'
import type { Sequelize } from 'sequelize'
import { AppError } from '../../../shared/errors.ts'
import { ServerPool } from '../server/pool.ts'
import { mapConnectError } from './connect-errors.ts'
import { wantsTls } from './error-codes.ts'
import { innermost, serverError } from './errors.ts'
import { clientOf, type MyClient } from './protocol.ts'
import { type Tls, waysOf } from './tls.ts'

/** The pool of one MySQL or MariaDB connection. */
export class Pool extends ServerPool<MyClient, Tls> {
  private driver: ConnectionOptions | undefined

  get target() {
    const { host = 'localhost', port = 3306, user = 'root', database } = this.config
    return { host, port, user, database }
  }

  protected ways(): Promise<(Tls | false)[]> {
    return waysOf(this.config, this.folder)
  }

  protected async create(tls: Tls | false): Promise<Sequelize> {
    const { Sequelize } = await import('sequelize')
    const { password } = this.config
    const { host, port, user } = this.target
    const dialectOptions = this.driverOptions(tls)
    this.driver = { host, port, user, ...(password === undefined ? {} : { password }), ...dialectOptions }
    return new Sequelize({ ...this.poolOptions('5.7.0'), dialect: 'mysql', host, port, dialectOptions })
  }

  private driverOptions(tls: Tls | false) {
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
      throw this.explain(error)
    }
    try {
      return await work(this.known(connection))
    } finally {
      connection.destroy()
    }
  }

  /** A user who must come encrypted is refused like one with a wrong password. */
  protected otherWayMayWork(error: unknown, tried: Tls | false): boolean {
    const server = serverError(error)
    if (server) return tried === false && wantsTls(server.number)
    return tried !== false && /SSL|TLS|secure|certificate|HANDSHAKE/i.test(`${String(error)} ${codeOf(error)}`)
  }

  protected clientOf(connection: object): MyClient | undefined {
    return clientOf(connection)
  }

  protected async cut({ stream }: MyClient): Promise<void> {
    const ended = new Promise<void>((done) => stream.once('close', () => done()))
    const gone = stream.destroyed
    stream.destroy()
    if (!gone) await ended
  }

  protected explain(error: unknown): AppError {
    return mapConnectError(error, this.target)
  }
}

const driverFlags = ['-IGNORE_SPACE', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES', '-MULTI_STATEMENTS']

const codeOf = (error: unknown) =>
  error instanceof Error ? String(Reflect.get(innermost(error) ?? error, 'code')) : ''
