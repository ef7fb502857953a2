import { clip } from '../../../shared/clip.ts'
import { AppError, type ErrorCode, type ErrorFields } from '../../../shared/errors.ts'
import { connectionLost, hints, isGone, innermost as unwrap } from '../server/errors.ts'
import { classify } from './error-codes.ts'

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

/** See serverError. */
export const innermost = (thrown: unknown): unknown => unwrap(thrown, (error) => 'severity' in error)

export interface ErrorContext {
  /** From the server's position to an offset in the user's text. */
  origin?: (position: number) => number | undefined
  /** What was going on, for a lost connection. */
  during?: string
  /** The server's sentence with names that the user knows. */
  named?: (text: string) => string
}

/** The one place where the server's and the driver's errors become ours. */
export function mapError(thrown: unknown, context: ErrorContext = {}): AppError {
  if (thrown instanceof AppError) return thrown
  const server = serverError(thrown)
  if (server) return mapServerError(server, thrown, context)
  const error = innermost(thrown)
  if (isGone(error, /connection (terminated|was closed|error)|not queryable/i))
    return connectionLost(thrown, context.during)
  return new AppError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: thrown })
}

function mapServerError(server: ServerError, cause: unknown, context: ErrorContext): AppError {
  const { code, retryable } = classify(server.code)
  const position = server.position === undefined ? undefined : context.origin?.(server.position)
  const fields: ErrorFields = { sqlState: server.code, cause, retryable }
  const hint = hintFor(server, code)
  if (hint) fields.hint = hint
  if (position !== undefined) fields.at = { position }
  const { named = (text) => text } = context
  return new AppError(code, named(describe(server)), fields)
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

function hintFor(server: ServerError, code: ErrorCode): string | undefined {
  if (server.code === '22P02' && /^malformed array literal/.test(server.message))
    return 'The inner lists of a Postgres array are all of one length. Turn the column into json with a select node before the load.'
  if (server.hint) return server.hint
  if (server.code === '3F000') return 'Correct the schema, or make it first with an execute node: create schema …'
  return code === 'QUERY_READ_ONLY'
    ? 'The connection is marked read-only. Use another connection to write.'
    : hints[code]
}
