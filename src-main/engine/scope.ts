import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Column } from '../../shared/data/types.ts'
import type { LogLevel, NodeCounts, RunEvent } from '../../shared/run.ts'
import type { BoundValue, Database } from '../dialects/dialect.ts'
import type { Duck } from './duck/session.ts'
import type { NodeContext } from './node-context.ts'
import type { PlannedNode } from './plan.ts'

/** Rows of a node's port that are kept in the embedded engine, from this run or an earlier one. */
export interface KeptOutput {
  node: string
  port: string
  /** The DuckDB file that holds them, absolute. */
  file: string
  table: string
  columns: Column[]
  rows: number
  /** See fingerprint.ts: what the rows were made from. */
  fingerprint: string
}

/** An output that SQL of this run can select from. */
export interface Output {
  /** Ready-quoted, with catalog and schema. */
  relation: string
  columns: Column[]
  rows: number
  /** Where the rows are kept. */
  file: string
  table: string
}

export interface Limits {
  memoryMb: number
  threads: number
  /** Stages that run at the same time. */
  parallel: number
}

/** More than eight threads gain little where rows arrive through one pipe, and each takes buffers of its own. */
const threads = Math.min(8, Math.max(2, availableParallelism()))

export const defaultLimits: Limits = { memoryMb: 1024, threads, parallel: 3 }

export interface Surroundings {
  /** Folder of the pipeline file. */
  folder: string
  params: Record<string, BoundValue>
  connect(name: string): Promise<Database>
  secret(name: string): Promise<string>
  limits: Limits
}

/** What one run or one analysis holds open, and closes at its end. */
export class Scope {
  readonly surroundings: Surroundings
  /** Pipes, spools and spill; gone when the scope closes. */
  readonly scratch: string
  /** Database file of the embedded engine; its catalog is called `rows`. */
  readonly file: string
  private readonly attach: { alias: string; file: string }[]
  private readonly joinsPipes: boolean
  private readonly nodes: ReadonlyMap<string, PlannedNode>
  private readonly databases = new Map<string, Promise<Database>>()
  private opened: Promise<Duck> | undefined

  constructor(options: {
    surroundings: Surroundings
    nodes: ReadonlyMap<string, PlannedNode>
    scratch: string
    /** Database file of the embedded engine, or `:memory:`. */
    file: string
    attach: { alias: string; file: string }[]
    /** See Plan. */
    joinsPipes: boolean
  }) {
    this.surroundings = options.surroundings
    this.nodes = options.nodes
    this.scratch = options.scratch
    this.file = options.file
    this.attach = options.attach
    this.joinsPipes = options.joinsPipes
  }

  /** The embedded engine, opened when the first node needs it. */
  duck(): Promise<Duck> {
    this.opened ??= this.open()
    return this.opened
  }

  get duckOpened(): boolean {
    return this.opened !== undefined
  }

  private async open(): Promise<Duck> {
    await mkdir(this.scratch, { recursive: true, mode: 0o700 })
    // Loaded when first needed: a run that only copies rows starts without it.
    const { Duck } = await import('./duck/session.ts')
    return Duck.open({
      file: this.file,
      memoryMb: this.surroundings.limits.memoryMb,
      threads: this.surroundings.limits.threads,
      spill: join(this.scratch, 'spill'),
      folders: [this.scratch],
      files: await this.namedFiles(),
      attach: this.attach,
      joinsAsWritten: this.joinsPipes,
    })
  }

  /** Files that nodes of the pipeline name, and no others, may be reached from SQL. */
  private async namedFiles(): Promise<string[]> {
    const { folder, params } = this.surroundings
    const files = [...this.nodes.values()].map(async ({ executor, config }) => {
      if (executor?.role !== 'source' && executor?.role !== 'sink') return []
      const loaded = await executor.load()
      try {
        return loaded.paths?.(config, folder, params) ?? []
      } catch {
        // The node itself meets the same error when it runs, and reports it in its place.
        return []
      }
    })
    return (await Promise.all(files)).flat()
  }

  connect(name: string): Promise<Database> {
    let database = this.databases.get(name)
    if (!database) {
      database = this.surroundings.connect(name)
      this.databases.set(name, database)
      database.catch(() => this.databases.delete(name))
    }
    return database
  }

  contextOf(node: PlannedNode, signal: AbortSignal, tell: Teller): NodeContext {
    return {
      node: node.id,
      config: node.config,
      params: this.surroundings.params,
      signal,
      connect: (name) => this.connect(name),
      secret: (name) => this.surroundings.secret(name),
      folder: this.surroundings.folder,
      scratch: this.scratch,
      log: (level, message) => tell.log(level, node.id, message),
      progress: (counts) => tell.progress(node.id, counts),
    }
  }

  async close(): Promise<void> {
    const duck = await this.opened?.catch(() => undefined)
    duck?.close()
    const databases = await Promise.allSettled(this.databases.values())
    await Promise.allSettled(
      databases.map((opened) => (opened.status === 'fulfilled' ? opened.value.close() : undefined)),
    )
    // What cannot be removed goes with the run's folder, and hides no error of the run.
    await rm(this.scratch, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Where nodes say what they do. */
export interface Teller {
  log(level: LogLevel, node: string | undefined, message: string): void
  progress(node: string, counts: NodeCounts): void
}

export const silent: Teller = { log: () => undefined, progress: () => undefined }

export type Emit = (event: RunEvent) => void
