import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'

/** TLS modes by libpq's `sslmode`. */
const tlsModes = {
  disable: 'off',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify',
  'verify-full': 'verify',
} as const

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`, as libpq does: parts may be percent-encoded, IPv6
 * addresses stand in brackets, and a socket's folder is the encoded host or `?host=/folder`.
 * @throws AppError CONNECTION_INVALID
 */
export function parseUrl(url: string): ConnectionConfig {
  const match =
    /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(
      url.trim(),
    )
  if (!match) throw invalid('it is not of the form postgres://user@host:port/database')
  const [, credentials = '', rawHost = '', rawPort = '', rawDatabase = '', rawQuery = ''] = match
  const colon = credentials.indexOf(':')
  const query = new URLSearchParams(rawQuery)
  const config: ConnectionConfig = { dialect: 'postgres' }
  const set = (key: 'host' | 'user' | 'password' | 'database', value: string) => {
    if (value !== '') config[key] = value
  }
  set('user', decode(colon < 0 ? credentials : credentials.slice(0, colon)))
  if (colon >= 0) set('password', decode(credentials.slice(colon + 1)))
  set('host', decode(rawHost.replace(/^\[(.*)\]$/, '$1')))
  set('database', decode(rawDatabase))
  if (rawPort !== '') config.port = portOf(rawPort)
  for (const [key, value] of query) apply(config, key, value)
  return config
}

function apply(config: ConnectionConfig, key: string, value: string): void {
  switch (key) {
    case 'host':
    case 'user':
    case 'password':
      config[key] = value
      return
    case 'dbname':
      config.database = value
      return
    case 'port':
      config.port = portOf(value)
      return
    case 'sslmode': {
      const mode = Object.entries(tlsModes).find(([name]) => name === value)?.[1]
      if (!mode) throw invalid(`sslmode "${value}" is unknown; it may be ${Object.keys(tlsModes).join(', ')}`)
      config.tls = { ...config.tls, mode }
      return
    }
    case 'sslrootcert':
      config.tls = { mode: 'verify', ...config.tls, ca: value }
      return
    case 'sslcert':
      config.tls = { mode: 'prefer', ...config.tls, cert: value }
      return
    case 'sslkey':
      config.tls = { mode: 'prefer', ...config.tls, key: value }
      return
    case 'readOnly':
      config.readOnly = value === '' || value === 'true' || value === '1'
      return
    case 'connect_timeout':
      config.driver = { ...config.driver, connectionTimeoutMillis: Number(value) * 1000 }
      return
    case 'application_name':
    case 'options':
    case 'statement_timeout':
    case 'lock_timeout':
      config.driver = { ...config.driver, [key]: value }
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
  return new AppError('CONNECTION_INVALID', `The Postgres URL cannot be read: ${reason}.`, {
    hint: 'Example: postgres://user:password@host:5432/database?sslmode=require',
  })
}
