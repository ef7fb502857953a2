import { AppError } from '../../../shared/errors.ts'

/** The error with its position counted in the whole text. */
export function inText(error: AppError, start: number): AppError {
  const { at, code, message, hint, retryable, sqlState } = error
  if (at.position === undefined) return error
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(sqlState === undefined ? {} : { sqlState }),
    at: { ...at, position: at.position + start },
    retryable,
    cause: error,
  })
}

export const stopped = () => new AppError('RUN_CANCELLED', 'The statement was stopped.')

export const transactionLost = () =>
  new AppError('CONNECTION_LOST', 'The connection was lost, and the transaction that was open with it.', {
    hint: 'Reconnect to go on. What the transaction had done was rolled back by the database.',
  })
