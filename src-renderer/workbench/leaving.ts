import { countOf, useSheets } from './edits/staged.ts'
import { useRuns } from './runs.ts'

const holdsTransaction = () =>
  Object.values(useRuns.getState().runs).some(({ session }) => session.transaction === 'open')
const holdsChanges = () => Object.values(useSheets.getState().sheets).some(({ edits }) => countOf(edits) > 0)

/** Asks before the window goes, whatever it shows, while a query's transaction is open or its changes of rows are not applied. Called once. */
export function askBeforeLosing(): void {
  addEventListener('beforeunload', (event) => {
    if (holdsTransaction() || holdsChanges()) event.preventDefault()
  })
}
