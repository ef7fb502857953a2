import pg from 'pg'
import { isPgClient } from './protocol.ts'

/**
 * The driver's client, which hangs up when connecting fails on this side, as for want of a password. Left open, such a connection stands at
 * the server until its `authentication_timeout` (a minute), counts against its limit, and holds up DROP DATABASE.
 */
class Client extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config)
    if (!isPgClient(this)) return
    const { connection } = this
    connection.on('error', () => connection.stream.destroy())
  }
}

/** What Sequelize takes in the place of the driver's module. */
export const driver = { ...pg, Client }
