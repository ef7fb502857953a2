import { createHash } from 'node:crypto'
import type { Transaction } from 'sequelize'
import { z } from 'zod'
import type { LogLevel, RunMode, RunState } from '../../shared/run.ts'
import { isTerminal, runStates } from '../../shared/run.ts'
import { applyBatch, crashed, type RunBatch, type RunProgress } from './history.ts'
import {
  type DocumentRecord,
  type JsonValue,
  type LogRecord,
  type NodeRunRecord,
  type OutputPlace,
  type OutputRecord,
  outputPlace,
  type RunMark,
  type RunRecord,
  runMark,
} from './records.ts'
import type { Table, Values } from './table.ts'

export interface NewRun {
  id: string
  pipeline: string
  file?: string | undefined
  document?: string | undefined
  documentHash?: string | undefined
  mode: RunMode
  dryRun: boolean
  params: Record<string, JsonValue>
  pid: number
  host: string
  processStart: string | null
  resumedFrom?: string | undefined
}

export interface RunFilter {
  pipeline?: string
  /** Absolute path of the pipeline file. */
  file?: string
  states?: RunState[]
  /** Newest first; 50 when absent. */
  limit?: number
  offset?: number
}

/** The history of runs. */
export interface RunRepository {
  /** Starts a run's row, `pending`. */
  create(run: NewRun): Promise<void>
  /** Works events in, in one transaction. Returns the transitions it refused. @throws when the run is unknown */
  apply(runId: string, batch: RunBatch): Promise<string[]>
  /** Newest first. */
  list(filter?: RunFilter): Promise<RunRecord[]>
  get(id: string): Promise<RunRecord | undefined>
  /** The text of the document that a run was of; null when it is not known. */
  document(hash: string | null): Promise<string | null>
  /** What retention needs to know of these runs. */
  marks(ids: string[]): Promise<RunMark[]>
  /** Ids of runs that ended before an instant. */
  endedBefore(at: string): Promise<string[]>
  /** Ids of the runs that ended, without so many of the newest. */
  endedBeyond(newest: number): Promise<string[]>
  /** Runs whose id starts with the text, at most two: enough to know whether it is one. */
  startingWith(prefix: string): Promise<RunRecord[]>
  nodes(runId: string): Promise<NodeRunRecord[]>
  outputs(runId: string): Promise<OutputRecord[]>
  /** Where the kept rows of all runs are; several runs may share a file. */
  places(): Promise<OutputPlace[]>
  /** Kept outputs of a node that was the same, newest first; the caller checks that the file is still there. */
  keptOutputs(fingerprint: string): Promise<OutputRecord[]>
  /** In the order they were written. */
  logs(runId: string, options?: { levels?: LogLevel[]; node?: string; limit?: number }): Promise<LogRecord[]>
  unfinished(): Promise<RunRecord[]>
  /** Marks a run and its nodes as crashed; false when it has ended meanwhile. */
  crash(runId: string, at: string): Promise<boolean>
  /** Deletes runs with all that belongs to them alone. */
  forget(ids: string[]): Promise<void>
  /** Deletes the record of kept rows in these files, not the runs. */
  forgetFiles(files: string[]): Promise<void>
  /** Deletes documents that no run has any more. */
  forgetDocuments(): Promise<void>
}

export interface RunTables {
  documents: Table<DocumentRecord>
  runs: Table<RunRecord>
  nodes: Table<NodeRunRecord>
  outputs: Table<OutputRecord>
  logs: Table<LogRecord>
}

/** A transaction that may write: on SQLite it takes the write lock at its start, so that it never has to upgrade. */
export type Write = <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>

const newestFirst: [string, string][] = [
  ['createdAt', 'DESC'],
  ['id', 'DESC'],
]
const idOnly = z.object({ id: z.string() })
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const nodeFields = ['state', 'attempt', 'counts', 'ms', 'kept', 'error', 'columns', 'fingerprint']
const outputFields = ['file', 'table', 'rows', 'columns', 'fingerprint', 'createdAt']

export function runRepository(tables: RunTables, write: Write): RunRepository {
  const { runs, documents, nodes, outputs, logs } = tables
  const open = runStates.filter((state) => !isTerminal(state))
  const ended = runStates.filter(isTerminal)
  /** The row, held against other writers until the transaction ends. */
  const hold = (id: string, transaction: Transaction) =>
    runs.first({ where: { id }, transaction, lock: transaction.LOCK.UPDATE })
  return {
    async create(run) {
      const { document } = run
      const hash = run.documentHash ?? (document === undefined ? null : sha256(document))
      await write(async (transaction) => {
        if (document !== undefined && hash !== null) {
          await documents.insertMissing([{ hash, text: document }], transaction)
        }
        await runs.insert([{ ...newRunRow(run), documentHash: hash }], transaction)
      })
    },
    apply: (runId, batch) =>
      write(async (transaction) => {
        const run = await hold(runId, transaction)
        if (!run) throw new Error(`run ${runId} is not in the workspace`)
        const before = await nodes.find({ where: { runId }, transaction })
        const result = applyBatch(run, before, batch)
        await runs.update(progressValues(result.run), { id: runId }, transaction)
        const changed = [...result.nodes.values()].filter((node) => result.changed.has(node.node))
        await nodes.put(changed.map(nodeValues), nodeFields, transaction)
        const at = new Date().toISOString()
        await outputs.put(
          batch.outputs.map((output) => outputValues(runId, output, at)),
          outputFields,
          transaction,
        )
        await logs.insert(logValues(runId, batch), transaction)
        return result.refused
      }),
    list: (filter = {}) =>
      runs.find({
        where: {
          ...(filter.pipeline === undefined ? {} : { pipeline: filter.pipeline }),
          ...(filter.file === undefined ? {} : { file: filter.file }),
          ...(filter.states === undefined ? {} : { state: filter.states }),
        },
        order: newestFirst,
        limit: filter.limit ?? 50,
        offset: filter.offset ?? 0,
      }),
    get: (id) => runs.first({ where: { id } }),
    document: async (hash) => (hash === null ? null : ((await documents.first({ where: { hash } }))?.text ?? null)),
    marks: (ids) => runs.pick(runMark, ['id', 'state', 'createdAt'], { where: { id: ids } }),
    async endedBefore(at) {
      const { Op } = await import('sequelize')
      return idsOf(await runs.pick(idOnly, ['id'], { where: { state: ended, finishedAt: { [Op.lt]: at } } }))
    },
    endedBeyond: async (newest) =>
      idsOf(await runs.pick(idOnly, ['id'], { where: { state: ended }, order: newestFirst, offset: newest })),
    async startingWith(prefix) {
      // Not LIKE, for which some characters of the prefix would mean any.
      const { col, fn, where } = await import('sequelize')
      return runs.find({ where: where(fn('substr', col('id'), 1, prefix.length), prefix), limit: 2 })
    },
    nodes: (runId) => nodes.find({ where: { runId }, order: [['node', 'ASC']] }),
    outputs: (runId) =>
      outputs.find({
        where: { runId },
        order: [
          ['node', 'ASC'],
          ['port', 'ASC'],
        ],
      }),
    places: () => outputs.pick(outputPlace, ['runId', 'file'], { group: ['runId', 'file'] }),
    keptOutputs: (fingerprint) => outputs.find({ where: { fingerprint }, order: [['createdAt', 'DESC']], limit: 10 }),
    logs: (runId, options = {}) =>
      logs.find({
        where: {
          runId,
          ...(options.levels === undefined ? {} : { level: options.levels }),
          ...(options.node === undefined ? {} : { node: options.node }),
        },
        order: [['id', 'ASC']],
        ...(options.limit === undefined ? {} : { limit: options.limit }),
      }),
    unfinished: () => runs.find({ where: { state: open } }),
    crash: (runId, at) =>
      write(async (transaction) => {
        const run = await hold(runId, transaction)
        if (!run) return false
        const result = crashed(run, await nodes.find({ where: { runId }, transaction }), at)
        if (!result) return false
        await runs.update(progressValues(result.run), { id: runId }, transaction)
        await nodes.put(result.nodes.map(nodeValues), nodeFields, transaction)
        return true
      }),
    async forget(ids) {
      await write(async (transaction) => {
        for (const table of [logs, outputs, nodes]) await table.remove({ runId: ids }, transaction)
        await runs.remove({ id: ids }, transaction)
      })
    },
    async forgetFiles(files) {
      await outputs.remove({ file: files })
    },
    async forgetDocuments() {
      await write(async (transaction) => {
        const used = await runs.pick(z.object({ documentHash: z.string().nullable() }), ['documentHash'], {
          group: ['documentHash'],
          transaction,
        })
        const { Op } = await import('sequelize')
        const hashes = used.flatMap(({ documentHash }) => documentHash ?? [])
        await documents.remove({ hash: { [Op.notIn]: hashes } }, transaction)
      })
    },
  }
}

function newRunRow(run: NewRun): Values {
  return {
    id: run.id,
    pipeline: run.pipeline,
    file: run.file ?? null,
    mode: run.mode,
    dryRun: run.dryRun,
    params: JSON.stringify(run.params),
    state: 'pending',
    pid: run.pid,
    host: run.host,
    processStart: run.processStart,
    createdAt: new Date().toISOString(),
    resumedFrom: run.resumedFrom ?? null,
  }
}

const progressValues = (run: RunProgress): Values => ({ ...run, error: jsonOrNull(run.error) })

const nodeValues = (node: NodeRunRecord): Values => ({
  ...node,
  counts: JSON.stringify(node.counts),
  error: jsonOrNull(node.error),
  columns: jsonOrNull(node.columns),
})

const outputValues = (runId: string, output: RunBatch['outputs'][number], createdAt: string): Values => ({
  ...output,
  runId,
  columns: JSON.stringify(output.columns),
  fingerprint: output.fingerprint ?? null,
  createdAt,
})

const logValues = (runId: string, batch: RunBatch): Values[] =>
  batch.events.flatMap((event) =>
    event.type === 'log'
      ? [{ runId, at: event.at, level: event.level, node: event.node ?? null, message: event.message }]
      : [],
  )

const jsonOrNull = (value: unknown) => (value === null ? null : JSON.stringify(value))
