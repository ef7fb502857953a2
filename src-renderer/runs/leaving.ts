import { isTerminal } from '../../shared/run.ts'
import { useRuns } from '../stores/runs.ts'

const goesOn = () => Object.values(useRuns.getState().shown).some(({ state }) => !isTerminal(state))

/** Asks before the desktop's window is closed while a run goes on: that would stop it. A page in a browser may go. Called once. */
export function askBeforeLeaving(): void {
  if (location.protocol !== 'app:') return
  addEventListener('beforeunload', (event) => {
    if (goesOn()) event.preventDefault()
  })
}
