import { Button } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { isTerminal } from '../../shared/run.ts'
import { perform } from '../commands/perform.ts'
import { run, stop } from '../commands/run.ts'
import { useShownRun } from '../stores/runs.ts'
import classes from './App.module.css'

/** Above the canvas: Run, or Stop while something runs. */
export function Toolbar({ document }: { document: string }) {
  const shown = useShownRun(document)
  const running = shown !== undefined && !isTerminal(shown.state)
  return (
    <div className={classes.toolbar}>
      {running ? (
        <Button color="red" leftSection={<IconPlayerStop size={14} />} onClick={() => void perform(stop)}>
          Stop
        </Button>
      ) : (
        <Button leftSection={<IconPlayerPlay size={14} />} onClick={() => void perform(run)}>
          Run
        </Button>
      )}
      {shown && <span role="status">{shown.state}</span>}
    </div>
  )
}
