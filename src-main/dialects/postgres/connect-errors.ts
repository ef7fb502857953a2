import { AppError } from '../../../shared/errors.ts'
import { Attempt, type ConnectTarget, isTlsCode, thrownOf } from '../server/connect-errors.ts'
import { innermost, mapError, type ServerError, serverError } from './errors.ts'

/** The error of an attempt to connect, told by what went wrong. `target` names the server without secrets. */
export function mapConnectError(thrown: unknown, target: ConnectTarget): AppError {
  if (thrown instanceof AppError) return thrown
  const where = target.host.startsWith('/') ? `the socket in ${target.host}` : `${target.host}:${target.port}`
  const server = serverError(thrown)
  const attempt = new Attempt(target, where, thrown, server?.code)
  if (server) {
    if (server.code === '3D000') return attempt.noDatabase()
    if (wantsTls(server)) return attempt.encryptedOnly()
    if (server.code === '28P01' || server.code === '28000') return attempt.userRefused(server.message)
    return mapError(thrown)
  }
  const error = thrownOf(innermost(thrown))
  const { code, message } = error
  const unreached = attempt.unreached(error)
  if (unreached) return unreached
  if (/does not support SSL/i.test(message)) return attempt.neverEncrypts()
  if (isTlsCode(code) || /certificate|SSL|TLS/i.test(message)) return attempt.untrusted(message)
  if (/password must be a string|no password/i.test(message))
    return attempt.fail(
      'CONNECTION_AUTH',
      `${where} wants a password for user "${target.user}".`,
      'Save a password with the connection.',
    )
  if (/terminated|closed|ECONNRESET/i.test(`${message} ${code}`)) return attempt.hungUp('Postgres')
  return mapError(thrown, { during: 'connecting' })
}

/** A server whose access rules have no line for this user and database. */
export function mapNoRule(thrown: unknown, target: ConnectTarget): AppError {
  return new AppError(
    'CONNECTION_AUTH',
    `${target.host}:${target.port} lets user "${target.user}" not into database "${target.database}": ${serverError(thrown)?.message ?? String(thrown)}.`,
    {
      hint: 'Add a rule for them to pg_hba.conf on the server.',
      cause: thrown,
    },
  )
}

/** Whether a server turned a plain connection away because it wants TLS. */
export function wantsTls(server: ServerError): boolean {
  return (
    (server.code === '28000' && /no encryption|SSL off/i.test(server.message)) ||
    /SSL (connection )?is required|SSL required|requires? (SSL|TLS)/i.test(server.message)
  )
}
