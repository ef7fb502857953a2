import { toAppError } from '../../shared/errors.ts'
import type { NodeCounts, RunEvent } from '../../shared/run.ts'
import type { NewOutput, NewRun, RunBatch, Store } from '../store/index.ts'
import { thisProcess } from './process.ts'

/** What is known of a run when it starts. The process that runs it is added here. */
export type RunStart = Omit<NewRun, 'pid' | 'host' | 'processStart'>

/**
 * Writes a run's history in the background. Nothing here waits for the disk or throws into the run: a run whose
 * history cannot be kept still does its work.
 */
export interface Recorder {
  readonly runId: string
  record(event: RunEvent): void
  /** Rows that stay after the run, for the grid and for runs to come. */
  output(output: NewOutput): void
  /** What a node's output depends on: equal fingerprints mean equal outputs. */
  fingerprint(node: string, fingerprint: string): void
  /** Resolves when all that was recorded is written; with one warning if some of it could not be. */
  flush(): Promise<string | undefined>
}

export interface RecorderOptions {
  /** Log lines kept per run; the rest are counted. */
  maxLogs?: number
  /** Milliseconds in which events gather into one write. */
  gatherMs?: number
  redact?<T>(value: T): T
}

const maxMessage = 8_000
/** Counts alone are worth a write now and then, for whoever watches from another process. */
const progressMs = 1_000

export function createRecorder(
  start: RunStart,
  open: () => Promise<Store>,
  { maxLogs = 10_000, gatherMs = 100, redact = (value) => value }: RecorderOptions = {},
): Recorder {
  let queue: RunBatch = emptyBatch()
  let logs = 0
  let created = false
  let broken: string | undefined
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let due = Number.POSITIVE_INFINITY
  const refused: string[] = []

  const write = async (batch: RunBatch) => {
    const { runs } = await open()
    if (!created) await runs.create(redact({ ...start, ...thisProcess() }))
    created = true
    refused.push(...(await runs.apply(start.id, batch)))
  }
  /** A batch is one transaction, so that writing it again never writes half of it twice. */
  const insist = async (batch: RunBatch, attempts: number): Promise<void> => {
    try {
      await write(batch)
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.retryable && attempts > 1) return insist(batch, attempts - 1)
      broken = `The history of this run is not complete: ${error.message}`
    }
  }
  const drain = async () => {
    while (!isEmpty(queue) && broken === undefined) {
      const batch = queue
      queue = emptyBatch()
      await insist(batch, 3)
    }
  }
  /** One writer at a time, so that events are written in the order they came. */
  const pump = () => {
    writing ??= drain().finally(() => {
      writing = undefined
    })
    return writing
  }
  /** The first write waits too: opening the store takes a while, and the run's start should not wait for it. */
  const within = (ms: number) => {
    if (broken !== undefined) queue = emptyBatch()
    if (due <= Date.now() + ms) return
    clearTimeout(timer)
    due = Date.now() + ms
    timer = setTimeout(() => {
      due = Number.POSITIVE_INFINITY
      void pump()
    }, ms).unref()
  }
  return {
    runId: start.id,
    record(event) {
      if (event.type === 'progress') {
        for (const [node, counts] of Object.entries(event.nodes)) merge(queue.counts, node, counts)
        return within(progressMs)
      }
      if (event.type === 'log') {
        logs++
        if (logs <= maxLogs) queue.events.push(redact({ ...event, message: storable(event.message) }))
      } else {
        // A state carries the counts of its moment; older progress must not be written over it.
        if (event.type === 'node' && queue.counts[event.node]) merge(queue.counts, event.node, event.counts)
        queue.events.push(redact(event))
      }
      within(gatherMs)
    },
    output(output) {
      queue.outputs.push(output)
      within(gatherMs)
    },
    fingerprint(node, fingerprint) {
      queue.fingerprints[node] = fingerprint
      within(gatherMs)
    },
    async flush() {
      clearTimeout(timer)
      due = Number.POSITIVE_INFINITY
      if (logs > maxLogs) queue.events.push(tooMany(start.id, logs - maxLogs))
      logs = Math.min(logs, maxLogs)
      while (writing || (!isEmpty(queue) && broken === undefined)) await pump()
      return broken ?? (refused.length > 0 ? `The run reported impossible steps: ${refused.join('; ')}.` : undefined)
    },
  }
}

const emptyBatch = (): RunBatch => ({ events: [], counts: {}, fingerprints: {}, outputs: [] })

const isEmpty = (batch: RunBatch) =>
  batch.events.length === 0 &&
  batch.outputs.length === 0 &&
  Object.keys(batch.counts).length === 0 &&
  Object.keys(batch.fingerprints).length === 0

function merge(all: Record<string, NodeCounts>, node: string, newer: NodeCounts): void {
  all[node] = { ...all[node], ...newer }
}

/** Short enough to keep, and without the one character that Postgres cannot. */
function storable(message: string): string {
  const text = message.replaceAll('\0', '')
  return text.length <= maxMessage ? text : `${text.slice(0, maxMessage)}… (${text.length} characters)`
}

const tooMany = (runId: string, dropped: number): RunEvent => ({
  type: 'log',
  runId,
  at: new Date().toISOString(),
  level: 'warn',
  message: `${dropped} more log lines were not kept.`,
})
