import { clip } from '../../../shared/clip.ts'
import { AppError, type ErrorCode, type ErrorFields } from '../../../shared/errors.ts'
import { type Class, classify, unreadable } from './error-codes.ts'
import { ServerError } from './packets.ts'
import { ConnectionEnded } from './protocol.ts'

export interface ErrorContext {
  /** From a stretch of the statement that was sent to an offset in the user's text. */
  origin?: (near: string, line: number) => number | undefined
  /** What was going on, for a lost connection. */
  during?: string
}

/** The server's own error inside whatever was thrown, unwrapping what Sequelize puts around it. */
export function serverError(thrown: unknown): ServerError | undefined {
  const error = innermost(thrown)
  if (error instanceof ServerError) return error
  if (!(error instanceof Error)) return undefined
  const [number, state] = [Reflect.get(error, 'errno'), Reflect.get(error, 'sqlState')]
  // Errors of the system and of the driver have a number too, but no state.
  if (typeof number !== 'number' || number < 1000 || typeof state !== 'string') return undefined
  return new ServerError(number, state.replace(/^#/, ''), error.message)
}

export function innermost(thrown: unknown): unknown {
  let error = thrown
  for (;;) {
    if (!(error instanceof Error) || error instanceof ServerError) return error
    const inner: unknown = Reflect.get(error, 'parent') ?? Reflect.get(error, 'original')
    if (!(inner instanceof Error) || inner === error) return error
    error = inner
  }
}

/** The one place where the server's and the driver's errors become ours. */
export function mapError(thrown: unknown, context: ErrorContext = {}): AppError {
  if (thrown instanceof AppError) return thrown
  const server = serverError(thrown)
  const known = server && classify(server)
  if (server && known?.code === 'CONNECTION_LOST') return lost(thrown, context, server.sqlState)
  if (server && known) return fromServer(server, known, thrown, context)
  const error = innermost(thrown)
  if (error instanceof ConnectionEnded || isSocketError(error)) return lost(thrown, context)
  return new AppError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: thrown })
}

function lost(cause: unknown, { during }: ErrorContext, sqlState?: string): AppError {
  return new AppError(
    'CONNECTION_LOST',
    `The connection to the database was lost${during ? ` while ${during}` : ''}.`,
    {
      retryable: true,
      hint: 'Check that the server is running and reachable, then run again.',
      cause,
      ...(sqlState === undefined ? {} : { sqlState }),
    },
  )
}

const socketCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ENETRESET',
  'ERR_STREAM_DESTROYED',
  'PROTOCOL_CONNECTION_LOST',
])

function isSocketError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && socketCodes.has(error.code)) return true
  return /closed state|server closed the connection/i.test(error.message)
}

function fromServer(server: ServerError, { code, retryable }: Class, cause: unknown, context: ErrorContext): AppError {
  const fields: ErrorFields = { sqlState: server.sqlState, cause, retryable: retryable ?? false }
  const hint = hintFor(server, code)
  if (hint) fields.hint = hint
  const position = positionOf(server, context)
  if (position !== undefined) fields.at = { position }
  return new AppError(code, sentence(server), fields)
}

/** The server's sentence without its advice to read the manual. */
export function sentence({ message, number }: { message: string; number: number }): string {
  const plain = unreadable.has(number) ? message.replace(/check the manual .*? to use near/s, 'near') : message
  return `${clip(plain)}${/[.?!]$/.test(plain) ? '' : '.'}`
}

/** The server quotes up to 80 characters from where it stopped reading, or the name that it does not know. */
function positionOf(server: ServerError, { origin }: ErrorContext): number | undefined {
  const syntax = /near '(.*)' at line (\d+)$/s.exec(server.message)
  if (syntax) return origin?.(syntax[1] ?? '', Number(syntax[2]))
  const name = /^(?:Unknown column|Table|FUNCTION) '?([^' ]+)'?/.exec(server.message)?.[1]
  return name === undefined ? undefined : origin?.(name.slice(name.lastIndexOf('.') + 1), 0)
}

function hintFor(server: ServerError, code: ErrorCode): string | undefined {
  if (server.number === 1046) return 'Name the database in the connection, or write schema.table.'
  if (server.number === 1153) return 'Raise max_allowed_packet at the server, or leave the large values out.'
  if (server.number === 1206) return 'Raise innodb_buffer_pool_size at the server, or load fewer rows at a time.'
  switch (code) {
    case 'QUERY_READ_ONLY':
      return 'The connection is marked read-only, or the server is. Use another connection to write.'
    case 'QUERY_DENIED':
      return 'Ask the owner of the database for the right, or connect as another user.'
    case 'QUERY_CONFLICT':
      return server.number === 1205 || server.number === 1213
        ? 'Another transaction held the rows. Run again when it has ended.'
        : undefined
    case 'LIMIT_TIME':
      return 'The server stopped the statement: its time limit passed, or someone cancelled it.'
    case 'LIMIT_DISK':
      return 'Free some space on the server and try again.'
    case 'DATA_CONSTRAINT':
      return 'Mend or leave out the rows that break the rule, or let the load set refused rows aside.'
    default:
      return undefined
  }
}
