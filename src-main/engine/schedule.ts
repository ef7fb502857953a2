import { AppError, toAppError } from '../../shared/errors.ts'
import { descendants } from '../../shared/pipeline/graph.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { RunMode } from '../../shared/run.ts'
import { type Sample, splitKey } from './attempt.ts'
import type { Ledger } from './ledger.ts'
import { connectionOf, type Plan, type Stage } from './plan.ts'
import { nextDelay, pause, timeLimit } from './retry.ts'
import type { Reuse } from './reuse.ts'
import type { Output, Scope } from './scope.ts'
import { StageRun } from './stage.ts'
import type { WriteSessions } from './writers.ts'

export interface ScheduleParts {
  pipeline: Pipeline
  plan: Plan
  reuse: Reuse
  mode: RunMode
  dryRun: boolean
  /** Loads commit together, when all of them have ended well. */
  together: boolean
  /** Stages that may run at once. */
  parallel: number
  scope: Scope
  ledger: Ledger
  outputs: Map<string, Output>
  writers: WriteSessions
  onRows(node: string, port: string, sample: Sample): void
  /** Aborts on Stop. */
  stop: AbortSignal
}

/** Runs the stages of a plan: each when those it depends on have completed, some at a time, tried again as their nodes say. */
export class Schedule {
  private readonly parts: ScheduleParts
  private readonly plan: Plan
  private readonly ledger: Ledger
  private readonly stop: AbortSignal
  /** Loads whose commit waits for the end of the run. */
  private readonly held = new Map<string, () => void>()

  constructor(parts: ScheduleParts) {
    this.parts = parts
    this.plan = parts.plan
    this.ledger = parts.ledger
    this.stop = parts.stop
  }

  /** Resolves when nothing is left to start; failures are in the ledger. */
  async run(): Promise<void> {
    const todo = this.plan.stages.filter(
      (stage) => !this.parts.reuse.kept.has(stage.root) && !this.parts.reuse.unneeded.has(stage.root),
    )
    const open = new Set(todo.map((stage) => stage.root))
    const waiting = [...todo]
    const going = new Set<Promise<void>>()
    while (waiting.length > 0 || going.size > 0) {
      for (const stage of [...waiting]) {
        if (this.stop.aborted) break
        if (going.size >= this.parts.parallel) break
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
      else if (this.stop.aborted) return
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
      let committing = false
      const run = this.attempt(stage, limit ? AbortSignal.any([this.stop, limit.signal]) : this.stop, () => {
        committing = true
      })
      for (const id of stage.members) this.ledger.update(id, { attempt })
      try {
        await run.run()
        this.complete(stage, run, performance.now() - started)
        return
      } catch (thrown) {
        const timedOut = limit?.signal.aborted && !this.stop.aborted
        const late = timedOut && committing ? lateCommit(stage.root) : undefined
        const error = late ?? toAppError(timedOut ? limit.signal.reason : thrown)
        if (this.stop.aborted) return
        const blamed = this.plan.nodes.get(error.at.node ?? stage.root)
        // Done again, it might be done twice.
        const isUnsure = late !== undefined || (committing && error.code === 'CONNECTION_LOST')
        const wait = isUnsure ? undefined : nextDelay(blamed?.retry, error, attempt)
        if (wait === undefined) {
          this.failStage(stage, error)
          return
        }
        this.ledger.events.log(
          'warn',
          blamed?.id,
          `${error.message} Trying again in ${Math.round(wait)} ms (attempt ${attempt + 1}).`,
        )
        await pause(wait, this.stop).catch(() => undefined)
        if (this.stop.aborted) return
      } finally {
        limit?.clear()
      }
    }
  }

  private attempt(stage: Stage, signal: AbortSignal, onCommit: () => void): StageRun {
    const root = this.plan.nodes.get(stage.root)
    const used = root?.consumers.map((edge) => edge.fromPort) ?? []
    const all = root?.definition.outputs.map((port) => port.name) ?? []
    const leaf = used.length === 0 && !root?.definition.effect
    const keep = this.parts.mode === 'inspect' || leaf ? all : [...new Set(used)]
    return new StageRun({
      stage,
      nodes: this.plan.nodes,
      scope: this.parts.scope,
      outputs: this.parts.outputs,
      tell: this.ledger.events,
      tools: { dryRun: this.parts.dryRun, writeSession: (name) => this.parts.writers.take(name, signal, onCommit) },
      keep,
      onRows: this.parts.onRows,
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
    const root = this.plan.nodes.get(stage.root)
    // What is written to a file stays.
    const waits = root?.definition.effect === true && connectionOf(root) !== undefined
    if (this.parts.together && waits) this.held.set(stage.root, tell)
    else tell()
  }

  /** All or nothing for the whole run: loads complete when everything did. */
  async commitHeld(): Promise<void> {
    const isGood = !this.ledger.error && !this.stop.aborted
    try {
      await this.parts.writers.finish(!isGood ? 'undo' : this.parts.dryRun ? 'rehearse' : 'commit')
    } catch (error) {
      this.ledger.failRun(toAppError(error))
    }
    const undone =
      this.ledger.error ?? (this.stop.aborted ? new AppError('RUN_CANCELLED', 'The run was stopped.') : undefined)
    for (const [root, tell] of this.held) {
      if (!undone) tell()
      else if (this.stop.aborted) this.ledger.node(root, 'cancelled')
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
    if (this.parts.dryRun && error.code === 'QUERY_MISSING' && this.afterEffect(stage)) {
      this.ledger.events.log(
        'warn',
        culprit,
        `Left out of the dry run: ${error.message} An earlier node would have made it.`,
      )
      for (const id of stage.members) this.ledger.node(id, 'cancelled')
      return
    }
    const behind = descendants(this.parts.pipeline, culprit)
    for (const id of stage.members) {
      if (id === culprit) this.ledger.fail(id, error)
      else this.ledger.node(id, behind.has(id) ? 'skipped' : 'cancelled')
    }
  }

  private afterEffect(stage: Stage): boolean {
    return stage.dependsOn.some((root) => this.plan.nodes.get(root)?.definition.effect)
  }
}

const lateCommit = (node: string) =>
  new AppError('LIMIT_TIME', `The time limit of the node ${node} passed while its work was being committed.`, {
    hint: 'The database may or may not have kept it: look at the target before running again.',
    at: { node },
  })
