import type { ConnectionConfig } from '../../../shared/connections.ts'
import { readUrl, tlsFile, tlsMode, type UrlForm } from '../server/url.ts'

/** TLS modes by the `ssl-mode` of MySQL's own programs. */
const tlsModes = {
  disabled: 'off',
  preferred: 'prefer',
  required: 'require',
  verify_ca: 'verify',
  verify_identity: 'verify',
} as const

const sslMode = tlsMode('ssl-mode', tlsModes, (value) => value.toLowerCase().replaceAll('-', '_'))

const form: UrlForm = {
  dialect: 'mysql',
  title: 'MySQL',
  scheme: /^(?:mysql|mariadb):\/\//i,
  shape: 'mysql://user@host:port/database',
  example: 'mysql://user:password@host:3306/database?ssl-mode=required',
  options: {
    'ssl-mode': sslMode,
    sslmode: sslMode,
    'ssl-ca': tlsFile('ca'),
    'ssl-cert': tlsFile('cert'),
    'ssl-key': tlsFile('key'),
    socket: (config, value) => {
      config.host = value
    },
    connect_timeout: (config, value) => {
      config.driver = { ...config.driver, connectTimeout: Number(value) * 1000 }
    },
  },
}

/**
 * Reads `mysql://user:password@host:port/database?ssl-mode=…`, also with `mariadb://`. A socket is given as `?socket=/path`.
 * @throws AppError CONNECTION_INVALID
 */
export const parseUrl = (url: string): ConnectionConfig => readUrl(url, form)
