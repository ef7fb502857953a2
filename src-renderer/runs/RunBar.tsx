import { Button, Menu, SegmentedControl } from '@mantine/core'
import { IconAdjustments, IconChevronDown, IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { isTerminal, runModes } from '../../shared/run.ts'
import type { Command } from '../commands/define.ts'
import { shortcutText } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { dryRun, parameters, refresh, resume, run, runFrom, runTo, showFailure, stop } from '../commands/run.ts'
import { usePipeline } from '../stores/documents.ts'
import { type ShownRun, useShownRun } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { changeSettings, useSettings } from '../stores/settings.ts'
import { formatDuration, formatTime, formatZoned } from '../ui/format.ts'
import { hint } from '../ui/hint.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { firstFailure } from './failure.ts'
import { ParametersDialog } from './ParametersDialog.tsx'
import classes from './runs.module.css'
import { StopButton } from './StopButton.tsx'
import { modeWords, RunStateLabel } from './states.tsx'

/** Run or Stop, the ways to run, and how the run that is shown stands. */
export function RunBar({ document }: { document: string }) {
  const shown = useShownRun(document)
  const running = shown !== undefined && !isTerminal(shown.state)
  return (
    <div className={classes.bar}>
      {running ? (
        <StopButton state={shown.state} here={shown.here} onClick={() => void perform(stop)} />
      ) : (
        <RunButtons document={document} />
      )}
      {shown && <Outcome shown={shown} />}
      <ParametersDialog />
    </div>
  )
}

const modeHelp = 'Inspect keeps every node’s rows for the grid; deliver only moves them, as fast as it can'

function RunButtons({ document }: { document: string }) {
  // Which ways of running are open depends on what is picked.
  useSelection(document)
  const mode = useSettings((settings) => settings.mode)
  const asks = (usePipeline(document)?.parameters.length ?? 0) > 0
  return (
    <>
      <Button.Group>
        <Button
          leftSection={<IconPlayerPlay size={14} />}
          onClick={() => void perform(run)}
          {...hint('Run', { keys: 'mod+Enter' })}
        >
          Run
        </Button>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button px={6} aria-label="More ways to run" style={{ borderLeftColor: 'var(--mantine-color-white)' }}>
              <IconChevronDown size={14} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {[runTo, runFrom, resume, refresh, dryRun].map((command) => (
              <CommandItem key={command.id} command={command} />
            ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      <SegmentedControl
        className={classes.modes}
        aria-label="Mode"
        value={mode}
        data={runModes.map((value) => ({ value, label: modeWords[value] }))}
        onChange={(value) => void changeSettings({ mode: value })}
        {...hint(modeHelp, { place: 'bottom' })}
      />
      {asks && <IconButton label={parameters.title} icon={IconAdjustments} onClick={() => void perform(parameters)} />}
    </>
  )
}

function CommandItem({ command }: { command: Command }) {
  const { icon: Icon, keys, title } = command
  return (
    <Menu.Item
      disabled={command.enabled?.() === false}
      leftSection={Icon && <Icon size={14} />}
      rightSection={keys?.[0] && <span className={classes.dim}>{shortcutText(keys[0])}</span>}
      onClick={() => void perform(command)}
    >
      {title}
    </Menu.Item>
  )
}

function Outcome({ shown }: { shown: ShownRun }) {
  const { state, startedAt, finishedAt, past, dryRun: dry } = shown
  const failure = firstFailure(shown)
  return (
    <div className={classes.outcome}>
      <span role="status" title={`Started ${formatZoned(startedAt)}`}>
        <RunStateLabel state={state} />
      </span>
      <Elapsed since={startedAt} until={finishedAt} />
      {dry && <span>Dry run: nothing was changed</span>}
      {past && <span>{formatTime(startedAt)}</span>}
      {failure && (
        <>
          <span className={classes.message} title={failure.message}>
            {failure.message}
          </span>
          {failure.at?.node !== undefined && (
            <Button
              variant="default"
              style={{ flex: 'none' }}
              onClick={() => void perform(showFailure)}
              {...hint(showFailure.title, { keys: 'F8' })}
            >
              Show where
            </Button>
          )}
        </>
      )}
    </div>
  )
}

/** How long it takes or took; moves while it goes on. */
function Elapsed({ since, until }: { since: string; until: string | undefined }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (until !== undefined) return
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [until])
  const end = until === undefined ? now : Date.parse(until)
  return <span className={classes.elapsed}>{formatDuration(Math.max(0, end - Date.parse(since)))}</span>
}
