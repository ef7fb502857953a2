import type { Sequelize } from 'sequelize'
import type { AppError } from '../../../shared/errors.ts'
import { ServerPool } from '../server/pool.ts'
import { mapConnectError, mapNoRule, wantsTls } from './connect-errors.ts'
import { serverError } from './errors.ts'
import { isPgClient, type PgClient } from './protocol.ts'
import { openSocket } from './socket.ts'
import { type Tls, waysOf } from './tls.ts'

/** The pool of one Postgres connection. */
export class Pool extends ServerPool<PgClient, Tls> {
  get target() {
    const { host = 'localhost', port = 5432, user = 'postgres' } = this.config
    return { host, port, user, database: this.config.database ?? user }
  }

  protected ways(): Promise<(Tls | false)[]> {
    return waysOf(this.config, this.folder, this.route)
  }

  protected async create(tls: Tls | false): Promise<Sequelize> {
    const [{ Sequelize }, { driver: dialectModule }] = await Promise.all([import('sequelize'), import('./client.ts')])
    const { host, port } = this.route ?? this.target
    return new Sequelize({
      ...this.poolOptions('12.0.0'),
      dialect: 'postgres',
      dialectModule,
      host,
      port,
      dialectOptions: {
        application_name: 'sluice',
        connectionTimeoutMillis: 10_000,
        keepAlive: true,
        clientMinMessages: 'ignore',
        ...this.config.driver,
        ssl: tls,
        ...(tls === false ? { stream: openSocket } : {}),
      },
    })
  }

  protected otherWayMayWork(error: unknown, _tried: Tls | false, first: unknown): boolean {
    // Turned away without encryption by a server that has none: its rules know this user and database not at all.
    if (first !== undefined && lacksTls(error)) throw mapNoRule(first, this.target)
    const server = serverError(error)
    return server ? wantsTls(server) : /SSL|TLS|certificate/i.test(String(error))
  }

  protected clientOf(connection: object): PgClient | undefined {
    return isPgClient(connection) ? connection : undefined
  }

  protected async cut({ connection }: PgClient): Promise<void> {
    const ended = new Promise<void>((done) => connection.once('end', () => done()))
    const gone = connection.stream.destroyed
    connection.stream.destroy()
    if (!gone) await ended
  }

  protected explain(error: unknown): AppError {
    return mapConnectError(error, this.target)
  }
}

const lacksTls = (error: unknown) => /does not support SSL/i.test(String(error))
