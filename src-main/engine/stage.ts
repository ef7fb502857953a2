import { AppError, toAppError } from '../../shared/errors.ts'
import type { NodeCounts } from '../../shared/run.ts'
import { quoteName } from '../../shared/sql/duckdb.ts'
import { Attempt, outputKey, type Sample, type StageOptions, sampleSize } from './attempt.ts'
import type { SinkExecutor } from './executors.ts'
import { Flow, type Relation } from './flow.ts'
import { connectionOf, type PlannedNode } from './plan.ts'

/**
 * One attempt at a stage. Whichever part fails first stops the others, and its error is the stage's.
 */
export class StageRun {
  private readonly attempt: Attempt
  private readonly flow: Flow

  constructor(options: StageOptions) {
    this.attempt = new Attempt(options)
    this.flow = new Flow(this.attempt)
  }

  get counts(): ReadonlyMap<string, NodeCounts> {
    return this.attempt.counts
  }

  /** First rows by `node:port`. */
  get samples(): ReadonlyMap<string, Sample> {
    return this.attempt.samples
  }

  /** @throws AppError placed on the node that failed; RUN_CANCELLED when the run was stopped */
  async run(): Promise<void> {
    const root = this.attempt.node(this.attempt.options.stage.root)
    try {
      const { executor } = root
      if (executor?.role === 'sink') await this.runSink(root, await executor.load())
      else if (executor?.role === 'gate') await this.runGate(root, await executor.load())
      else await this.keepRows(root)
    } catch (error) {
      this.attempt.fail(error, root.id)
      throw await this.blame(this.attempt.cause())
    } finally {
      this.attempt.end()
      await this.flow.dispose()
      await this.attempt.takeBack()
    }
  }

  private get tools() {
    return { ...this.attempt.options.tools, duck: this.flow.runner() }
  }

  private async runSink(node: PlannedNode, executor: SinkExecutor<unknown>): Promise<void> {
    const [edge] = node.inputs
    const warm = this.warmUp(node)
    const input = edge && (await this.flow.input(edge).finally(() => warm))
    const { counts, outputs } = await executor.run(this.attempt.context(node), input, this.tools)
    this.attempt.count(node.id, counts)
    // A transform that was not kept has no count of its own; what arrived is what it gave.
    if (edge && this.attempt.holds(edge.from) && this.attempt.counts.get(edge.from)?.rowsOut === undefined) {
      this.attempt.count(edge.from, counts.rowsIn === undefined ? {} : { rowsOut: counts.rowsIn })
    }
    for (const port of this.attempt.options.keep) {
      const rows = outputs?.[port]
      if (rows) await this.materialise(node, port, await this.flow.viewOfStream(node, port, rows, true))
    }
  }

  /** Connects to where the rows will go while their source is opened; a connection that fails says so when it is used. */
  private async warmUp(node: PlannedNode): Promise<void> {
    const { scope } = this.attempt.options
    const connection = connectionOf(node)
    if (connection === undefined) return
    try {
      await (await (await scope.connect(connection)).session(this.attempt.signal)).release()
    } catch {
      return
    }
  }

  /** Rows pass a gate as they are: its output is its input's. */
  private async runGate(node: PlannedNode, executor: SinkExecutor<unknown>): Promise<void> {
    const [edge] = node.inputs
    if (!edge) throw new AppError('GRAPH_PORT', `The node ${node.id} needs rows.`)
    const output = this.attempt.output(edge.from, edge.fromPort)
    await executor.run(this.attempt.context(node), await this.flow.input(edge), this.tools)
    this.attempt.count(node.id, { rowsIn: output.rows, rowsOut: output.rows })
    this.attempt.options.outputs.set(outputKey(node.id, 'out'), output)
    await this.sample(node.id, 'out', output)
  }

  private async keepRows(node: PlannedNode): Promise<void> {
    const relations = await this.flow.relationsOf(node, true)
    const ports: Record<string, number> = {}
    for (const port of this.attempt.options.keep) {
      const relation = relations.get(port)
      if (relation) ports[port] = await this.materialise(node, port, relation)
    }
    const first = ports[node.definition.outputs[0]?.name ?? 'out']
    const several = node.definition.outputs.length > 1
    this.attempt.count(node.id, { ...(first === undefined ? {} : { rowsOut: first }), ...(several ? { ports } : {}) })
  }

  private async materialise(node: PlannedNode, port: string, { relation, columns }: Relation): Promise<number> {
    const table = outputKey(node.id, port)
    const kept = `rows.main.${quoteName(table)}`
    const rowsOf = `SELECT * FROM ${relation}`
    await this.flow.query(
      rowsOf,
      async (session) => {
        await session.run(`DROP TABLE IF EXISTS ${kept}`)
        await session.run(`CREATE TABLE ${kept} AS ${rowsOf}`)
      },
      node.id,
    )
    const rows = await (await this.flow.duck()).number(`SELECT count(*) FROM ${kept}`)
    const output = { relation: kept, columns, rows, file: this.attempt.options.scope.file, table }
    this.attempt.options.outputs.set(table, output)
    await this.sample(node.id, port, output)
    return rows
  }

  private async sample(node: string, port: string, { relation, columns }: Relation): Promise<void> {
    const { rows } = await (await this.flow.duck()).rows(`SELECT * FROM ${relation} LIMIT ${sampleSize}`)
    this.attempt.show(node, port, { columns, rows })
  }

  /**
   * A query over several fused nodes fails as one. The error belongs to the first of them that cannot be computed by
   * itself, which is found where all of them read rows that can be read again.
   */
  private async blame(failure: AppError): Promise<AppError> {
    const fused = failure.at.node === this.attempt.options.stage.root && failure.code.startsWith('DATA_')
    if (!fused || this.flow.feeds.length > 0 || this.flow.views.length < 2) return failure
    const session = await this.attempt.postMortem()
    try {
      for (const view of this.flow.views) {
        await session.run(view.sql)
        const probe = `CREATE OR REPLACE TEMP TABLE "probe of a failed stage" AS SELECT * FROM ${view.relation}`
        const error = await session.run(probe).then(
          () => undefined,
          (thrown: unknown) => toAppError(thrown),
        )
        if (error) return error.placed({ node: view.node })
      }
      return failure
    } finally {
      session.close()
    }
  }
}
