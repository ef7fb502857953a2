import { SegmentedControl } from '@mantine/core'
import { z } from 'zod'
import { SchemaTree } from '../schema/SchemaTree.tsx'
import { recall, remember, useSettings } from '../stores/settings.ts'
import { Failed } from '../ui/Failed.tsx'
import { ConnectionPicker } from './ConnectionPicker.tsx'
import { connectionOf, goneText, isWorkspace, type PlacedConnection, useConnections, useIsGone } from './connections.ts'
import { HistoryPanel } from './HistoryPanel.tsx'
import { SavedPanel } from './SavedPanel.tsx'
import classes from './SidePane.module.css'
import { type QueryTab, useTab } from './tabs.ts'
import { WorkspaceTables } from './WorkspaceTables.tsx'

const looks = z.enum(['tables', 'saved', 'history']).catch('tables')
const key = 'query.side'

/** Left of the editor: the connection with its tables, saved queries, and the history. */
export function SidePane({ tab: id }: { tab: string }) {
  const look = looks.parse(useSettings(({ layout }) => layout[key]) ?? recall(key))
  const tab = useTab(id)
  const { failed } = useConnections()
  return (
    <aside className={classes.sidePane} data-region aria-label="Database and queries">
      {tab && <ConnectionPicker tab={tab} />}
      {failed && <Failed thrown={failed.error} again={failed.refetch} />}
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Show"
        value={look}
        onChange={(value) => remember(key, value)}
        data={[
          { value: 'tables', label: 'Tables' },
          { value: 'saved', label: 'Saved' },
          { value: 'history', label: 'History' },
        ]}
      />
      {look === 'tables' && tab && isWorkspace(tab.connection) && <WorkspaceTables folder={tab.folder} />}
      {look === 'tables' && !(tab && isWorkspace(tab.connection)) && (
        <Tables tab={tab} connection={tab && connectionOf(tab.connection, tab.folder)} />
      )}
      {look === 'saved' && <SavedPanel />}
      {look === 'history' && <HistoryPanel />}
    </aside>
  )
}

interface TablesProps {
  tab: QueryTab | undefined
  connection: PlacedConnection | undefined
}

function Tables({ tab, connection }: TablesProps) {
  const gone = useIsGone(tab)
  if (gone) return <p className={classes.sideEmpty}>{goneText(tab?.connection)} Pick another one to see its tables.</p>
  if (!connection) return <p className={classes.sideEmpty}>Pick a connection to see its tables.</p>
  const { name, folder, dialect } = connection
  return <SchemaTree key={`${folder} ${name}`} database={{ connection: name, folder, dialect }} />
}
