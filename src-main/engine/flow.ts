import { type Column, uniqueNames } from '../../shared/data/types.ts'
import type { WireFormat } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { quoteName } from '../../shared/sql/duckdb.ts'
import { runnerOf, transformSql } from './analyse.ts'
import { type Attempt, outputKey } from './attempt.ts'
import { drain, feed, whilePumped } from './duck/pipes.ts'
import { ReadAhead } from './duck/read-ahead.ts'
import type { DuckSession } from './duck/session.ts'
import { copyToWire, selectFromWire } from './duck/wire.ts'
import { rawError, wireError } from './duck/wire-errors.ts'
import { type Fed, narrowed } from './fed.ts'
import type { DuckRunner, NodeInput, RowQuery, RowStream } from './node-context.ts'
import type { PlannedEdge, PlannedNode } from './plan.ts'
import { sampled, watched } from './watch.ts'

export interface Relation {
  relation: string
  columns: Column[]
}

export interface View {
  node: string
  relation: string
  sql: string
}

/**
 * How rows flow inside one attempt: sources are opened, fed to the embedded engine through pipes or handed straight to the node that takes
 * them; transforms become temporary views over each other.
 */
export class Flow {
  readonly views: View[] = []
  readonly feeds: Fed[] = []
  private readonly attempt: Attempt
  private readonly queries: { node: string; query: RowQuery }[] = []
  private readonly inner: Flow[] = []
  private readonly early: ReadAhead[] = []
  private session: Promise<DuckSession> | undefined

  constructor(attempt: Attempt) {
    this.attempt = attempt
  }

  private get toTable(): boolean {
    return this.attempt.options.keep.length > 0
  }

  /** The connection that this flow's views live on. */
  duck(): Promise<DuckSession> {
    this.session ??= this.attempt.connect()
    return this.session
  }

  /** What a node is given at a port. */
  async input(edge: PlannedEdge): Promise<NodeInput> {
    const from = this.attempt.node(edge.from)
    if (this.attempt.holds(from.id) && from.executor) {
      const opened = await this.open(from)
      if ('bytes' in opened) return this.directInput(edge, from, opened)
      return this.relationInput(edge, await this.viewOfQuery(from, opened), opened)
    }
    return this.relationInput(edge, await this.relationFor(edge))
  }

  /** Rows straight from their source; they reach the embedded engine only if the node asks for a relation. */
  private directInput(edge: PlannedEdge, from: PlannedNode, stream: RowStream): NodeInput {
    const columns = uniqueNames(stream.columns)
    let early: ReadAhead | undefined
    return {
      port: edge.port,
      columns,
      bytes: (format) => sampled(this.attempt, edge, () => columns, watched(this.attempt, from, stream, format)),
      relation: async (reads) => {
        const view = await this.viewOfStream(from, edge.fromPort, stream, reads === 'all columns')
        early = view.early
        return view.relation
      },
      rowBytes: async () => early?.rowBytes(),
    }
  }

  private relationInput(edge: PlannedEdge, { relation, columns }: Relation, query?: RowQuery): NodeInput {
    return {
      verbatim: () => {
        const bytes = query?.verbatim?.(columns)
        return bytes && sampled(this.attempt, edge, () => columns, bytes)
      },
      port: edge.port,
      columns,
      bytes: (format) =>
        sampled(this.attempt, edge, () => columns, this.drained(edge.from, { relation, columns }, format)),
      relation: async () => relation,
    }
  }

  /** The relations of a node of this stage, by output port. Where all columns will be read a source starts at once. */
  async relationsOf(node: PlannedNode, whole = false): Promise<Map<string, Relation>> {
    if (node.executor) {
      const opened = await this.open(node)
      const relation =
        'bytes' in opened ? await this.viewOfStream(node, 'out', opened, whole) : await this.viewOfQuery(node, opened)
      return new Map([['out', relation]])
    }
    const inputs = []
    for (const edge of node.inputs) inputs.push({ ...(await this.relationFor(edge)), port: edge.port })
    const relations = new Map<string, Relation>()
    try {
      for (const [port, select] of Object.entries(
        transformSql(node, inputs, this.attempt.options.scope.surroundings.params),
      )) {
        relations.set(port, await this.view(node.id, outputKey(node.id, port), select))
      }
    } catch (error) {
      throw this.attempt.fail(error, node.id)
    }
    return relations
  }

  /** The relation that an edge brings: kept rows, or a view over what flows in this stage. */
  private async relationFor(edge: PlannedEdge): Promise<Relation> {
    if (!this.attempt.holds(edge.from)) return this.attempt.output(edge.from, edge.fromPort)
    const relation = (await this.relationsOf(this.attempt.node(edge.from))).get(edge.fromPort)
    if (!relation) throw new AppError('GRAPH_PORT', `The node ${edge.from} has no port ${edge.fromPort}.`)
    return relation
  }

  private async open(node: PlannedNode): Promise<RowStream | RowQuery> {
    const { executor } = node
    const context = this.attempt.context(node)
    try {
      if (executor?.role === 'source') {
        return await (await executor.load()).open({ ...context, duck: this.runner() })
      }
      const [edge] = node.inputs
      if (executor?.role !== 'rows' || !edge) throw new AppError('GRAPH_PORT', `The node ${node.id} needs rows.`)
      // Its rows come out of one query while they go into the next, and a connection runs one query at a time.
      const before = new Flow(this.attempt)
      this.inner.push(before)
      return await (await executor.load()).open(context, await before.input(edge))
    } catch (error) {
      throw this.attempt.fail(error, node.id)
    }
  }

  private async viewOfQuery(node: PlannedNode, query: RowQuery): Promise<Relation> {
    this.queries.push({ node: node.id, query })
    try {
      return await this.view(node.id, node.id, query.select)
    } catch (error) {
      throw this.attempt.fail(query.explain?.(rawError(error)) ?? error, node.id)
    }
  }

  /** A view that reads a stream once, through a pipe that is pumped by the query over it. A `whole` one starts at once. */
  async viewOfStream(
    node: PlannedNode,
    port: string,
    stream: RowStream,
    whole = false,
  ): Promise<Relation & { early?: ReadAhead }> {
    const columns = uniqueNames(stream.columns)
    const counted = watched(this.attempt, node, stream, { lists: 'json' })
    const fed = {
      node: node.id,
      stream,
      whole,
      columns,
      arriving: columns,
      view: outputKey(node.id, port),
      prefix: `f${this.feeds.length}`,
    }
    const shown = sampled(this.attempt, { from: node.id, fromPort: port }, () => fed.arriving, counted)
    const early = whole ? new ReadAhead(shown) : undefined
    if (early) this.early.push(early)
    const pipe = await feed(this.attempt.options.scope.scratch, early ?? shown)
    this.feeds.push(Object.assign(fed, { feed: pipe }))
    const select = selectFromWire(pipe.path, columns, fed.prefix, { toTable: this.toTable })
    return { ...(await this.view(node.id, fed.view, select)), ...(early && { early }) }
  }

  /** Asks sources for no more columns than the query reads. */
  private async narrow(session: DuckSession, sql: string): Promise<void> {
    for (const { fed, keep } of await narrowed(this.feeds, session, sql)) {
      const { path } = fed.feed
      const select = selectFromWire(path, fed.columns, fed.prefix, { arriving: keep, toTable: this.toTable })
      await this.view(fed.node, fed.view, select)
    }
  }

  /** A temporary view; values become what their types say, names become unique. */
  private async view(node: string, name: string, select: string): Promise<Relation> {
    const session = await this.duck()
    const { columns: bare, settle } = await session.describe(select)
    const columns = uniqueNames(bare)
    const names = columns.map((column) => quoteName(column.name))
    const fields = columns.map((_, index) => {
      const field = names[index] ?? ''
      return `${settle(field, index)} AS ${field}`
    })
    const relation = `temp.main.${quoteName(name)}`
    const body = `SELECT ${fields.join(', ')} FROM (\n${select}\n) AS q(${names.join(', ')})`
    const sql = `CREATE OR REPLACE TEMP VIEW ${quoteName(name)} AS ${body}`
    await session.run(sql)
    this.views.push({ node, relation, sql })
    return { relation, columns }
  }

  /**
   * Does work around the query `sql` while its feeds are pumped; done only when both are, so an early end of a feed never
   * passes for success.
   */
  async query<T>(sql: string, work: (session: DuckSession) => Promise<T>, node: string): Promise<T> {
    const session = await this.duck()
    await this.narrow(session, sql)
    const pumps = this.feeds.map(({ node: fed, feed: pipe }) => async (queryDone: AbortSignal) => {
      await pipe.pump(queryDone).catch((error: unknown) => {
        throw this.attempt.fail(error, fed)
      })
    })
    try {
      const result = await whilePumped(pumps, () => work(session))
      for (const { query } of this.queries) await query.finished?.(runnerOf(session))
      if (this.attempt.failure) throw this.attempt.failure
      return result
    } catch (error) {
      throw this.attempt.fail(this.explained(error), node)
    }
  }

  /** An error that the reader of a stream or a file understands better than the engine's message says it. */
  private explained(error: unknown): unknown {
    const raw = rawError(error)
    const known = wireError(raw, this.feeds)
    if (known) return known
    for (const { node, query } of this.queries) {
      const said = query.explain?.(raw)
      if (said) return said.placed({ node })
    }
    return error
  }

  /** What nodes may ask of this attempt's connection; a run also pumps and waits for the feeds. */
  runner(): DuckRunner {
    const { root } = this.attempt.options.stage
    return {
      run: (sql) => this.query(sql, async (session) => ({ rowsChanged: await session.run(sql) }), root),
      columns: async (select) => (await (await this.duck()).describe(select)).columns,
      text: async (select) => (await this.duck()).text(select),
    }
  }

  private async *drained(node: string, { relation, columns }: Relation, format: WireFormat): AsyncIterable<Uint8Array> {
    const pipe = await drain(this.attempt.options.scope.scratch)
    const copy = copyToWire(relation, columns, format, pipe.path)
    const query = this.query(copy, async (session) => this.counted(node, await session.run(copy)), node)
    query.catch(() => undefined)
    try {
      yield* pipe.bytes(query)
    } finally {
      await pipe.dispose()
    }
  }

  /** What was not counted on its way in is what went out. */
  private counted(node: string, rows: number): void {
    if (this.attempt.counts.get(node)?.rowsOut === undefined) this.attempt.count(node, { rowsOut: rows })
  }

  /** Temporary views go with the connection. */
  async dispose(): Promise<void> {
    const session = await this.session?.catch(() => undefined)
    session?.close()
    for (const flow of this.inner) await flow.dispose()
    // Not awaited: a source that waits for its server answers when the attempt's signal stops it.
    for (const rows of this.early) rows.return().catch(() => undefined)
    for (const { feed: pipe } of this.feeds) await pipe.dispose()
  }
}
