import { AppError } from '../../../shared/errors.ts'

/** Why work was stopped: the reason the engine gave (a timeout), else that the run was stopped. */
export function stopReason(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason
  return reason instanceof AppError ? reason : new AppError('RUN_CANCELLED', 'The run was stopped.')
}

/** @throws AppError once the signal has aborted */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stopReason(signal)
}
