import { type DuckDBConnection, DuckDBInstance, type DuckDBType, type DuckDBValue } from '@duckdb/node-api'
import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { duckType, filePattern, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import type { BoundValue } from '../../dialects/dialect.ts'
import { fromDuckType, settled } from './column-types.ts'
import { cancelled, duckError } from './errors.ts'
import { parameterProblem } from './parameters.ts'
import { rowsOf } from './values.ts'

export interface DuckOptions {
  /** A database file, or `:memory:`. */
  file: string
  memoryMb: number
  threads: number
  /** Where sorts and joins larger than memory spill. */
  spill: string
  /** Folders that SQL may read and write: pipes and scratch files. */
  folders: string[]
  /** Single files that SQL may read or write: what file nodes name. */
  files: string[]
  /** Files of earlier runs, attached read-only under the given names. */
  attach: { alias: string; file: string }[]
  /** A join with up to so many rows looks each of them up in a large table by its key, instead of reading it all; 50 when absent. */
  lookups?: number
  /**
   * Whether joins hold their right side in memory and pass the left one by, as they are written. The engine otherwise holds the
   * side it takes for the smaller one, and it takes every pipe for 42 rows.
   */
  joinsAsWritten?: boolean
  /** Optimisations that are left out besides. */
  withoutOptimizers?: readonly string[]
  /** Whether the first session can tell how far its query is. */
  progress?: boolean
}

/**
 * The embedded engine of one run or one analysis. After opening, SQL reaches no file but those named, loads no extension and changes
 * no setting.
 */
export class Duck {
  private readonly instance: DuckDBInstance
  /** Knows settings that only a connection made before the lock can have; for the first session. */
  private watched: DuckDBConnection | undefined

  private constructor(instance: DuckDBInstance) {
    this.instance = instance
  }

  static async open(options: DuckOptions): Promise<Duck> {
    try {
      const instance = await DuckDBInstance.create(options.file, {
        memory_limit: `${options.memoryMb}MB`,
        threads: String(options.threads),
        temp_directory: options.spill,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      })
      const duck = new Duck(instance)
      await duck.lockDown(options)
      return duck
    } catch (error) {
      throw duckError(error)
    }
  }

  private async lockDown(options: DuckOptions): Promise<void> {
    const connection = await this.instance.connect()
    const list = (paths: readonly string[]) => `[${paths.map((path) => quoteText(path)).join(', ')}]`
    for (const { alias, file } of options.attach) {
      await connection.run(`ATTACH ${quoteText(file)} AS ${quoteName(alias)} (READ_ONLY)`)
    }
    if (options.lookups !== undefined) {
      await connection.run(`SET GLOBAL dynamic_or_filter_threshold = ${options.lookups}`)
    }
    const without = [...(options.joinsAsWritten ? ['build_side_probe_side'] : []), ...(options.withoutOptimizers ?? [])]
    if (without.length > 0) await connection.run(`SET GLOBAL disabled_optimizers = ${quoteText(without.join(','))}`)
    const folders = options.folders.map((folder) => (folder.endsWith('/') ? folder : `${folder}/`))
    await connection.run(`SET GLOBAL allowed_directories = ${list(folders)}`)
    await connection.run(
      `SET GLOBAL allowed_paths = ${list(options.files.flatMap((file) => [...new Set([file, filePattern(file)])]))}`,
    )
    await connection.run('SET GLOBAL enable_external_access = false')
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`)
    if (options.progress) {
      await connection.run('SET enable_progress_bar = true')
      await connection.run('SET enable_progress_bar_print = false')
      await connection.run('SET progress_bar_time = 0')
    }
    await connection.run('SET GLOBAL lock_configuration = true')
    if (options.progress) this.watched = connection
    else connection.closeSync()
  }

  /** A connection of its own: temporary views, parameters and interrupts do not reach others. */
  async connect(params: Record<string, BoundValue> = {}, signal?: AbortSignal): Promise<DuckSession> {
    const connection = this.watched ?? (await this.instance.connect())
    this.watched = undefined
    const session = new DuckSession(connection, signal)
    await session.setParameters(params)
    return session
  }

  close(): void {
    this.instance.closeSync()
  }
}

const otherParameter = (name: string) =>
  new AppError(
    'QUERY_SYNTAX',
    `The parameter ${/^\d+$/.test(name) ? `? or $${name}` : `$${name}`} cannot be given a value.`,
    {
      hint: 'Write it as :name, or put it in quotes if none is meant.',
    },
  )

export class DuckSession {
  private readonly connection: DuckDBConnection
  private readonly signal: AbortSignal | undefined
  private readonly interrupt: () => void
  private repeated: NodeJS.Timeout | undefined

  constructor(connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.connection = connection
    this.signal = signal
    this.interrupt = () => {
      connection.interrupt()
      // An interrupt between two steps of a query is lost, so it is repeated for as long as the session is held.
      this.repeated ??= setInterval(() => connection.interrupt(), 50)
    }
    signal?.addEventListener('abort', this.interrupt)
  }

  async setParameters(params: Record<string, BoundValue>): Promise<void> {
    for (const [name, param] of Object.entries(params)) {
      // Only those who use it need it, and they refuse it.
      if (parameterProblem(param) !== undefined) continue
      const { type, value } = param
      const text = value === null ? 'NULL' : quoteText(Array.isArray(value) ? JSON.stringify(value) : String(value))
      await this.connection.run(`SET VARIABLE ${quoteName(name)} = CAST(${text} AS ${duckType(type)})`)
    }
  }

  /** How much of the running query is done, 0 to 1; 0 while that is not known. */
  get progress(): number {
    return Math.max(0, this.connection.progress.percentage) / 100
  }

  /** Runs SQL and returns the number of rows it changed. @throws AppError, RUN_CANCELLED after an abort */
  async run(sql: string): Promise<number> {
    return this.guarded(sql, async () => (await this.connection.run(sql)).rowsChanged)
  }

  /** Rows of a small result. */
  async rows(sql: string): Promise<{ columns: Column[]; rows: Row[] }> {
    return this.guarded(sql, async () => {
      const reader = await this.connection.runAndReadAll(sql)
      const columns = reader
        .columnNames()
        .map((name, index) => ({ name, type: fromDuckType(reader.columnType(index)) }))
      const values: DuckDBValue[][] = reader.getRows()
      return { columns, rows: rowsOf(values, columns) }
    })
  }

  /** Rows of a small result, each value as the embedded engine prints it. */
  async text(sql: string): Promise<(string | null)[][]> {
    return this.guarded(sql, async () => {
      const reader = await this.connection.runAndReadAll(sql)
      return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
    })
  }

  /** The first cell of the first row as a number. */
  async number(sql: string): Promise<number> {
    const { rows } = await this.rows(sql)
    return Number(rows[0]?.[0] ?? 0)
  }

  /** Columns of a SELECT, bound but not run. `settle` gives the SQL for the value of one, by its position, as its type says it. */
  async describe(select: string): Promise<{ columns: Column[]; settle(field: string, index: number): string }> {
    return this.guarded(select, async () => {
      const prepared = await this.connection.prepare(select)
      try {
        // The type of a column may hang on the value, which nobody can give.
        if (prepared.parameterCount > 0) throw otherParameter(prepared.parameterName(1))
        const columns: Column[] = []
        const types: DuckDBType[] = []
        for (let index = 0; index < prepared.columnCount; index++) {
          const name = prepared.columnName(index)
          const type = prepared.columnType(index)
          columns.push({ name, type: fromDuckType(type) })
          types.push(type)
        }
        const settle = (field: string, index: number) => {
          const type = types[index]
          return type ? settled(field, type) : field
        }
        return { columns, settle }
      } finally {
        prepared.destroySync()
      }
    })
  }

  private async guarded<T>(sql: string, work: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted) throw cancelled()
    try {
      return await work()
    } catch (error) {
      if (this.signal?.aborted) throw cancelled()
      throw duckError(error, sql)
    }
  }

  close(): void {
    this.signal?.removeEventListener('abort', this.interrupt)
    clearInterval(this.repeated)
    this.connection.closeSync()
  }
}
