import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { innermost, mapError, serverError } from './errors.ts'

/** Who tries to connect, and where, without secrets. */
export interface ConnectTarget {
  host: string
  port: number
  database: string | undefined
  user: string
}

/** The error of an attempt to connect, told by what went wrong. `target` names the server without secrets. */
export function mapConnectError(thrown: unknown, target: ConnectTarget): AppError {
  if (thrown instanceof AppError) return thrown
  const where = target.host.startsWith('/') ? `the socket ${target.host}` : `${target.host}:${target.port}`
  const server = serverError(thrown)
  const fail = (code: ErrorCode, message: string, hint: string, retryable = false) =>
    new AppError(code, message, { hint, retryable, cause: thrown, ...(server ? { sqlState: server.sqlState } : {}) })
  if (server) {
    switch (server.number) {
      case 1049:
        return fail(
          'CONNECTION_DATABASE',
          `There is no database "${target.database}" on ${where}.`,
          'Check the database name, or create it first.',
        )
      case 1044:
        return fail(
          'CONNECTION_AUTH',
          `${where} lets user "${target.user}" not into database "${target.database}".`,
          'Check the database name, or grant the user rights on it.',
        )
      case 3159:
        return fail(
          'CONNECTION_TLS',
          `${where} accepts only encrypted connections.`,
          'Set the TLS mode to "require" or "verify".',
        )
      case 1040:
      case 1203:
        return fail(
          'CONNECTION_REFUSED',
          `${where} has no free connection: ${server.message}.`,
          'Wait for others to end, or lower the pool of this connection.',
          true,
        )
      case 1130:
        return fail(
          'CONNECTION_AUTH',
          `${where} does not accept connections from this machine: ${server.message}.`,
          'Allow the user to connect from this host.',
        )
      case 1129:
        return fail(
          'CONNECTION_REFUSED',
          `${where} blocks this machine after too many failed attempts.`,
          'Run FLUSH HOSTS on the server.',
        )
    }
    const mapped = mapError(thrown)
    if (mapped.code !== 'CONNECTION_AUTH') return mapped
    return fail(
      'CONNECTION_AUTH',
      `${where} refused user "${target.user}": ${server.message}.`,
      'Check the user and the password.',
    )
  }
  const error = innermost(thrown)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL')
    return fail(
      'CONNECTION_HOST',
      `No server is known under the name ${target.host}.`,
      'Check the host name and the network.',
      code !== 'ENOTFOUND',
    )
  if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'EACCES')
    return fail(
      'CONNECTION_REFUSED',
      `Nothing answers at ${where}.`,
      'Check that the server is running and that host and port are right.',
      true,
    )
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return fail(
      'CONNECTION_HOST',
      `${where} cannot be reached over the network.`,
      'Check the network, VPN and firewall.',
      true,
    )
  if (code === 'ETIMEDOUT' || /timed? ?out|timeout/i.test(message))
    return fail(
      'CONNECTION_TIMEOUT',
      `${where} did not answer in time.`,
      'Check host, port and firewall; or the pool is exhausted.',
      true,
    )
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return fail(
      'CONNECTION_TLS',
      `${where} does not offer encrypted connections.`,
      'Set the TLS mode to "off" or "prefer", or turn TLS on at the server.',
    )
  if (isTrustError(code, message))
    return fail(
      'CONNECTION_TLS',
      `The encrypted connection to ${where} is not trusted: ${message}.`,
      'Give the right CA certificate, or choose the TLS mode "require" to skip the check.',
    )
  if (/auth|plugin/i.test(`${code} ${message}`) && !/closed|lost/i.test(message))
    return fail(
      'CONNECTION_AUTH',
      `${where} asks for a way to log in that is not supported: ${message}.`,
      'Give the user a password with mysql_native_password or caching_sha2_password.',
    )
  if (/terminated|closed|lost|ECONNRESET|EPIPE/i.test(`${message} ${code}`))
    return fail(
      'CONNECTION_LOST',
      `${where} closed the connection while it was being opened.`,
      'Check that a MySQL or MariaDB server listens there.',
      true,
    )
  return mapError(thrown, { during: 'connecting' })
}

const isTrustError = (code: string, message: string) =>
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_CRYPTO|HOSTNAME_MISMATCH|INVALID_CA|HANDSHAKE_SSL)/.test(
    code,
  ) || /certificate|SSL|TLS/.test(message)
