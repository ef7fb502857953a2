import { useEffect } from 'react'
import { countOf, useSheets } from './edits/staged.ts'
import { useRuns } from './runs.ts'

/** Lets the browser ask before the window goes while a transaction is open, or changes of rows are not applied. */
export function useLeaveGuard(): void {
  const open = useRuns(({ runs }) => Object.values(runs).some(({ session }) => session.transaction === 'open'))
  const changed = useSheets(({ sheets }) => Object.values(sheets).some(({ edits }) => countOf(edits) > 0))
  useEffect(() => {
    if (!open && !changed) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [open, changed])
}
