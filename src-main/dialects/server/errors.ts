import { AppError, type ErrorCode } from '../../../shared/errors.ts'

/** The socket ended without the server saying why. */
export class ConnectionEnded extends Error {}

export function cancelled(cause?: unknown): AppError {
  return new AppError('RUN_CANCELLED', 'The run was stopped.', { cause })
}

/** The error inside whatever Sequelize puts around it, at most down to the one that `isServers` knows for the server's own. */
export function innermost(thrown: unknown, isServers: (error: Error) => boolean): unknown {
  let error = thrown
  while (error instanceof Error && !isServers(error)) {
    const inner: unknown = Reflect.get(error, 'parent') ?? Reflect.get(error, 'original')
    if (!(inner instanceof Error) || inner === error) break
    error = inner
  }
  return error
}

const socketCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ENETRESET', 'ERR_STREAM_DESTROYED'])

/** Whether the connection is gone, as the system tells it or the driver in words that `says` knows. */
export function isGone(error: unknown, says: RegExp): boolean {
  if (error instanceof ConnectionEnded) return true
  if (!(error instanceof Error)) return false
  return ('code' in error && typeof error.code === 'string' && socketCodes.has(error.code)) || says.test(error.message)
}

/** @param during what was going on */
export function connectionLost(cause: unknown, during?: string, sqlState?: string): AppError {
  const message = `The connection to the database was lost${during ? ` while ${during}` : ''}.`
  return new AppError('CONNECTION_LOST', message, {
    retryable: true,
    hint: connectionHint,
    cause,
    ...(sqlState === undefined ? {} : { sqlState }),
  })
}

const connectionHint = 'Check that the server is running and reachable, then run again.'

/** What to do about a server's error, where that is the same for all. */
export const hints: Partial<Record<ErrorCode, string>> = {
  CONNECTION_LOST: connectionHint,
  QUERY_DENIED: 'Ask the owner of the database for the right, or connect as another user.',
  LIMIT_TIME: 'The server stopped the statement: its time limit passed, or someone cancelled it.',
  DATA_CONSTRAINT: 'Mend or leave out what breaks the rule. In a pipeline, a load can set such rows aside.',
}

/** The error of a transaction's end: a connection lost meanwhile leaves it unknown whether the rows were kept. */
export function commitError(mapped: AppError): AppError {
  if (mapped.code !== 'CONNECTION_LOST') return mapped
  return new AppError(
    'CONNECTION_LOST',
    'The connection was lost while the transaction was being committed; the database may or may not have kept it.',
    { hint: 'Look at the target before running again.', retryable: false, cause: mapped },
  )
}

/** The error of a statement run once for each row, with the number of the row (from 1). */
export function inRow(error: AppError, row: number): AppError {
  if (error.code === 'RUN_CANCELLED') return error
  return new AppError(error.code, `Row ${row}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.sqlState === undefined ? {} : { sqlState: error.sqlState }),
    at: error.at,
    retryable: error.retryable,
    cause: error,
  })
}
