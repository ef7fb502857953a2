import type { ConnectionConfig } from '../../../shared/connections.ts'
import { connectTimeout, portOf, readUrl, tlsFile, tlsMode, tlsSwitch, type UrlForm } from '../server/url.ts'

/** TLS modes by libpq's `sslmode`. */
const tlsModes = {
  disable: 'off',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify',
  'verify-full': 'verify',
} as const

const text = (key: 'host' | 'user' | 'password' | 'database') => (config: ConnectionConfig, value: string) => {
  config[key] = value
}

/** An option that the driver takes as it is. */
const driver = (key: string) => (config: ConnectionConfig, value: string) => {
  config.driver = { ...config.driver, [key]: value }
}

const form: UrlForm = {
  dialect: 'postgres',
  title: 'Postgres',
  scheme: /^postgres(?:ql)?:\/\//i,
  shape: 'postgres://user@host:port/database',
  example: 'postgres://user:password@host:5432/database?sslmode=require',
  options: {
    host: text('host'),
    user: text('user'),
    password: text('password'),
    dbname: text('database'),
    port: (config, value) => {
      config.port = portOf(value)
    },
    sslmode: tlsMode('sslmode', tlsModes),
    sslrootcert: tlsFile('ca'),
    sslcert: tlsFile('cert'),
    sslkey: tlsFile('key'),
    // Drivers that have it check the server.
    ssl: tlsSwitch('verify', 'off'),
    connect_timeout: connectTimeout('connectionTimeoutMillis', 1_000),
    connectTimeout: connectTimeout('connectionTimeoutMillis', 1_000),
    application_name: driver('application_name'),
    ApplicationName: driver('application_name'),
    options: driver('options'),
    statement_timeout: driver('statement_timeout'),
    lock_timeout: driver('lock_timeout'),
  },
  granted: { client_encoding: /^utf-?8$/i, charset: /^utf-?8$/i },
}

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`, as libpq does: a socket's folder is the encoded host or
 * `?host=/folder`.
 * @throws AppError CONNECTION_INVALID
 */
export const parseUrl = (url: string, leave?: (option: string) => void): ConnectionConfig => readUrl(url, form, leave)
