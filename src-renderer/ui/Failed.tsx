import { Button } from '@mantine/core'
import { asAppError } from '../api/client.ts'
import classes from './ui.module.css'

/** What went wrong where something was to be listed, and another try. */
export function Failed({ thrown, again }: { thrown: unknown; again(): void }) {
  const { message, hint } = asAppError(thrown)
  return (
    <div className={classes.failed} role="alert">
      <p>{message}</p>
      {hint !== undefined && <p className={classes.dim}>{hint}</p>}
      <Button size="compact-xs" variant="default" onClick={again}>
        Try again
      </Button>
    </div>
  )
}
