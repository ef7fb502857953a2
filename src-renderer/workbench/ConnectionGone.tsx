import { Button } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { openPicker } from './ConnectionPicker.tsx'
import { goneText, useIsGone } from './connections.ts'
import classes from './TransactionBar.module.css'
import type { QueryTab } from './tabs.ts'
import shared from './workbench.module.css'

/** Says that the connection of a tab is not there any more, and leads to the others. */
export function ConnectionGone({ tab }: { tab: QueryTab }) {
  if (!useIsGone(tab)) return null
  return (
    <section className={classes.transaction} aria-label="Connection" data-state="lost">
      <IconDatabaseOff size={16} stroke={1.5} aria-hidden />
      <span role="status">{goneText(tab.connection)}</span>
      <span className={shared.spacer} />
      <Button size="compact-xs" onClick={openPicker}>
        Pick another one
      </Button>
    </section>
  )
}
