import type { Pipeline } from '../../shared/pipeline/schema.ts'

/** Documents as they were, are and will be again. Snapshots share what did not change. */
export interface History {
  past: readonly Pipeline[]
  present: Pipeline
  future: readonly Pipeline[]
  /** What the last change belongs to; a further change of the same burst is part of the same step. */
  burst: string | null
  /** When it was, in milliseconds. */
  at: number
}

/** Steps that can be undone. */
const maxSteps = 2_000
/** A burst of typing ends after a pause of so many milliseconds. */
const typingPause = 1_000

export const historyOf = (present: Pipeline): History => ({ past: [], present, future: [], burst: null, at: 0 })

/**
 * The history after a change. A change to the very same document is no step.
 * @param pause after which, in milliseconds, a burst has ended
 */
export function changed(
  history: History,
  present: Pipeline,
  burst: string | null,
  at: number,
  pause = typingPause,
): History {
  if (present === history.present) return history
  const goesOn = burst !== null && burst === history.burst && at - history.at < pause
  const past = goesOn ? history.past : [...history.past.slice(-maxSteps + 1), history.present]
  return { past, present, future: [], burst, at }
}

export function undone(history: History): History {
  const present = history.past.at(-1)
  if (!present) return history
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], burst: null, at: 0 }
}

export function redone(history: History): History {
  const [present, ...future] = history.future
  if (!present) return history
  return { past: [...history.past, history.present], present, future, burst: null, at: 0 }
}
