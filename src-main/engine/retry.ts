import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../shared/errors.ts'
import type { Retry } from '../../shared/pipeline/schema.ts'
import type { PlannedNode } from './plan.ts'

/** Whether another attempt is due after this error, and how long to wait for it, in milliseconds. */
export function nextDelay(
  retry: Retry | undefined,
  error: AppError,
  attempt: number,
  random = Math.random,
): number | undefined {
  if (!retry || attempt > retry.count || error.code === 'RUN_CANCELLED') return undefined
  const matches = retry.on
    ? retry.on.some((on) => error.code === on || error.code.startsWith(`${on}_`))
    : error.retryable
  if (!matches) return undefined
  const wait = Math.min(retry.delayMs * retry.factor ** (attempt - 1), retry.maxDelayMs ?? Number.POSITIVE_INFINITY)
  return wait * (1 + retry.jitter * (random() * 2 - 1))
}

/** Waits, unless stopped first. @throws AppError RUN_CANCELLED */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch {
    throw new AppError('RUN_CANCELLED', 'The run was stopped.')
  }
}

/** The shortest time limit among the nodes of a stage, as a signal that aborts with LIMIT_TIME on the node that set it. */
export function timeLimit(nodes: readonly PlannedNode[]): { signal: AbortSignal; clear(): void } | undefined {
  const [first] = nodes
    .filter((node) => node.timeoutMs !== undefined)
    .sort((a, b) => (a.timeoutMs ?? 0) - (b.timeoutMs ?? 0))
  if (first?.timeoutMs === undefined) return undefined
  const controller = new AbortController()
  const timer = setTimeout(() => {
    const error = new AppError('LIMIT_TIME', `The node ${first.id} took longer than ${first.timeoutMs} ms.`, {
      hint: 'Raise timeoutMs, or make the work smaller.',
      at: { node: first.id },
      retryable: true,
    })
    controller.abort(error)
  }, first.timeoutMs)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
