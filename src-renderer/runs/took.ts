import type { RunSummary } from '../../shared/contract/runs.ts'
import { formatDuration } from '../ui/format.ts'

/** How long a run took, in words; empty while it goes on. */
export function tookOf({ startedAt, finishedAt }: RunSummary): string {
  return startedAt === null || finishedAt === null ? '' : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
}
