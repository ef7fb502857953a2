import { clip } from '../../../shared/clip.ts'
import { AppError, type ErrorCode, type ErrorFields } from '../../../shared/errors.ts'
import { ConnectionEnded } from './protocol.ts'

/** What the server says when it refuses, as far as we use it. */
export interface ServerError {
  message: string
  code: string
  position?: number
  detail?: string
  hint?: string
  where?: string
  column?: string
  constraint?: string
  table?: string
}

/** The server's own error inside whatever was thrown, unwrapping what Sequelize puts around it. Values it repeats are cut. */
export function serverError(thrown: unknown): ServerError | undefined {
  const error = innermost(thrown)
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined
  const text = (key: string) => {
    const value: unknown = Reflect.get(error, key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const clipped = (key: string) => {
    const value = text(key)
    return value === undefined ? undefined : clip(value)
  }
  const position = text('position')
  return {
    message: clip(error.message),
    code: text('code') ?? 'XX000',
    position: position === undefined ? undefined : Number(position),
    detail: clipped('detail'),
    hint: clipped('hint'),
    where: text('where'),
    column: text('column'),
    constraint: text('constraint'),
    table: text('table'),
  }
}

function innermost(thrown: unknown): unknown {
  let error = thrown
  while (error instanceof Error && !('severity' in error)) {
    const inner: unknown = Reflect.get(error, 'parent') ?? Reflect.get(error, 'original')
    if (!(inner instanceof Error) || inner === error) break
    error = inner
  }
  return error
}

export interface ErrorContext {
  /** From the server's position to an offset in the user's text. */
  origin?: (position: number) => number | undefined
  /** What was going on, for a lost connection. */
  during?: string
}

/** The one place where the server's and the driver's errors become ours. */
export function mapError(thrown: unknown, context: ErrorContext = {}): AppError {
  if (thrown instanceof AppError) return thrown
  const server = serverError(thrown)
  if (server) return mapServerError(server, thrown, context)
  const error = innermost(thrown)
  const during = context.during ? ` while ${context.during}` : ''
  if (error instanceof ConnectionEnded || isSocketError(error))
    return new AppError('CONNECTION_LOST', `The connection to the database was lost${during}.`, {
      retryable: true,
      hint: 'Check that the server is running and reachable, then run again.',
      cause: thrown,
    })
  return new AppError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: thrown })
}

const socketCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ENETRESET', 'ERR_STREAM_DESTROYED'])

function isSocketError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && socketCodes.has(error.code)) return true
  return /connection (terminated|was closed|error)|not queryable/i.test(error.message)
}

function mapServerError(server: ServerError, cause: unknown, context: ErrorContext): AppError {
  const { code, retryable } = classify(server)
  const position = server.position === undefined ? undefined : context.origin?.(server.position)
  const fields: ErrorFields = { sqlState: server.code, cause, retryable }
  const hint = hintFor(server, code)
  if (hint) fields.hint = hint
  if (position !== undefined) fields.at = { position }
  return new AppError(code, describe(server), fields)
}

/** The server's sentence, with its detail and the row and column it names. */
function describe(server: ServerError): string {
  const place = copyPlace(server.where)
  const parts: string[] = []
  if (place) {
    const column = place.column ?? server.column
    parts.push(`Line ${place.line} of the rows${column ? `, column ${column}` : ''}: ${server.message}.`)
  } else parts.push(`${server.message}${/[.?!]$/.test(server.message) ? '' : '.'}`)
  if (server.detail) parts.push(server.detail)
  return parts.join(' ')
}

/** Reads `COPY orders, line 3, column amount: "x"`; undefined for other contexts. */
export function copyPlace(where: string | undefined): { line: number; column?: string } | undefined {
  const match = /^COPY .+?, line (\d+)(?:, column (.+?))?(?:: |$)/m.exec(where ?? '')
  if (!match) return undefined
  const column = match[2]
  return column === undefined ? { line: Number(match[1]) } : { line: Number(match[1]), column }
}

interface Class {
  code: ErrorCode
  retryable: boolean
}

const exact: Record<string, Class> = {
  '22003': { code: 'DATA_RANGE', retryable: false },
  '22008': { code: 'DATA_RANGE', retryable: false },
  '22001': { code: 'DATA_RANGE', retryable: false },
  '25006': { code: 'QUERY_READ_ONLY', retryable: false },
  '40001': { code: 'QUERY_CONFLICT', retryable: true },
  '40P01': { code: 'QUERY_CONFLICT', retryable: true },
  '55P03': { code: 'QUERY_CONFLICT', retryable: true },
  '55006': { code: 'QUERY_CONFLICT', retryable: true },
  '2BP01': { code: 'QUERY_CONFLICT', retryable: false },
  '42P07': { code: 'QUERY_CONFLICT', retryable: false },
  '42501': { code: 'QUERY_DENIED', retryable: false },
  '42601': { code: 'QUERY_SYNTAX', retryable: false },
  '57014': { code: 'LIMIT_TIME', retryable: false },
  '57P01': { code: 'CONNECTION_LOST', retryable: true },
  '57P02': { code: 'CONNECTION_LOST', retryable: true },
  '57P03': { code: 'CONNECTION_REFUSED', retryable: true },
  '57P05': { code: 'CONNECTION_LOST', retryable: true },
  '25P03': { code: 'CONNECTION_LOST', retryable: true },
  '53300': { code: 'CONNECTION_REFUSED', retryable: true },
  '53100': { code: 'LIMIT_DISK', retryable: false },
  '53200': { code: 'LIMIT_MEMORY', retryable: false },
  '54000': { code: 'LIMIT_SIZE', retryable: false },
  '28000': { code: 'CONNECTION_AUTH', retryable: false },
  '28P01': { code: 'CONNECTION_AUTH', retryable: false },
  '3D000': { code: 'CONNECTION_DATABASE', retryable: false },
  '42P18': { code: 'QUERY_FAILED', retryable: false },
}

const missing = new Set(['42P01', '42703', '42883', '42704', '3F000', '42P02'])

function classify(server: ServerError): Class {
  const known = exact[server.code]
  if (known) return known
  if (missing.has(server.code)) return { code: 'QUERY_MISSING', retryable: false }
  const family = server.code.slice(0, 2)
  if (family === '23') return { code: 'DATA_CONSTRAINT', retryable: false }
  if (family === '22' || server.code === '42804') return { code: 'DATA_TYPE', retryable: false }
  if (family === '08') return { code: 'CONNECTION_LOST', retryable: true }
  if (family === '40') return { code: 'QUERY_CONFLICT', retryable: true }
  return { code: 'QUERY_FAILED', retryable: false }
}

function hintFor(server: ServerError, code: ErrorCode): string | undefined {
  if (server.code === '22P02' && /^malformed array literal/.test(server.message))
    return 'The inner lists of a Postgres array are all of one length. Turn the column into json with a select node before the load.'
  if (server.hint) return server.hint
  switch (code) {
    case 'QUERY_READ_ONLY':
      return 'The connection is marked read-only. Use another connection to write.'
    case 'QUERY_DENIED':
      return 'Ask the owner of the database for the right, or connect as another user.'
    case 'CONNECTION_LOST':
      return 'Check that the server is running and reachable, then run again.'
    case 'LIMIT_TIME':
      return 'The server stopped the statement: its time limit passed, or someone cancelled it.'
    case 'DATA_CONSTRAINT':
      return 'Mend or leave out the rows that break the rule, or let the load set refused rows aside.'
    default:
      return undefined
  }
}

/** Who tries to connect, and where, without secrets. */
export interface ConnectTarget {
  host: string
  port: number
  database: string
  user: string
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

/** The error of an attempt to connect, told by what went wrong. `target` names the server without secrets. */
export function mapConnectError(thrown: unknown, target: ConnectTarget): AppError {
  if (thrown instanceof AppError) return thrown
  const where = target.host.startsWith('/') ? `the socket in ${target.host}` : `${target.host}:${target.port}`
  const fail = (code: ErrorCode, message: string, hint: string, retryable = false) =>
    new AppError(code, message, { hint, retryable, cause: thrown, ...(server ? { sqlState: server.code } : {}) })
  const server = serverError(thrown)
  if (server) {
    if (server.code === '3D000')
      return fail(
        'CONNECTION_DATABASE',
        `There is no database "${target.database}" on ${where}.`,
        'Check the database name, or create it first.',
      )
    if (wantsTls(server))
      return fail(
        'CONNECTION_TLS',
        `${where} accepts only encrypted connections.`,
        'Set the TLS mode to "require" or "verify".',
      )
    if (server.code === '28P01' || server.code === '28000')
      return fail(
        'CONNECTION_AUTH',
        `${where} refused user "${target.user}": ${server.message}.`,
        'Check the user and the password.',
      )
    return mapError(thrown)
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
  if (code === 'ETIMEDOUT' || /timeout expired|timed? ?out|timeout/i.test(message))
    return fail(
      'CONNECTION_TIMEOUT',
      `${where} did not answer in time.`,
      'Check host, port and firewall; or the pool is exhausted.',
      true,
    )
  if (/does not support SSL/i.test(message))
    return fail(
      'CONNECTION_TLS',
      `${where} does not offer encrypted connections.`,
      'Set the TLS mode to "off" or "prefer", or turn TLS on at the server.',
    )
  if (
    /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_CRYPTO|HOSTNAME_MISMATCH|INVALID_CA)/.test(
      code,
    ) ||
    /certificate|SSL|TLS/i.test(message)
  )
    return fail(
      'CONNECTION_TLS',
      `The encrypted connection to ${where} is not trusted: ${message}.`,
      'Give the right CA certificate, or choose the TLS mode "require" to skip the check.',
    )
  if (/password must be a string|no password/i.test(message))
    return fail(
      'CONNECTION_AUTH',
      `${where} wants a password for user "${target.user}".`,
      'Save a password with the connection.',
    )
  if (/terminated|closed|ECONNRESET/i.test(`${message} ${code}`))
    return fail(
      'CONNECTION_LOST',
      `${where} closed the connection while it was being opened.`,
      'Check that a Postgres server listens there.',
      true,
    )
  return mapError(thrown, { during: 'connecting' })
}

/** Whether a server turned a plain connection away because it wants TLS. */
export function wantsTls(server: ServerError): boolean {
  return (
    (server.code === '28000' && /no encryption|SSL off/i.test(server.message)) ||
    /SSL (connection )?is required|SSL required|requires? (SSL|TLS)/i.test(server.message)
  )
}
