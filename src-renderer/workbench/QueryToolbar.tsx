import { Button, Switch } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { perform } from '../commands/perform.ts'
import {
  explainAnalyzeQuery,
  explainQuery,
  formatQuery,
  runQuery,
  runQueryAll,
  saveQuery,
  stopQuery,
  useQueryInPipeline,
} from '../commands/query.ts'
import { CommandButton } from '../ui/CommandButton.tsx'
import { formatDuration } from '../ui/format.ts'
import { isWorkspace } from './connections.ts'
import classes from './QueryToolbar.module.css'
import { useRun } from './runs.ts'
import { changeTab, useTab } from './tabs.ts'
import shared from './workbench.module.css'

/** Above the editor: run, stop, explain, format, save, and how transactions end. */
export function QueryToolbar({ tab: id }: { tab: string }) {
  const tab = useTab(id)
  const { running, at, session } = useRun(id)
  if (!tab) return null
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Query">
      {running ? (
        <Button
          size="xs"
          color="red"
          variant="light"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => void perform(stopQuery)}
        >
          Stop
        </Button>
      ) : (
        <Button
          size="xs"
          disabled={tab.connection === null || tab.sql.trim() === ''}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => void perform(runQuery)}
        >
          Run
        </Button>
      )}
      <CommandButton command={runQueryAll} />
      <span className={shared.divider} />
      <CommandButton command={explainQuery} />
      <CommandButton command={explainAnalyzeQuery} />
      <span className={shared.divider} />
      <CommandButton command={formatQuery} />
      <CommandButton command={saveQuery} />
      <CommandButton command={useQueryInPipeline} />
      <span className={shared.spacer} />
      {running && <Clock since={at} />}
      <Switch
        size="xs"
        label="Commit by hand"
        checked={tab.manual && !isWorkspace(tab.connection)}
        disabled={running || session.transaction !== 'idle' || isWorkspace(tab.connection)}
        onChange={({ currentTarget }) => changeTab(id, { manual: currentTarget.checked })}
      />
    </div>
  )
}

function Clock({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [])
  return <span className={shared.dim}>{formatDuration(Math.max(0, now - since))}</span>
}
