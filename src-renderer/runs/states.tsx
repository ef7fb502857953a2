import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconPlayerSkipForward,
  IconPlayerStop,
  type TablerIcon,
} from '@tabler/icons-react'
import type { RunMode, RunState } from '../../shared/run.ts'
import classes from './runs.module.css'

const signs: Record<RunState, { icon: TablerIcon; word: string; tone: string }> = {
  pending: { icon: IconCircleDashed, word: 'Waiting', tone: 'dim' },
  running: { icon: IconLoader2, word: 'Running', tone: 'busy' },
  completed: { icon: IconCircleCheck, word: 'Done', tone: 'ok' },
  failed: { icon: IconCircleX, word: 'Failed', tone: 'bad' },
  cancelling: { icon: IconPlayerStop, word: 'Stopping', tone: 'busy' },
  cancelled: { icon: IconBan, word: 'Stopped', tone: 'warn' },
  crashed: { icon: IconAlertTriangle, word: 'Crashed', tone: 'bad' },
  skipped: { icon: IconPlayerSkipForward, word: 'Skipped', tone: 'dim' },
}

export const modeWords: Readonly<Record<RunMode, string>> = { inspect: 'Inspect', deliver: 'Deliver' }

/** How a run was made, in a word. */
export const modeWord = ({ mode, dryRun }: { mode: RunMode; dryRun: boolean }): string =>
  dryRun ? 'Dry run' : modeWords[mode]

export const stateWord = (state: RunState): string => signs[state].word

/** A state as a sign and a word, in its colour. */
export function RunStateLabel({ state, title }: { state: RunState; title?: string }) {
  const { icon: Icon, word, tone } = signs[state]
  return (
    <span className={classes.state} data-tone={tone} data-state={state} title={title}>
      <Icon size={14} stroke={1.75} aria-hidden className={state === 'running' ? classes.turning : undefined} />
      {word}
    </span>
  )
}
