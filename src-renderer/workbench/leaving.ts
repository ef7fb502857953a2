import { useEffect } from 'react'
import { useRuns } from './runs.ts'

/** Lets the browser ask before the window goes while a transaction is open. */
export function useLeaveGuard(): void {
  const open = useRuns(({ runs }) => Object.values(runs).some(({ session }) => session.transaction === 'open'))
  useEffect(() => {
    if (!open) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [open])
}
