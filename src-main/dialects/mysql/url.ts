import type { ConnectionConfig } from '../../../shared/connections.ts'
import { connectTimeout, readUrl, tlsFile, tlsMode, tlsSwitch, type UrlForm } from '../server/url.ts'

/** TLS modes by the `ssl-mode` of MySQL's own programs, and by what MariaDB's drivers call them. */
const tlsModes = {
  disabled: 'off',
  preferred: 'prefer',
  required: 'require',
  verify_ca: 'verify',
  verify_identity: 'verify',
  disable: 'off',
  trust: 'require',
  verify_full: 'verify',
} as const

const sslMode = tlsMode('ssl-mode', tlsModes, (value) => value.toLowerCase().replaceAll('-', '_'))

const encryption = tlsSwitch('require', 'off')

/** Another name for text in Unicode, which all sessions speak. */
const unicode = /^utf-?8(?:mb[34])?$/i

const form: UrlForm = {
  dialect: 'mysql',
  title: 'MySQL',
  scheme: /^(?:mysql|mariadb):\/\//i,
  shape: 'mysql://user@host:port/database',
  example: 'mysql://user:password@host:3306/database?ssl-mode=required',
  options: {
    'ssl-mode': sslMode,
    sslmode: sslMode,
    ssl_mode: sslMode,
    sslMode,
    useSSL: encryption,
    useSsl: encryption,
    requireSSL: encryption,
    ssl: encryption,
    'ssl-ca': tlsFile('ca'),
    'ssl-cert': tlsFile('cert'),
    'ssl-key': tlsFile('key'),
    socket: (config, value) => {
      config.host = value
    },
    connect_timeout: connectTimeout('connectTimeout', 1_000),
    connectTimeout: connectTimeout('connectTimeout', 1),
    user: (config, value) => {
      config.user = value
    },
    password: (config, value) => {
      config.password = value
    },
  },
  granted: {
    charset: unicode,
    characterEncoding: unicode,
    useUnicode: /^true$/i,
    serverTimezone: /^(?:UTC|GMT|Z|\+00:00)$/i,
    allowPublicKeyRetrieval: /^false$/i,
  },
}

/**
 * Reads `mysql://user:password@host:port/database?ssl-mode=…`, also with `mariadb://`. A socket is given as `?socket=/path`.
 * @throws AppError CONNECTION_INVALID
 */
export const parseUrl = (url: string, leave?: (option: string) => void): ConnectionConfig => readUrl(url, form, leave)
