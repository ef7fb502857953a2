import { clip } from '../../../shared/clip.ts'
import { AppError, type ErrorCode, type ErrorFields } from '../../../shared/errors.ts'
import { connectionLost, hints, isGone, innermost as unwrap } from '../server/errors.ts'
import { type Class, classify, unreadable } from './error-codes.ts'
import { ServerError } from './packets.ts'

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

/** See serverError. */
export const innermost = (thrown: unknown): unknown => unwrap(thrown, (error) => error instanceof ServerError)

/** The one place where the server's and the driver's errors become ours. */
export function mapError(thrown: unknown, context: ErrorContext = {}): AppError {
  if (thrown instanceof AppError) return thrown
  const server = serverError(thrown)
  const known = server && classify(server)
  if (server && known?.code === 'CONNECTION_LOST') return connectionLost(thrown, context.during, server.sqlState)
  if (server && known) return fromServer(server, known, thrown, context)
  const error = innermost(thrown)
  if (isGone(error, /closed state|server closed the connection/i)) return connectionLost(thrown, context.during)
  return new AppError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: thrown })
}

function fromServer(server: ServerError, { code, retryable }: Class, cause: unknown, context: ErrorContext): AppError {
  const fields: ErrorFields = { sqlState: server.sqlState, cause, retryable: retryable ?? false }
  const hint = hintFor(server, code)
  if (hint) fields.hint = hint
  const position = positionOf(server, context)
  if (position !== undefined) fields.at = { position }
  return new AppError(code, sentence(server), fields)
}

/** A column of a table that only helps, whose name says nothing to people. */
const helper = /`[^`]+`\.`sluice_(?:new|stage)_[0-9a-f]{12}`\.(?=`)/g

/** The server's sentence without its advice to read the manual. */
export function sentence({ message, number }: { message: string; number: number }): string {
  const said = unreadable.has(number) ? message.replace(/check the manual .*? to use near/s, 'near') : message
  const plain = said.replace(helper, '')
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
  if (server.number === 1049) return 'Correct the name of the database, or make it first.'
  if (server.number === 1153) return 'Raise max_allowed_packet at the server, or leave the large values out.'
  if (server.number === 1206) return 'Raise innodb_buffer_pool_size at the server, or load fewer rows at a time.'
  switch (code) {
    case 'QUERY_READ_ONLY':
      return 'The connection is marked read-only, or the server is. Use another connection to write.'
    case 'QUERY_CONFLICT':
      return server.number === 1205 || server.number === 1213
        ? 'Another transaction held the rows. Run again when it has ended.'
        : undefined
    case 'LIMIT_DISK':
      return 'Free some space on the server and try again.'
    default:
      return hints[code]
  }
}
