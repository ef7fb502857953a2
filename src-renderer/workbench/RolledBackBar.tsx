import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { isQuery } from '../../shared/sql/statements.ts'
import { showNotice } from '../ui/notify.ts'
import { rerun } from './actions.ts'
import { dialectOf } from './connections.ts'
import classes from './edits/edits.module.css'
import type { StatementRun } from './runs.ts'
import { useTab } from './tabs.ts'

/** Says that rows may not be what the database holds: what they were read in was rolled back. */
export function RolledBackBar({ tab: id, statement }: { tab: string; statement: StatementRun }) {
  const tab = useTab(id)
  if (statement.transaction !== 'rolled back' || !tab) return null
  const again = async () => {
    if (!(await rerun(id, statement))) showNotice('Its text was changed since. Run it to see the rows as they are now.')
  }
  return (
    <section className={classes.bar} aria-label="Rolled back">
      <IconHistory size={16} stroke={1.5} aria-hidden />
      <span role="status">Read before the transaction was rolled back: the database may hold other rows.</span>
      <span className={classes.spacer} />
      {isQuery(statement.sql, dialectOf(tab.connection, tab.folder)) && (
        <Button size="compact-xs" variant="default" onClick={() => void again()}>
          Run again
        </Button>
      )}
    </section>
  )
}
