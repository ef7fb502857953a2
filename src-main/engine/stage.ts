import type { Column } from '../../shared/data/types.ts'
import { uniqueNames } from '../../shared/data/types.ts'
import type { Row, WireFormat } from '../../shared/data/wire.ts'
import { typedRow, WireReader } from '../../shared/data/wire-reader.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { NodeCounts } from '../../shared/run.ts'
import { runnerOf, transformSql } from './analyse.ts'
import { drain, type Feed, feed } from './duck/pipes.ts'
import { cancelled, type DuckSession } from './duck/session.ts'
import { literal, quote, selectFromWire, selectWire } from './duck/types.ts'
import type { SinkExecutor, SinkTools } from './executors.ts'
import type { NodeContext, NodeInput, RowQuery, RowStream } from './node-context.ts'
import type { PlannedEdge, PlannedNode, Stage } from './plan.ts'
import type { Output, Scope, Teller } from './scope.ts'

/** Rows kept to be shown where not all are. */
export interface Sample {
  columns: Column[]
  rows: Row[]
}

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
  signal: AbortSignal
}

interface Relation {
  relation: string
  columns: Column[]
}

export const outputKey = (node: string, port: string) => `${node}:${port}`

/**
 * One attempt at a stage. Sources feed the embedded engine through pipes, or go straight to the node that takes them; whichever part
 * fails first stops the others, and its error is the stage's.
 */
export class StageRun {
  readonly counts = new Map<string, NodeCounts>()
  readonly columns = new Map<string, Column[]>()
  readonly samples = new Map<string, Sample>()
  private readonly options: StageOptions
  private readonly abort = new AbortController()
  private readonly signal: AbortSignal
  private readonly feeds: { node: string; feed: Feed }[] = []
  private readonly queries: { node: string; query: RowQuery }[] = []
  private readonly views: { node: string; relation: string; sql: string }[] = []
  private session: Promise<DuckSession> | undefined
  private failure: AppError | undefined

  constructor(options: StageOptions) {
    this.options = options
    this.signal = AbortSignal.any([options.signal, this.abort.signal])
  }

  /** @throws AppError placed on the node that failed; RUN_CANCELLED when the run was stopped */
  async run(): Promise<void> {
    const root = this.node(this.options.stage.root)
    try {
      const { executor } = root
      if (executor?.role === 'sink') await this.runSink(root, await executor.load())
      else if (executor?.role === 'gate') await this.runGate(root, await executor.load())
      else await this.keepRows(root)
    } catch (error) {
      this.fail(error, root.id)
      throw await this.rootCause()
    } finally {
      this.abort.abort()
      await this.cleanUp()
    }
  }

  private node(id: string): PlannedNode {
    const node = this.options.nodes.get(id)
    if (!node) throw new AppError('INTERNAL', `The plan has no node ${id}.`)
    return node
  }

  private inStage(id: string): boolean {
    return this.options.stage.members.includes(id)
  }

  private context(node: PlannedNode): NodeContext {
    return this.options.scope.contextOf(node, this.signal, {
      log: this.options.tell.log,
      progress: (id, counts) => this.count(id, counts),
    })
  }

  private count(node: string, counts: NodeCounts): void {
    const merged = { ...this.counts.get(node), ...counts }
    this.counts.set(node, merged)
    this.options.tell.progress(node, merged)
  }

  private duck(): Promise<DuckSession> {
    this.session ??= this.options.scope
      .duck()
      .then((duck) => duck.connect(this.options.scope.surroundings.params, this.signal))
    return this.session
  }

  /** The first failure wins: it stops the rest, whose own complaints are consequences. */
  private fail(error: unknown, node: string): AppError {
    this.failure ??= toAppError(error).placed({ node })
    this.abort.abort()
    return this.failure
  }

  private async rootCause(): Promise<AppError> {
    if (this.options.signal.aborted) return cancelled()
    const failure = this.failure ?? cancelled()
    return failure.at.node === this.options.stage.root ? await this.blame(failure) : failure
  }

  /**
   * A query over several fused nodes fails as one. The error belongs to the first of them that cannot be computed by
   * itself, which is found where all of them read rows that can be read again.
   */
  private async blame(failure: AppError): Promise<AppError> {
    if (!failure.code.startsWith('DATA_') || this.feeds.length > 0 || this.views.length === 0) return failure
    const session = await (await this.options.scope.duck()).connect(
      this.options.scope.surroundings.params,
      this.options.signal,
    )
    try {
      for (const view of this.views) {
        await session.run(view.sql)
        try {
          await session.run(`CREATE OR REPLACE TEMP TABLE "probe of a failed stage" AS SELECT * FROM ${view.relation}`)
        } catch (error) {
          return toAppError(error).placed({ node: view.node })
        }
      }
      return failure
    } catch {
      return failure
    } finally {
      session.close()
    }
  }

  private async cleanUp(): Promise<void> {
    const session = await this.session?.catch(() => undefined)
    session?.close()
    for (const { feed: pipe } of this.feeds) await pipe.dispose()
  }

  private async runSink(node: PlannedNode, executor: SinkExecutor<unknown>): Promise<void> {
    const [edge] = node.inputs
    const input = edge && (await this.input(edge))
    const started = this.counts.get(node.id)
    const result = await executor.run(this.context(node), input, { ...this.options.tools, duck: this.runner() })
    this.count(node.id, { ...started, ...result.counts })
    if (
      edge &&
      this.inStage(edge.from) &&
      this.counts.get(edge.from)?.rowsOut === undefined &&
      result.counts.rowsIn !== undefined
    ) {
      this.count(edge.from, { rowsOut: result.counts.rowsIn })
    }
    for (const port of this.options.keep) {
      const rows = result.outputs?.[port]
      if (rows) await this.keepStream(node, port, rows)
    }
  }

  private async runGate(node: PlannedNode, executor: SinkExecutor<unknown>): Promise<void> {
    const [edge] = node.inputs
    if (!edge) throw new AppError('GRAPH_PORT', `The node ${node.id} needs rows.`)
    const input = await this.input(edge)
    await executor.run(this.context(node), input, { ...this.options.tools, duck: this.runner() })
    const output = this.options.outputs.get(outputKey(edge.from, edge.fromPort))
    if (!output) throw new AppError('INTERNAL', `The rows of ${edge.from} are not kept.`)
    this.count(node.id, { rowsIn: output.rows, rowsOut: output.rows })
    this.options.outputs.set(outputKey(node.id, 'out'), output)
    await this.sample(node.id, 'out', output)
  }

  private async keepRows(node: PlannedNode): Promise<void> {
    const relations = await this.relationsOf(node)
    let rowsOut = 0
    for (const port of this.options.keep) {
      const relation = relations.get(port)
      if (relation) rowsOut += await this.materialise(node, port, relation)
    }
    this.count(node.id, { rowsOut })
  }

  private async keepStream(node: PlannedNode, port: string, rows: RowStream): Promise<void> {
    const name = `${node.id}:${port}`
    const relation = await this.viewOfStream(node, name, { ...rows, columns: uniqueNames(rows.columns) })
    await this.materialise(node, port, relation)
  }

  private async materialise(node: PlannedNode, port: string, { relation, columns }: Relation): Promise<number> {
    const name = outputKey(node.id, port)
    const table = `rows.main.${quote(name)}`
    await this.query(async (session) => {
      await session.run(`DROP TABLE IF EXISTS ${table}`)
      await session.run(`CREATE TABLE ${table} AS SELECT * FROM ${relation}`)
    }, node.id)
    const session = await this.duck()
    const rows = await session.number(`SELECT count(*) FROM ${table}`)
    const output = { relation: table, columns, rows, file: this.options.scope.file, table: name }
    this.options.outputs.set(outputKey(node.id, port), output)
    await this.sample(node.id, port, output)
    return rows
  }

  private async sample(node: string, port: string, { relation, columns }: Relation): Promise<void> {
    const { rows } = await (await this.duck()).rows(`SELECT * FROM ${relation} LIMIT ${sampleSize}`)
    this.samples.set(outputKey(node, port), { columns, rows })
    this.columns.set(outputKey(node, port), columns)
  }

  /** What a node is given at a port. */
  private async input(edge: PlannedEdge): Promise<NodeInput> {
    const from = this.node(edge.from)
    if (this.inStage(from.id) && (from.executor?.role === 'source' || from.executor?.role === 'rows')) {
      const opened = await this.open(from)
      if ('bytes' in opened) return this.directInput(edge, from, opened)
      return this.relationInput(edge, await this.viewOfQuery(from, opened))
    }
    return this.relationInput(edge, await this.relationFor(edge))
  }

  /** Rows straight from their source; they reach DuckDB only if the node asks for a relation. */
  private directInput(edge: PlannedEdge, from: PlannedNode, stream: RowStream): NodeInput {
    const columns = uniqueNames(stream.columns)
    this.columns.set(outputKey(from.id, edge.fromPort), columns)
    return {
      port: edge.port,
      columns,
      bytes: (format) => this.sampled(from.id, edge.fromPort, columns, this.watched(from, stream, format)),
      relation: async () => (await this.viewOfStream(from, from.id, { ...stream, columns })).relation,
    }
  }

  private relationInput(edge: PlannedEdge, { relation, columns }: Relation): NodeInput {
    this.columns.set(outputKey(edge.from, edge.fromPort), columns)
    return {
      port: edge.port,
      columns,
      bytes: (format) =>
        this.sampled(edge.from, edge.fromPort, columns, this.drained(edge.from, relation, columns, format)),
      relation: async () => relation,
    }
  }

  private async *drained(
    node: string,
    relation: string,
    columns: Column[],
    format: WireFormat,
  ): AsyncIterable<Uint8Array> {
    const pipe = await drain(this.options.scope.scratch)
    // A lone text that reads `\.` would end Postgres' input unless it is quoted.
    const quoting = columns.length === 1 ? ', FORCE_QUOTE *' : ''
    const copy = `COPY (${selectWire(relation, columns, format)}) TO ${literal(pipe.path)} (FORMAT csv, HEADER false, NULLSTR '', USE_TMP_FILE false${quoting})`
    const query = this.query((session) => session.run(copy), node)
    query.catch(() => undefined)
    try {
      yield* pipe.bytes(query)
    } finally {
      await pipe.dispose()
    }
  }

  /** Counts a source's rows and puts its failure first. */
  private async *watched(node: PlannedNode, stream: RowStream, format: WireFormat): AsyncIterable<Uint8Array> {
    try {
      for await (const piece of stream.bytes(format)) {
        this.count(node.id, { rowsOut: stream.rowsRead })
        yield piece
      }
      this.count(node.id, { rowsOut: stream.rowsRead })
    } catch (error) {
      throw this.fail(error, node.id)
    }
  }

  /** Keeps the first rows of a stream as its sample, without parsing the rest. */
  private async *sampled(
    node: string,
    port: string,
    columns: Column[],
    bytes: AsyncIterable<Uint8Array>,
  ): AsyncIterable<Uint8Array> {
    let first = true
    for await (const piece of bytes) {
      if (first) {
        first = false
        const fields = new WireReader().push(new TextDecoder().decode(piece.subarray(0, 64 * 1024), { stream: true }))
        this.samples.set(outputKey(node, port), { columns, rows: sampleRows(fields.slice(0, sampleSize), columns) })
      }
      yield piece
    }
    if (first) this.samples.set(outputKey(node, port), { columns, rows: [] })
  }

  private async open(node: PlannedNode): Promise<RowStream | RowQuery> {
    try {
      const context = {
        ...this.context(node),
        ...(node.executor?.role === 'source' && !node.executor.piped ? { duck: this.runner() } : {}),
      }
      if (node.executor?.role === 'source') return await (await node.executor.load()).open(context)
      const [edge] = node.inputs
      if (node.executor?.role !== 'rows' || !edge) throw new AppError('GRAPH_PORT', `The node ${node.id} needs rows.`)
      const input = await this.input(edge)
      return await (await node.executor.load()).open(context, input)
    } catch (error) {
      throw this.fail(error, node.id)
    }
  }

  /** The relation that an edge brings: kept rows, or a view over what flows in this stage. */
  private async relationFor(edge: PlannedEdge): Promise<Relation> {
    if (!this.inStage(edge.from)) {
      const output = this.options.outputs.get(outputKey(edge.from, edge.fromPort))
      if (!output) throw new AppError('INTERNAL', `The rows of ${edge.from} are not kept.`)
      return output
    }
    const relation = (await this.relationsOf(this.node(edge.from))).get(edge.fromPort)
    if (!relation) throw new AppError('GRAPH_PORT', `The node ${edge.from} has no port ${edge.fromPort}.`)
    return relation
  }

  private async relationsOf(node: PlannedNode): Promise<Map<string, Relation>> {
    if (node.executor) {
      const opened = await this.open(node)
      const relation =
        'bytes' in opened ? await this.viewOfStream(node, node.id, opened) : await this.viewOfQuery(node, opened)
      return new Map([['out', relation]])
    }
    const inputs = []
    for (const edge of node.inputs) inputs.push({ port: edge.port, ...(await this.relationFor(edge)) })
    const relations = new Map<string, Relation>()
    try {
      for (const [port, select] of Object.entries(transformSql(node, inputs))) {
        relations.set(port, await this.view(node.id, outputKey(node.id, port), select))
      }
    } catch (error) {
      throw this.fail(error, node.id)
    }
    return relations
  }

  private async viewOfQuery(node: PlannedNode, query: RowQuery): Promise<Relation> {
    this.queries.push({ node: node.id, query })
    try {
      return await this.view(node.id, node.id, query.select)
    } catch (error) {
      throw this.fail(query.explain?.(rawError(error)) ?? error, node.id)
    }
  }

  private async viewOfStream(node: PlannedNode, name: string, stream: RowStream): Promise<Relation> {
    const columns = uniqueNames(stream.columns)
    const pipe = await feed(this.options.scope.scratch, this.watched(node, stream, { lists: 'json' }))
    this.feeds.push({ node: node.id, feed: pipe })
    return this.view(node.id, name, selectFromWire(pipe.path, columns))
  }

  /** A temporary view; structures become JSON text, names become unique. */
  private async view(node: string, name: string, select: string): Promise<Relation> {
    const session = await this.duck()
    const { columns: bare, nested } = await session.describe(select)
    const columns = uniqueNames(bare)
    const fields = columns.map((column) =>
      nested.has(column.name) ? `to_json(${quote(column.name)}) AS ${quote(column.name)}` : quote(column.name),
    )
    const names = columns.map((column) => quote(column.name)).join(', ')
    const relation = `temp.main.${quote(name)}`
    const sql = `CREATE OR REPLACE TEMP VIEW ${quote(name)} AS SELECT ${fields.join(', ')} FROM (\n${select}\n) AS q(${names})`
    await session.run(sql)
    this.views.push({ node, relation, sql })
    return { relation, columns }
  }

  /** Runs a query while its feeds are pumped; done only when both are, so an early end of a feed never passes for success. */
  private async query<T>(work: (session: DuckSession) => Promise<T>, node: string): Promise<T> {
    const session = await this.duck()
    const queryDone = new AbortController()
    const pumps = this.feeds.map((entry) =>
      entry.feed.pump(queryDone.signal).catch((error: unknown) => {
        throw this.fail(error, entry.node)
      }),
    )
    const pumped = Promise.all(pumps)
    pumped.catch(() => undefined)
    try {
      const result = await work(session)
      queryDone.abort()
      await pumped
      for (const { query } of this.queries) await query.finished?.(runnerOf(session))
      if (this.failure) throw this.failure
      return result
    } catch (error) {
      throw this.fail(this.explained(error), node)
    } finally {
      queryDone.abort()
    }
  }

  /** An error that a file's own reader understands better than the engine's message. */
  private explained(error: unknown): unknown {
    for (const { node, query } of this.queries) {
      const known = query.explain?.(rawError(error))
      if (known) return known.placed({ node })
    }
    return error
  }

  private runner() {
    return {
      run: (sql: string) =>
        this.query(async (session) => ({ rowsChanged: await session.run(sql) }), this.options.stage.root),
      columns: async (select: string) => (await (await this.duck()).describe(select)).columns,
      text: async (select: string) => (await this.duck()).text(select),
    }
  }
}

const rawError = (error: unknown) => (error instanceof AppError && error.cause !== undefined ? error.cause : error)

/** A sample is a courtesy: a row that cannot be typed here fails where it is really used, with a better message. */
function sampleRows(fields: ReturnType<WireReader['push']>, columns: Column[]): Row[] {
  try {
    return fields.map((row) => typedRow(row, columns))
  } catch {
    return []
  }
}
