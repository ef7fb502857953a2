import type { NodeCounts, RunState } from '../../shared/run.ts'
import type { NodeProgress } from '../stores/runs.ts'
import { formatCount, formatDuration, formatRows } from '../ui/format.ts'
import type { Trouble } from './derived.ts'

/** How a node stands, as its card says it. */
export type CardState =
  | 'disabled'
  | 'off'
  | 'incomplete'
  | 'broken'
  | 'ready'
  | 'waiting'
  | 'running'
  | 'done'
  | 'kept'
  | 'stale'
  | 'failed'
  | 'crashed'
  | 'cancelled'
  | 'skipped'

export const stateWords: Readonly<Record<CardState, string>> = {
  disabled: 'Disabled',
  off: 'Will not run',
  incomplete: 'Incomplete',
  broken: 'Broken',
  ready: 'Ready',
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  kept: 'Kept',
  stale: 'Stale',
  failed: 'Failed',
  crashed: 'Crashed',
  cancelled: 'Stopped',
  skipped: 'Skipped',
}

export interface CardFacts {
  disabled: boolean
  /** Nothing it takes rows from is disabled. */
  active: boolean
  trouble: Trouble | undefined
  /** What the databases and the engine say of it before it runs. */
  lookError: string | undefined
  /** Rows that an earlier run left of the node as it is now. */
  keptRows: number | undefined
  progress: NodeProgress | undefined
  /** The settings, or what comes before, changed since the shown run. */
  changed: boolean
}

const ofRun: Readonly<Record<RunState, CardState>> = {
  pending: 'waiting',
  running: 'running',
  cancelling: 'running',
  completed: 'done',
  failed: 'failed',
  crashed: 'crashed',
  cancelled: 'cancelled',
  skipped: 'skipped',
}

/** The state a card shows: what goes on now, else what keeps the node from running, else what became of it. */
export function cardState({ disabled, active, trouble, lookError, keptRows, progress, changed }: CardFacts): CardState {
  const ran = progress && ofRun[progress.state]
  if (ran === 'running') return 'running'
  if (disabled) return 'disabled'
  if (trouble) return trouble.type
  if (lookError !== undefined && (changed || !ran)) return 'broken'
  if (!active) return 'off'
  if (ran === 'waiting' && !changed) return 'waiting'
  if (ran && ran !== 'skipped') {
    if (changed) return keptRows === undefined ? 'stale' : 'kept'
    return ran === 'done' && progress.kept ? 'kept' : ran
  }
  if (keptRows !== undefined) return 'kept'
  if (ran === 'skipped' && !changed) return 'skipped'
  return 'ready'
}

/** What went wrong, where the card is in a state that something is wrong in. */
export function cardMessage(state: CardState, { trouble, lookError, progress }: CardFacts): string | undefined {
  if (state === 'incomplete' || state === 'broken') return trouble?.message ?? lookError
  if (state === 'failed' || state === 'crashed') return progress?.error?.message
  return undefined
}

/** The number a card shows, and all of them in words. */
export function cardCounts(
  state: CardState,
  { progress, keptRows }: Pick<CardFacts, 'progress' | 'keptRows'>,
): { short: string; long: string } | undefined {
  if (state === 'kept' && keptRows !== undefined && !progress?.kept) {
    return { short: formatCount(keptRows), long: `${formatRows(keptRows)} kept` }
  }
  const counts = progress?.counts
  if (!counts || state === 'waiting') return undefined
  const long = countWords(counts)
  return long === '' ? undefined : { short: shortCounts(counts), long }
}

function shortCounts({ rowsIn, rowsOut, inserted, updated, deleted, ports }: NodeCounts): string {
  if (ports && Object.keys(ports).length > 1) {
    return Object.values(ports).map(formatCount).join(' · ')
  }
  const written = [inserted, updated, deleted].filter((count) => count !== undefined)
  if (written.length > 0) return formatCount(written.reduce((sum, count) => sum + count, 0))
  const shown = rowsOut ?? rowsIn
  return shown === undefined ? '' : formatCount(shown)
}

function countWords({ rowsIn, rowsOut, ports, inserted, updated, deleted, rejected }: NodeCounts): string {
  const named = Object.entries(ports ?? {}).map(([port, count]) => `${formatCount(count)} at ${port}`)
  const words: [number | undefined, string][] = [
    [rowsIn, 'rows in'],
    [named.length > 0 ? undefined : rowsOut, 'rows out'],
    [inserted, 'inserted'],
    [updated, 'updated'],
    [deleted, 'deleted'],
    [rejected, 'refused'],
  ]
  return [
    ...words.flatMap(([count, word]) => (count === undefined ? [] : [`${formatCount(count)} ${word}`])),
    ...named,
  ].join(', ')
}

/** `1.2 s`, `try 2`, or nothing. */
export function cardTime(state: CardState, progress: NodeProgress | undefined): string {
  if (!progress || state === 'ready' || state === 'stale') return ''
  if (state === 'running') return progress.attempt > 1 ? `try ${progress.attempt}` : ''
  const time = progress.ms === undefined || state === 'kept' || state === 'skipped' ? '' : formatDuration(progress.ms)
  return progress.attempt > 1 ? `${time} · ${progress.attempt} tries` : time
}
