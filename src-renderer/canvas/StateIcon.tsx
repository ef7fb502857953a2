import {
  IconAlertTriangle,
  IconArrowForwardUp,
  IconBan,
  IconCheck,
  IconCircle,
  IconCircleDashed,
  IconClock,
  IconExclamationCircle,
  IconHistory,
  IconLoader2,
  IconPin,
  IconPlayerStop,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react'
import type { CardState } from './card-state.ts'
import classes from './state.module.css'

const shapes: Readonly<Record<CardState, TablerIcon>> = {
  disabled: IconBan,
  off: IconArrowForwardUp,
  incomplete: IconCircleDashed,
  broken: IconExclamationCircle,
  ready: IconCircle,
  waiting: IconClock,
  running: IconLoader2,
  done: IconCheck,
  kept: IconPin,
  stale: IconHistory,
  failed: IconX,
  crashed: IconAlertTriangle,
  cancelled: IconPlayerStop,
  skipped: IconArrowForwardUp,
}

/** The sign of a state; the word stands beside it. */
export function StateIcon({ state, size = 14 }: { state: CardState; size?: number }) {
  const Shape = shapes[state]
  return <Shape className={classes.icon} data-state={state} size={size} stroke={2} aria-hidden />
}
