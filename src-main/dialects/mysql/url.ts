import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'

/** TLS modes by the `ssl-mode` of MySQL's own programs. */
const tlsModes = {
  disabled: 'off',
  preferred: 'prefer',
  required: 'require',
  verify_ca: 'verify',
  verify_identity: 'verify',
} as const

/**
 * Reads `mysql://user:password@host:port/database?ssl-mode=…`, also with `mariadb://`. Parts may be percent-encoded, IPv6
 * addresses stand in brackets, and a socket is given as `?socket=/path`.
 * @throws AppError CONNECTION_INVALID
 */
export function parseUrl(url: string): ConnectionConfig {
  const match =
    /^(?:mysql|mariadb):\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(
      url.trim(),
    )
  if (!match) throw invalid('it is not of the form mysql://user@host:port/database')
  const [, credentials = '', rawHost = '', rawPort = '', rawDatabase = '', rawQuery = ''] = match
  const colon = credentials.indexOf(':')
  const config: ConnectionConfig = { dialect: 'mysql' }
  const set = (key: 'host' | 'user' | 'password' | 'database', value: string) => {
    if (value !== '') config[key] = value
  }
  set('user', decode(colon < 0 ? credentials : credentials.slice(0, colon)))
  if (colon >= 0) set('password', decode(credentials.slice(colon + 1)))
  set('host', decode(rawHost.replace(/^\[(.*)\]$/, '$1')))
  set('database', decode(rawDatabase))
  if (rawPort !== '') config.port = portOf(rawPort)
  for (const [key, value] of new URLSearchParams(rawQuery)) apply(config, key, value)
  return config
}

function apply(config: ConnectionConfig, key: string, value: string): void {
  switch (key) {
    case 'ssl-mode':
    case 'sslmode': {
      const wanted = value.toLowerCase().replaceAll('-', '_')
      const mode = Object.entries(tlsModes).find(([name]) => name === wanted)?.[1]
      if (!mode) throw invalid(`ssl-mode "${value}" is unknown; it may be ${Object.keys(tlsModes).join(', ')}`)
      config.tls = { ...config.tls, mode }
      return
    }
    case 'ssl-ca':
      config.tls = { mode: 'verify', ...config.tls, ca: value }
      return
    case 'ssl-cert':
      config.tls = { mode: 'prefer', ...config.tls, cert: value }
      return
    case 'ssl-key':
      config.tls = { mode: 'prefer', ...config.tls, key: value }
      return
    case 'socket':
      config.host = value
      return
    case 'readOnly':
      config.readOnly = value === '' || value === 'true' || value === '1'
      return
    case 'connect_timeout':
      config.driver = { ...config.driver, connectTimeout: Number(value) * 1000 }
      return
    default:
      throw invalid(`the option "${key}" is unknown`)
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw invalid(`"${text}" is no port`)
  return port
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('a percent sign in it is not followed by two hexadecimal digits; write %25 for the sign itself')
  }
}

/** Never repeats the URL, which may hold a password. */
function invalid(reason: string): AppError {
  return new AppError('CONNECTION_INVALID', `The MySQL URL cannot be read: ${reason}.`, {
    hint: 'Example: mysql://user:password@host:3306/database?ssl-mode=required',
  })
}
