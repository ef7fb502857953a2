import type { AppError } from '../../shared/errors.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { NodeCounts, RunMode, RunState } from '../../shared/run.ts'
import type { Sample } from './attempt.ts'
import { Events } from './events.ts'
import type { Emit } from './scope.ts'

export interface NodeOutcome {
  state: RunState
  attempt: number
  counts: NodeCounts
  kept: boolean
  error?: AppError
  /** First rows by output port. */
  samples: Record<string, Sample>
  fingerprint: string
}

/** What became of each node so far, and of the run. Whatever is entered is also told. */
export class Ledger {
  readonly nodes = new Map<string, NodeOutcome>()
  readonly events: Events
  private readonly header: { pipeline: string; mode: RunMode; dryRun: boolean }
  private first: AppError | undefined

  constructor(options: { runId: string; pipeline: Pipeline; mode: RunMode; dryRun: boolean; onEvent: Emit }) {
    this.events = new Events(options.runId, options.onEvent)
    this.header = { pipeline: options.pipeline.name, mode: options.mode, dryRun: options.dryRun }
  }

  /** Of the node that failed first. */
  get error(): AppError | undefined {
    return this.first
  }

  add(id: string, fingerprint: string): void {
    this.nodes.set(id, { state: 'pending', attempt: 0, counts: {}, kept: false, samples: {}, fingerprint })
  }

  state(id: string): RunState | undefined {
    return this.nodes.get(id)?.state
  }

  update(id: string, changes: Partial<NodeOutcome>): void {
    const node = this.nodes.get(id)
    if (node) Object.assign(node, changes)
  }

  node(id: string, state: RunState, ms?: number): void {
    const node = this.nodes.get(id)
    if (!node) return
    node.state = state
    this.events.settle(id)
    const columns = Object.fromEntries(Object.entries(node.samples).map(([port, sample]) => [port, sample.columns]))
    this.events.send({
      type: 'node',
      node: id,
      state,
      attempt: node.attempt,
      counts: node.counts,
      ...(ms === undefined ? {} : { ms: Math.round(ms) }),
      ...(node.kept ? { kept: true } : {}),
      ...(Object.keys(columns).length > 0 ? { columns } : {}),
      ...(state === 'failed' && node.error ? { error: node.error.toJSON() } : {}),
    })
  }

  fail(id: string, error: AppError): void {
    this.failRun(error)
    this.update(id, { error })
    this.node(id, 'failed')
  }

  /** A failure that is no single node's. */
  failRun(error: AppError): void {
    this.first ??= error
  }

  /** Rows of an earlier run, or an effect that it completed, stand for the node. */
  takeOver(id: string, counts: NodeCounts): void {
    this.update(id, { kept: true, counts })
    this.node(id, 'running')
    this.node(id, 'completed')
  }

  /** Nothing runs any more: nodes that never started are skipped, those under way were stopped. */
  settleRest(): void {
    for (const [id, { state }] of this.nodes) {
      if (state === 'pending') this.node(id, 'skipped')
      else if (state === 'running') this.node(id, 'cancelled')
    }
  }

  run(state: RunState): void {
    const error = state === 'failed' && this.first ? { error: this.first.toJSON() } : {}
    this.events.send({ type: 'run', state, ...this.header, ...error })
  }
}
