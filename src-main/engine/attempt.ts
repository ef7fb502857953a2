import type { Column } from '../../shared/data/types.ts'
import type { Row } from '../../shared/data/wire.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { NodeCounts } from '../../shared/run.ts'
import { cancelled } from './duck/errors.ts'
import type { DuckSession } from './duck/session.ts'
import type { SinkTools } from './executors.ts'
import type { NodeContext, ReadSession } from './node-context.ts'
import { connectionOf, type PlannedNode, type Stage } from './plan.ts'
import type { Output, Scope, Teller } from './scope.ts'

/** Rows kept to be shown where not all are. */
export interface Sample {
  columns: Column[]
  rows: Row[]
}

/** Rows of a sample. */
export const sampleSize = 100

export interface StageOptions {
  stage: Stage
  nodes: ReadonlyMap<string, PlannedNode>
  scope: Scope
  /** Outputs of stages that have completed, by `node:port`. */
  outputs: Map<string, Output>
  tell: Teller
  tools: Omit<SinkTools, 'duck'>
  /** Ports of the root whose rows are to be kept. */
  keep: string[]
  /** Told of a node's first rows as soon as they are there. */
  onRows(node: string, port: string, sample: Sample): void
  signal: AbortSignal
}

export const outputKey = (node: string, port: string) => `${node}:${port}`

/** Node ids hold no colon, ports may. */
export function splitKey(key: string): [string, string] {
  const at = key.indexOf(':')
  return [key.slice(0, at), key.slice(at + 1)]
}

/** What all parts of one attempt at a stage share: its counts, its samples and its first failure. */
export class Attempt {
  readonly options: StageOptions
  readonly counts = new Map<string, NodeCounts>()
  readonly samples = new Map<string, Sample>()
  /** Aborts on Stop, on a time limit and when any part of the attempt fails. */
  readonly signal: AbortSignal
  private readonly abort = new AbortController()
  private first: AppError | undefined
  private readonly lent: ReadSession[] = []

  constructor(options: StageOptions) {
    this.options = options
    this.signal = AbortSignal.any([options.signal, this.abort.signal])
  }

  get failure(): AppError | undefined {
    return this.first
  }

  /** The first failure wins: it stops the rest, whose own complaints are consequences. Returns the first. */
  fail(error: unknown, node: string): AppError {
    this.first ??= toAppError(error).placed({ node })
    this.abort.abort()
    return this.first
  }

  /** Why the attempt ended badly. */
  cause(): AppError {
    return this.options.signal.aborted ? cancelled() : (this.first ?? cancelled())
  }

  node(id: string): PlannedNode {
    const node = this.options.nodes.get(id)
    if (!node) throw new AppError('INTERNAL', `The plan has no node ${id}.`)
    return node
  }

  holds(id: string): boolean {
    return this.options.stage.members.includes(id)
  }

  output(node: string, port: string): Output {
    const output = this.options.outputs.get(outputKey(node, port))
    if (!output) throw new AppError('INTERNAL', `The rows of ${node} are not kept.`)
    return output
  }

  context(node: PlannedNode): NodeContext {
    const context = this.options.scope.contextOf(node, this.signal, {
      log: this.options.tell.log,
      progress: (id, counts) => this.count(id, counts),
    })
    if (node.inTransaction) return { ...context, session: (connection) => this.writing(connection) }
    const readers = this.options.stage.members.filter((id) => this.node(id).executor?.role === 'source')
    return { ...context, beside: readers.flatMap((id) => connectionOf(this.node(id)) ?? []) }
  }

  /** The session that nodes of a common transaction take in turns. */
  private async writing(connection: string): Promise<ReadSession> {
    const { session, undo, done } = await this.options.tools.writeSession(connection)
    let given: Promise<void> | undefined
    const end = async (failed: boolean) => {
      if (failed) await undo()
      await done()
    }
    const lent: ReadSession = {
      session,
      giveBack: (failed) => {
        given ??= end(failed)
        return given
      },
    }
    this.lent.push(lent)
    return lent
  }

  /** Takes back what nodes did not give back, so that the next ones have their turn. */
  async takeBack(): Promise<void> {
    for (const { giveBack } of this.lent) await giveBack(true)
  }

  count(node: string, counts: NodeCounts): void {
    const merged = { ...this.counts.get(node), ...counts }
    this.counts.set(node, merged)
    this.options.tell.progress(node, merged)
  }

  show(node: string, port: string, sample: Sample): void {
    this.samples.set(outputKey(node, port), sample)
    this.options.onRows(node, port, sample)
  }

  /** A connection to the embedded engine that ends with the attempt. */
  async connect(): Promise<DuckSession> {
    const { scope } = this.options
    return (await scope.duck()).connect(scope.surroundings.params, this.signal)
  }

  /** A connection that outlives the attempt's failure, to look into it. */
  async postMortem(): Promise<DuckSession> {
    const { scope, signal } = this.options
    return (await scope.duck()).connect(scope.surroundings.params, signal)
  }

  /** Stops whatever still goes. */
  end(): void {
    this.abort.abort()
  }
}
