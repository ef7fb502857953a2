import { asAppError } from '../api/client.ts'
import { showError } from '../ui/notify.ts'

/** Tells of faults that nothing caught, rather than letting a click do nothing; called once. */
export function followFaults(): void {
  addEventListener('error', ({ error }) => {
    // Browsers report here, without an error, that a layout took another round.
    if (error !== null && error !== undefined) tell(error)
  })
  addEventListener('unhandledrejection', ({ reason }) => tell(reason))
}

function tell(thrown: unknown): void {
  const error = asAppError(thrown)
  if (error.code === 'RUN_CANCELLED') return
  showError(error, 'Something in the window did not work')
}
