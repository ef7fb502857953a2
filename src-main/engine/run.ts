import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { NodeRegistry } from '../../shared/nodes/define.ts'
import { descendants, topologicalOrder } from '../../shared/pipeline/graph.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { NodeCounts, RunMode, RunState } from '../../shared/run.ts'
import { analyse } from './analyse.ts'
import { outputKey, type Sample } from './attempt.ts'
import { fingerprints } from './fingerprint.ts'
import { Ledger, type NodeOutcome } from './ledger.ts'
import { type Plan, planPipeline, type Stage } from './plan.ts'
import { LiveResults } from './results/live.ts'
import { nextDelay, pause, timeLimit } from './retry.ts'
import { type Earlier, type Reuse, reuseOf } from './reuse.ts'
import { type Emit, type KeptOutput, type Output, Scope, type Surroundings } from './scope.ts'
import { StageRun } from './stage.ts'
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
  const prints = fingerprints(options.pipeline, order, options.params)
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
  /** Loads whose commit waits for the end of the run. */
  private readonly held = new Map<string, () => void>()
  private readonly together: boolean
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
    this.together = options.pipeline.atomic === 'pipeline' || options.dryRun
    this.writers = new WriteSessions({
      together: this.together,
      connect: (name) => this.scope.connect(name),
      signal: this.stop.signal,
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
      await mkdir(this.scope.scratch, { recursive: true, mode: 0o700 })
      this.settleWithoutRunning()
      this.warmUp()
      if (this.options.mode === 'inspect') this.options.onResults?.(this.live)
      await this.checkBefore()
      await this.runStages()
      await this.commitHeld()
    } catch (error) {
      this.ledger.failRun(toAppError(error))
      await this.writers.finish(false).catch(() => undefined)
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
    if (!kept.some(({ file }) => file === this.scope.file)) await rm(this.folder, { recursive: true, force: true })
    return kept
  }

  /** Loads what the run's databases need while the first of them is asked; a connection that fails says so to its node. */
  private warmUp(): void {
    for (const { config } of this.plan.nodes.values()) {
      const named =
        typeof config === 'object' && config !== null && 'connection' in config ? config.connection : undefined
      if (typeof named === 'string') this.scope.connect(named).catch(() => undefined)
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

  private async runStages(): Promise<void> {
    const todo = this.plan.stages.filter(
      (stage) => !this.reuse.kept.has(stage.root) && !this.reuse.unneeded.has(stage.root),
    )
    const open = new Set(todo.map((stage) => stage.root))
    const waiting = [...todo]
    const going = new Set<Promise<void>>()
    while (waiting.length > 0 || going.size > 0) {
      for (const stage of [...waiting]) {
        if (this.stop.signal.aborted) break
        if (going.size >= this.options.limits.parallel) break
        if (stage.dependsOn.some((root) => open.has(root))) continue
        waiting.splice(waiting.indexOf(stage), 1)
        if (stage.dependsOn.some((root) => !this.succeeded(root))) {
          open.delete(stage.root)
          for (const id of stage.members) this.ledger.node(id, 'skipped')
          continue
        }
        const work = this.runStage(stage).finally(() => {
          open.delete(stage.root)
          going.delete(work)
        })
        going.add(work)
      }
      if (going.size > 0) await Promise.race(going)
      else if (this.stop.signal.aborted) return
    }
  }

  private succeeded(root: string): boolean {
    return this.held.has(root) || this.ledger.state(root) === 'completed'
  }

  private async runStage(stage: Stage): Promise<void> {
    for (const id of stage.members) {
      this.ledger.update(id, { attempt: 1 })
      this.ledger.node(id, 'running')
    }
    const started = performance.now()
    for (let attempt = 1; ; attempt++) {
      const members = stage.members.flatMap((id) => this.plan.nodes.get(id) ?? [])
      const limit = timeLimit(members)
      const run = this.attempt(stage, limit ? AbortSignal.any([this.stop.signal, limit.signal]) : this.stop.signal)
      for (const id of stage.members) this.ledger.update(id, { attempt })
      try {
        await run.run()
        this.complete(stage, run, performance.now() - started)
        return
      } catch (thrown) {
        const timedOut = limit?.signal.aborted && !this.stop.signal.aborted
        const error = toAppError(timedOut ? limit.signal.reason : thrown)
        if (this.stop.signal.aborted) return
        const blamed = this.plan.nodes.get(error.at.node ?? stage.root)
        const wait = nextDelay(blamed?.retry, error, attempt)
        if (wait === undefined) {
          this.failStage(stage, error)
          return
        }
        this.ledger.events.log(
          'warn',
          blamed?.id,
          `${error.message} Trying again in ${Math.round(wait)} ms (attempt ${attempt + 1}).`,
        )
        await pause(wait, this.stop.signal).catch(() => undefined)
        if (this.stop.signal.aborted) return
      } finally {
        limit?.clear()
      }
    }
  }

  private attempt(stage: Stage, signal: AbortSignal): StageRun {
    const root = this.plan.nodes.get(stage.root)
    const used = root?.consumers.map((edge) => edge.fromPort) ?? []
    const all = root?.definition.outputs.map((port) => port.name) ?? []
    const leaf = used.length === 0 && !root?.definition.effect
    const keep = this.options.mode === 'inspect' || leaf ? all : [...new Set(used)]
    return new StageRun({
      stage,
      nodes: this.plan.nodes,
      scope: this.scope,
      outputs: this.outputs,
      tell: this.ledger.events,
      tools: { dryRun: this.options.dryRun, writeSession: (name) => this.writers.take(name, signal) },
      keep,
      onRows: (node, port, sample) => this.options.onRows?.(node, port, sample),
      signal,
    })
  }

  private complete(stage: Stage, run: StageRun, ms: number): void {
    for (const id of stage.members) {
      const samples: Record<string, Sample> = {}
      for (const [key, sample] of run.samples) if (splitKey(key)[0] === id) samples[splitKey(key)[1] ?? 'out'] = sample
      this.ledger.update(id, { counts: run.counts.get(id) ?? {}, samples })
    }
    const tell = () => {
      for (const id of stage.members) this.ledger.node(id, 'completed', ms)
    }
    const effect = this.plan.nodes.get(stage.root)?.definition.effect
    if (this.together && effect) this.held.set(stage.root, tell)
    else tell()
  }

  /** All or nothing for the whole run: loads complete when everything did. */
  private async commitHeld(): Promise<void> {
    const commit = !this.ledger.error && !this.stop.signal.aborted && !this.options.dryRun
    try {
      await this.writers.finish(commit)
    } catch (error) {
      this.ledger.failRun(toAppError(error))
    }
    const undone =
      this.ledger.error ??
      (this.stop.signal.aborted ? new AppError('RUN_CANCELLED', 'The run was stopped.') : undefined)
    for (const [root, tell] of this.held) {
      if (!undone) tell()
      else if (this.stop.signal.aborted) this.ledger.node(root, 'cancelled')
      else
        this.ledger.fail(
          root,
          new AppError(undone.code, `Rolled back, because the run failed elsewhere: ${undone.message}`, {
            at: { node: root },
          }),
        )
    }
  }

  private failStage(stage: Stage, error: AppError): void {
    const culprit = stage.members.includes(error.at.node ?? '') ? (error.at.node ?? stage.root) : stage.root
    if (this.options.dryRun && error.code === 'QUERY_MISSING' && this.afterEffect(stage)) {
      this.ledger.events.log(
        'warn',
        culprit,
        `Left out of the dry run: ${error.message} An earlier node would have made it.`,
      )
      for (const id of stage.members) this.ledger.node(id, 'cancelled')
      return
    }
    const behind = descendants(this.options.pipeline, culprit)
    for (const id of stage.members) {
      if (id === culprit) this.ledger.fail(id, error)
      else this.ledger.node(id, behind.has(id) ? 'skipped' : 'cancelled')
    }
  }

  private afterEffect(stage: Stage): boolean {
    return stage.dependsOn.some((root) => this.plan.nodes.get(root)?.definition.effect)
  }
}

/** Node ids hold no colon, ports may. */
function splitKey(key: string): [string, string] {
  const at = key.indexOf(':')
  return [key.slice(0, at), key.slice(at + 1)]
}
