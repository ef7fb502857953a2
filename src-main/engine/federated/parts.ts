import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { BoundValue, Statement } from '../../dialects/dialect.ts'
import { bindParameters } from '../duck/parameters.ts'
import { Duck, type DuckSession } from '../duck/session.ts'
import { unbound } from '../place.ts'
import { inWords } from './errors.ts'
import { type Connections, Sources } from './source.ts'

export interface QueryOptions {
  connections: Connections
  /** A folder for pipes and spill, in which the query makes one of its own. */
  scratch: string
  memoryMb: number
  threads: number
  /** Whether filters and limits are asked of the databases, as they are unless someone wants to compare. */
  pushes: boolean
}

/** What a query holds open. */
export class Parts {
  /** The text with parameters bound. */
  readonly sql: string
  readonly params: Record<string, BoundValue>
  readonly options: QueryOptions
  readonly folder: string
  /** A file without rows, for views that are only bound. */
  readonly nothing: string
  readonly abort = new AbortController()
  /** Aborts on Stop, when any part fails, and at the end. */
  readonly signal: AbortSignal
  readonly sources: Sources
  private readonly written: string
  private readonly outer: AbortSignal
  private readonly duck: Duck
  private opened: DuckSession | undefined

  private constructor(
    { sql, params = {} }: Statement,
    bound: string,
    options: QueryOptions,
    outer: AbortSignal,
    folder: string,
    duck: Duck,
  ) {
    this.written = sql
    this.params = params
    this.sql = bound
    this.options = options
    this.folder = folder
    this.nothing = join(folder, 'nothing')
    this.outer = outer
    this.signal = AbortSignal.any([outer, this.abort.signal])
    this.sources = new Sources(options.connections, this.signal)
    this.duck = duck
  }

  static async open(statement: Statement, options: QueryOptions, outer: AbortSignal): Promise<Parts> {
    const bound = boundSql(statement)
    await mkdir(options.scratch, { recursive: true, mode: 0o700 })
    const folder = await mkdtemp(join(options.scratch, 'query-'))
    const duck = await Duck.open({
      file: ':memory:',
      memoryMb: options.memoryMb,
      threads: options.threads,
      spill: join(folder, 'spill'),
      folders: [folder],
      files: [],
      attach: [],
      joinsAsWritten: true,
    })
    const parts = new Parts(statement, bound, options, outer, folder, duck)
    await writeFile(parts.nothing, '')
    parts.opened = await duck.connect(parts.params, parts.signal)
    return parts
  }

  get session(): DuckSession {
    if (!this.opened) throw new AppError('INTERNAL', 'The query is not open.')
    return this.opened
  }

  get stopped(): boolean {
    return this.outer.aborted
  }

  /** An error in our words, with its position counted in the text as it was written. */
  told(thrown: unknown): AppError {
    const error = inWords(toAppError(thrown))
    const { position } = error.at
    if (position === undefined) return error
    const { code, message, hint, at, retryable, sqlState, cause } = error
    const inText = unbound(this.written, position, this.params)
    return new AppError(code, message, { hint, at: { ...at, position: inText }, retryable, sqlState, cause })
  }

  async close(): Promise<void> {
    this.opened?.close()
    this.duck.close()
    await this.sources[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** @throws AppError CONFIG_PARAMETER for a parameter without a value */
function boundSql({ sql, params = {} }: Statement): string {
  try {
    return bindParameters(sql, params)
  } catch (error) {
    throw inWords(toAppError(error))
  }
}
