import type { Column } from '../../shared/data/types.ts'
import type { Row } from '../../shared/data/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { bindParams, fetchKey, type Params, type RowObject, rowObject } from './connector-params.ts'
import { Cursor } from './cursor.ts'
import type { Database, Session } from './dialect.ts'

export type { Param, Params, RowObject } from './connector-params.ts'
export type { Cursor } from './cursor.ts'

/** What a statement did. `affected` is null where the database does not say. */
export interface Executed {
  affected: number | null
  columns: Column[]
  rows: RowObject[]
}

const DEFAULT_SIZE = 1000

/** The calls that a connector and a transaction have in common. */
export abstract class Queries {
  /** Lends a session for one piece of work. */
  protected abstract borrow(): Promise<{ session: Session; giveBack(): Promise<void> }>

  /** Runs one statement. Rows it returns (RETURNING, SELECT) are given whole; for many rows use `stream`. */
  execute(sql: string, params: Params = {}): Promise<Executed> {
    return this.with(async (session) => {
      const { affected, columns, rows } = await session.execute({ sql, params: bindParams(params) })
      return { affected, columns, rows: rows.map((row) => rowObject(row, columns)) }
    })
  }

  /** Runs one statement once per set of values, all or none. Returns the rows changed in all. */
  executeMany(sql: string, rows: Iterable<Params> | AsyncIterable<Params>): Promise<number> {
    return this.with((session) => session.executeMany({ sql }, boundRows(rows)))
  }

  /** The first row, or undefined when there is none. */
  async fetchOne(sql: string, params: Params = {}): Promise<RowObject | undefined> {
    await using cursor = this.cursor(sql, params)
    return (await cursor.fetch(1))[0]
  }

  /** All rows, in memory. */
  async fetchAll(sql: string, params: Params = {}): Promise<RowObject[]> {
    await using cursor = this.cursor(sql, params)
    const all: RowObject[] = []
    for await (const row of cursor) all.push(row)
    return all
  }

  /** All rows as arrays, with the columns whose order they follow. */
  async fetchArrays(sql: string, params: Params = {}): Promise<{ columns: Column[]; rows: Row[] }> {
    await using cursor = this.cursor(sql, params)
    const columns = await cursor.columns()
    const rows: Row[] = []
    for (let part = await cursor.fetchArrays(); part.length > 0; part = await cursor.fetchArrays()) rows.push(...part)
    return { columns, rows }
  }

  /** Rows one by one, however many there are. Leaving the loop ends the query on the server. */
  async *stream(sql: string, params: Params = {}, options: { size?: number } = {}): AsyncGenerator<RowObject> {
    await using cursor = this.cursor(sql, params)
    const size = options.size ?? DEFAULT_SIZE
    for (let rows = await cursor.fetch(size); rows.length > 0; rows = await cursor.fetch(size)) yield* rows
  }

  /**
   * A handle on the rows of a query, which starts when they are first asked for. Every cursor is a query of its own,
   * also when another has the same text and values.
   */
  cursor(sql: string, params: Params = {}): Cursor {
    let giveBack = async () => {}
    return new Cursor(
      async () => {
        const borrowed = await this.borrow()
        giveBack = borrowed.giveBack
        return borrowed.session.read({ sql, params: bindParams(params) })
      },
      () => giveBack(),
    )
  }

  private async with<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { session, giveBack } = await this.borrow()
    try {
      return await work(session)
    } finally {
      await giveBack()
    }
  }
}

async function* boundRows(rows: Iterable<Params> | AsyncIterable<Params>) {
  for await (const row of rows) yield bindParams(row)
}

export interface ConnectorOptions {
  /** Stops whatever runs when it aborts; later calls reject with RUN_CANCELLED. */
  signal?: AbortSignal
  /** Leaves the database open on `close`, for one that somebody else opened. */
  keepOpen?: boolean
}

/**
 * A database to script against: values are bound by name (`:name`), rows come as objects whose values follow the
 * types of their columns (64-bit integers as bigint, decimals and times as exact text, bytes as Uint8Array).
 *
 *     await using shop = await Connector.open('shop', connect)
 *     const order = await shop.fetchOne('select * from orders where id = :id', { id: 7 })
 *     for await (const row of shop.stream('select * from orders')) …
 *
 * Each call may use another connection of the pool. Statements that belong together go into `transaction`.
 */
export class Connector extends Queries implements AsyncDisposable {
  readonly database: Database
  private readonly options: ConnectorOptions
  private readonly fetches = new Map<string, Cursor>()
  private readonly sessions = new Set<Session>()
  private closed = false

  constructor(database: Database, options: ConnectorOptions = {}) {
    super()
    this.database = database
    this.options = options
  }

  /** Opens a saved connection by name. `resolve` finds and opens it. @throws AppError CONNECTION_* */
  static async open(
    name: string,
    resolve: (name: string) => Promise<Database>,
    options: ConnectorOptions = {},
  ): Promise<Connector> {
    return new Connector(await resolve(name), options)
  }

  /**
   * The next rows of a query, at most `size`. The same text and values continue where the last call stopped; an empty
   * answer means the end, and the call after it starts anew.
   */
  async fetchMany(sql: string, params: Params = {}, options: { size?: number } = {}): Promise<RowObject[]> {
    const key = fetchKey(sql, params)
    const cursor = this.fetches.get(key) ?? this.cursor(sql, params)
    this.fetches.set(key, cursor)
    try {
      const rows = await cursor.fetch(options.size ?? DEFAULT_SIZE)
      if (rows.length === 0) this.fetches.delete(key)
      return rows
    } catch (error) {
      this.fetches.delete(key)
      throw error
    }
  }

  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { session, giveBack } = await this.borrow()
    try {
      await session.begin()
      const transaction = new Transaction(session)
      const result = await work(transaction)
      transaction.checkFinished()
      await session.commit()
      return result
    } finally {
      // Gives up what was not committed.
      await giveBack()
    }
  }

  /** Forgets how far `fetchMany` has come with every query, and ends those queries. */
  async reset(): Promise<void> {
    const running = [...this.fetches.values()]
    this.fetches.clear()
    await Promise.all(running.map((cursor) => cursor.close()))
  }

  /** Ends everything that runs and closes the connection. */
  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    await this.reset()
    await Promise.all([...this.sessions].map((session) => session.release()))
    if (!this.options.keepOpen) await this.database.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  protected async borrow() {
    if (this.closed) throw new AppError('RUN_STATE', 'The connector was closed.')
    const session = await this.database.session(this.options.signal)
    this.sessions.add(session)
    const giveBack = async () => {
      this.sessions.delete(session)
      await session.release()
    }
    return { session, giveBack }
  }
}

/** The calls of a connector on one connection, in one transaction. One query or statement runs at a time. */
export class Transaction extends Queries {
  private readonly session: Session
  private busy = false

  constructor(session: Session) {
    super()
    this.session = session
  }

  /** @throws AppError RUN_STATE when a query of the transaction is still running. */
  checkFinished(): void {
    if (!this.busy) return
    throw new AppError('RUN_STATE', 'A query of the transaction is still being fetched.', {
      hint: 'Fetch its rows to the end, or close its cursor, before the next call.',
    })
  }

  protected async borrow() {
    this.checkFinished()
    this.busy = true
    const giveBack = async () => {
      this.busy = false
    }
    return { session: this.session, giveBack }
  }
}
