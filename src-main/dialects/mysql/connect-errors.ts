import { AppError } from '../../../shared/errors.ts'
import { Attempt, type ConnectTarget, isTlsCode, thrownOf } from '../server/connect-errors.ts'
import { innermost, mapError, serverError } from './errors.ts'
import type { ServerError } from './packets.ts'

/** The error of an attempt to connect, told by what went wrong. `target` names the server without secrets. */
export function mapConnectError(thrown: unknown, target: ConnectTarget): AppError {
  if (thrown instanceof AppError) return thrown
  const where = target.host.startsWith('/') ? `the socket ${target.host}` : `${target.host}:${target.port}`
  const server = serverError(thrown)
  const attempt = new Attempt(target, where, thrown, server?.sqlState)
  if (server) return refused(attempt, server)
  const error = thrownOf(innermost(thrown))
  const { code, message } = error
  const unreached = attempt.unreached(error)
  if (unreached) return unreached
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return attempt.neverEncrypts()
  if (isTlsCode(code) || /certificate|SSL|TLS/.test(message)) return attempt.untrusted(message)
  if (/auth|plugin/i.test(`${code} ${message}`) && !/closed|lost/i.test(message))
    return attempt.fail(
      'CONNECTION_AUTH',
      `${where} asks for a way to log in that is not supported: ${message}.`,
      'Give the user a password with mysql_native_password or caching_sha2_password.',
    )
  if (/terminated|closed|lost|ECONNRESET|EPIPE/i.test(`${message} ${code}`)) return attempt.hungUp('MySQL or MariaDB')
  return mapError(thrown, { during: 'connecting' })
}

function refused(attempt: Attempt, server: ServerError): AppError {
  const { target, where } = attempt
  switch (server.number) {
    case 1049:
      return attempt.noDatabase()
    case 1044:
      return attempt.fail(
        'CONNECTION_AUTH',
        `${where} lets user "${target.user}" not into database "${target.database}".`,
        'Check the database name, or grant the user rights on it.',
      )
    case 3159:
      return attempt.encryptedOnly()
    case 1040:
    case 1203:
      return attempt.fail(
        'CONNECTION_REFUSED',
        `${where} has no free connection: ${server.message}.`,
        'Wait for others to end, or lower the pool of this connection.',
        true,
      )
    case 1130:
      return attempt.fail(
        'CONNECTION_AUTH',
        `${where} does not accept connections from this machine: ${server.message}.`,
        'Allow the user to connect from this host.',
      )
    case 1129:
      return attempt.fail(
        'CONNECTION_REFUSED',
        `${where} blocks this machine after too many failed attempts.`,
        'Run FLUSH HOSTS on the server.',
      )
  }
  const mapped = mapError(attempt.cause)
  return mapped.code === 'CONNECTION_AUTH' ? attempt.userRefused(server.message) : mapped
}
