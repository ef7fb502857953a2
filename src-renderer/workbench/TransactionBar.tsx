import { Button } from '@mantine/core'
import { IconAlertTriangle, IconLock, IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { asAppError } from '../api/client.ts'
import { formatDuration, formatZoned } from '../ui/format.ts'
import { showError } from '../ui/notify.ts'
import { endTransaction } from './actions.ts'
import { useRun } from './runs.ts'
import classes from './TransactionBar.module.css'
import shared from './workbench.module.css'

/** After so long others may be waiting for what the transaction holds. */
const long = 5 * 60_000

const words = {
  open: 'A transaction is open: nobody else sees its changes yet.',
  broken: 'The transaction has failed: it can only be rolled back.',
  lost: 'The connection was lost, and the transaction with it. The database has rolled it back.',
}

/** Says that a transaction is open, and ends it. */
export function TransactionBar({ tab }: { tab: string }) {
  const { session, running } = useRun(tab)
  const { transaction, since } = session
  const age = useAge(since)
  if (transaction === 'idle') return null
  const Shape = transaction === 'lost' ? IconPlugConnectedX : transaction === 'broken' ? IconAlertTriangle : IconLock
  const waits = transaction === 'open' && age > long
  const end = (how: 'commit' | 'rollback' | 'reconnect') =>
    void endTransaction(tab, how).catch((thrown) => showError(asAppError(thrown), 'The transaction was not ended'))
  return (
    <section className={classes.transaction} aria-label="Transaction" data-state={waits ? 'waits' : transaction}>
      <Shape size={16} stroke={1.5} aria-hidden />
      <span role="status">
        {words[transaction]}
        {waits && ' Others may be waiting for it.'}
      </span>
      {since !== null && transaction !== 'lost' && (
        <span className={classes.since} title={formatZoned(since)}>
          {formatDuration(Math.floor(age / 1000) * 1000)}
        </span>
      )}
      <span className={shared.spacer} />
      {transaction === 'open' && (
        <Button size="compact-xs" disabled={running} onClick={() => end('commit')}>
          Commit
        </Button>
      )}
      {transaction !== 'lost' && (
        <Button size="compact-xs" variant="default" disabled={running} onClick={() => end('rollback')}>
          Roll back
        </Button>
      )}
      {transaction === 'lost' && (
        <Button size="compact-xs" onClick={() => end('reconnect')}>
          Reconnect
        </Button>
      )}
    </section>
  )
}

/** Milliseconds since an instant, counted on every second. */
function useAge(since: string | null): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (since === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [since])
  return since === null ? 0 : Math.max(0, now - Date.parse(since))
}
