import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { NodeRegistry } from '../../shared/nodes/define.ts'
import { topologicalOrder } from '../../shared/pipeline/graph.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { NodeCounts, RunMode, RunState } from '../../shared/run.ts'
import { analyse } from './analyse.ts'
import { outputKey, type Sample, splitKey } from './attempt.ts'
import { fingerprints, type NodePlace } from './fingerprint.ts'
import { Ledger, type NodeOutcome } from './ledger.ts'
import { connectionOf, type Plan, planPipeline } from './plan.ts'
import { LiveResults } from './results/live.ts'
import { type Earlier, type Reuse, reuseOf } from './reuse.ts'
import { Schedule } from './schedule.ts'
import { type Emit, type KeptOutput, type Output, Scope, type Surroundings } from './scope.ts'
import { WriteSessions } from './writers.ts'

export interface RunOptions extends Surroundings {
  /** Unique; names the run's folder. */
  runId: string
  pipeline: Pipeline
  registry: NodeRegistry
  mode: RunMode
  /** Only this node and what it needs. */
  to?: string
  /** Do everything, then undo it: reports what would change. */
  dryRun: boolean
  earlier: Earlier
  /** Where the connections and paths of nodes lead; see fingerprint.ts. */
  outside?: ReadonlyMap<string, NodePlace>
  /** Folder under which each run keeps its rows, in a folder named by its id. */
  runsFolder: string
  /** Aborting it is Stop. */
  signal: AbortSignal
  onEvent: Emit
  /**
   * Told of the first rows of a node's port while the node still runs, and again when they are kept; a grid shows them until it can
   * ask for windows.
   */
  onRows?(node: string, port: string, sample: Sample): void
  /** Given at the start of an inspection: all rows of nodes that have completed, for as long as the run goes on. */
  onResults?(results: LiveResults): void
}

export interface RunOutcome {
  state: RunState
  /** Of the node that failed first. */
  error?: AppError
  nodes: Record<string, NodeOutcome>
  /** Rows that stay after the run, for the grid and for later runs. */
  outputs: KeptOutput[]
}

/**
 * Runs a pipeline. Never rejects for what a node does: failures are in the outcome and in the events.
 * @throws AppError for a plan that cannot be made (GRAPH_*, CONFIG_INVALID), before any event
 */
export async function runPipeline(options: RunOptions): Promise<RunOutcome> {
  const order = topologicalOrder(options.pipeline)
  const prints = fingerprints(options.pipeline, order, options.params, options.outside ?? new Map(), options.registry)
  const everything = planPipeline({ ...options, kept: new Set() })
  const earlier = { ...options.earlier, kept: options.earlier.kept.filter(({ file }) => existsSync(file)) }
  const reuse = reuseOf(everything.nodes, prints, earlier)
  const plan = planPipeline({ ...options, kept: reuse.kept })
  return new Run(options, plan, reuse, prints).go()
}

class Run {
  private readonly options: RunOptions
  private readonly plan: Plan
  private readonly reuse: Reuse
  private readonly prints: ReadonlyMap<string, string>
  private readonly ledger: Ledger
  private readonly scope: Scope
  private readonly folder: string
  private readonly outputs: Map<string, Output>
  private readonly writers: WriteSessions
  private readonly schedule: Schedule
  private readonly stop = new AbortController()
  private readonly live: LiveResults

  constructor(options: RunOptions, plan: Plan, reuse: Reuse, prints: ReadonlyMap<string, string>) {
    this.options = options
    this.plan = plan
    this.reuse = reuse
    this.prints = prints
    this.folder = join(options.runsFolder, options.runId)
    this.ledger = new Ledger(options)
    this.outputs = new Map(reuse.outputs)
    this.scope = new Scope({
      surroundings: options,
      nodes: plan.nodes,
      scratch: join(this.folder, 'tmp'),
      file: join(this.folder, 'rows.duckdb'),
      attach: reuse.attach,
      joinsPipes: plan.joinsPipes,
    })
    const together = options.pipeline.atomic === 'pipeline' || options.dryRun
    this.writers = new WriteSessions({
      together,
      checksEach: options.dryRun && options.pipeline.atomic !== 'pipeline',
      connect: (name) => this.scope.connect(name),
      signal: this.stop.signal,
    })
    const { pipeline, mode, dryRun, limits } = options
    const { scope, ledger, outputs, writers } = this
    this.schedule = new Schedule({
      ...{ pipeline, plan, reuse, mode, dryRun, together, parallel: limits.parallel },
      ...{ scope, ledger, outputs, writers, stop: this.stop.signal },
      onRows: (node, port, sample) => options.onRows?.(node, port, sample),
    })
    this.live = new LiveResults(this.scope, (node, port) =>
      this.ledger.state(node) === 'completed' ? this.outputs.get(outputKey(node, port)) : undefined,
    )
    for (const id of [...plan.nodes.keys(), ...plan.left]) this.ledger.add(id, prints.get(id) ?? '')
  }

  async go(): Promise<RunOutcome> {
    this.ledger.run('running')
    const cancel = () => {
      this.ledger.run('cancelling')
      this.stop.abort()
    }
    if (this.options.signal.aborted) cancel()
    else this.options.signal.addEventListener('abort', cancel, { once: true })
    try {
      await mkdir(this.scope.scratch, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
        throw noRoom(this.folder, cause)
      })
      this.settleWithoutRunning()
      this.warmUp()
      if (this.options.mode === 'inspect') this.options.onResults?.(this.live)
      await this.checkBefore()
      await this.schedule.run()
      await this.schedule.commitHeld()
    } catch (error) {
      this.ledger.failRun(toAppError(error))
      await this.writers.finish('undo').catch(() => undefined)
    } finally {
      this.options.signal.removeEventListener('abort', cancel)
    }
    return this.end()
  }

  private async end(): Promise<RunOutcome> {
    this.ledger.settleRest()
    await this.live.close()
    await this.scope.close()
    const state = this.finalState()
    const outputs = await this.keepOrRemove(state)
    this.ledger.run(state)
    this.ledger.events.close()
    const { error, nodes } = this.ledger
    return { state, ...(error && { error }), nodes: Object.fromEntries(nodes), outputs }
  }

  private finalState(): RunState {
    if (this.stop.signal.aborted) return 'cancelled'
    return this.ledger.error ? 'failed' : 'completed'
  }

  /** Rows stay after an inspection, and after a failure so that the run can be resumed. */
  private async keepOrRemove(state: RunState): Promise<KeptOutput[]> {
    const keep = !this.options.dryRun && (this.options.mode === 'inspect' || state === 'failed')
    const kept: KeptOutput[] = []
    for (const [key, output] of this.outputs) {
      const [node = '', port = ''] = splitKey(key)
      if (this.ledger.state(node) !== 'completed') continue
      const { file, table, columns, rows } = output
      if (keep || file !== this.scope.file) {
        kept.push({ node, port, file, table, columns, rows, fingerprint: this.prints.get(node) ?? '' })
      }
    }
    if (!kept.some(({ file }) => file === this.scope.file))
      await rm(this.folder, { recursive: true, force: true }).catch(() => undefined)
    return kept
  }

  /** Loads what the run's databases need while the first of them is asked; a connection that fails says so to its node. */
  private warmUp(): void {
    for (const node of this.plan.nodes.values()) {
      const named = connectionOf(node)
      if (named !== undefined) this.scope.connect(named).catch(() => undefined)
    }
  }

  private settleWithoutRunning(): void {
    for (const id of this.plan.left) this.ledger.node(id, 'skipped')
    for (const id of this.reuse.unneeded) this.ledger.node(id, 'skipped')
    for (const id of this.reuse.kept) {
      const counts: NodeCounts = {}
      for (const [key, output] of this.reuse.outputs) {
        if (splitKey(key)[0] === id) counts.rowsOut = (counts.rowsOut ?? 0) + output.rows
      }
      this.ledger.takeOver(id, counts)
    }
  }

  /**
   * Refuses to start when a transform cannot be bound to the columns that will arrive: better now than after an hour of
   * reading. What a database says about its own part is left to the branch.
   */
  private async checkBefore(): Promise<void> {
    const transforms = [...this.plan.nodes.values()].some((node) => node.executor === undefined)
    if (!transforms) return
    const results = await analyse(this.plan.nodes, this.scope, this.stop.signal)
    for (const [id, { error }] of results) {
      const outside = this.plan.nodes.get(id)?.executor?.role === 'source'
      if (!error || outside || this.reuse.kept.has(id) || this.reuse.unneeded.has(id)) continue
      if (!error.code.startsWith('CONFIG_') && error.code !== 'QUERY_SYNTAX') continue
      this.ledger.node(id, 'running')
      this.ledger.fail(id, error)
    }
    if (this.ledger.error) throw this.ledger.error
  }
}

function noRoom(folder: string, cause: unknown): AppError {
  const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
  const why = isFull ? 'the disk is full' : 'this user may not write there, or a file is in the way'
  return new AppError(
    isFull ? 'LIMIT_DISK' : 'FILE_DENIED',
    `The folder of the run, ${folder}, cannot be made: ${why}.`,
    {
      hint: isFull ? 'Free some space and try again.' : 'Set SLUICE_HOME to a folder that may be written.',
      cause,
    },
  )
}
