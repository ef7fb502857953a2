import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ExportProgress, exportFormats } from '../../../shared/contract/results.ts'
import { isLoose } from '../../../shared/data/kinds.ts'
import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { writeFile } from '../../../shared/nodes/write-file.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import { runnerOf } from '../analyse.ts'
import { fromWire } from '../duck/from-wire.ts'
import { Duck } from '../duck/session.ts'
import { writeFileSink } from '../io/write-file.ts'
import type { NodeContext } from '../node-context.ts'
import type { KeptOutput } from '../scope.ts'
import { numberOf } from './text.ts'
import { selectRows, type ViewQuery } from './view.ts'

export interface ExportRequest {
  output: KeptOutput
  view: ViewQuery
  /** Rows of the view. */
  total: number
  columns: readonly Column[]
  format: (typeof exportFormats)[number]
  /** Absolute. */
  path: string
  /** Where sorts larger than memory spill. */
  spill: string
  signal: AbortSignal
}

/** Memory of the engine that writes the file, beside the one that reads windows; sorts beyond it spill. */
const memoryMb = 128
/** Milliseconds between two words about how far it is. */
const interval = 200

/**
 * Rows into a file, as the node that writes files does it: under another name until the file is whole. Ending the iteration stops it and
 * removes what was written.
 * @throws AppError FILE_*, LIMIT_DISK, RUN_CANCELLED
 */
export async function* exportRows(request: ExportRequest): AsyncGenerator<ExportProgress> {
  const { output, view, total, columns, format, path } = request
  const config = writeFile.config.parse({ path, format })
  const folder = dirname(path)
  const parts = writeFileSink.paths?.(config, folder) ?? []
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, request.signal])
  const duck = await Duck.open({
    file: ':memory:',
    memoryMb,
    threads: 2,
    spill: request.spill,
    folders: [],
    files: parts,
    attach: [{ alias: 'kept', file: output.file }],
    progress: true,
  })
  const session = await duck.connect({}, signal)
  const kept = { relation: `kept.main.${quoteName(output.table)}`, columns: output.columns }
  const fields = columns.map((column) => exportedField(column, format))
  const relation = async () => `(SELECT ${fields.join(', ')} FROM (${selectRows(kept, view, columns)}))`
  const input = { port: 'in', columns: columns.map((column) => exportedAs(column, format)), relation, bytes: unused }
  const tools = { duck: runnerOf(session), dryRun: false, writeSession: unused }
  const writing = writeFileSink.run(contextOf(config, folder, signal), input, tools)
  const finished = writing.then(
    () => true,
    () => true,
  )
  try {
    while (!(await Promise.race([finished, pause(interval)]))) {
      const bytes = await sizeOf(parts)
      yield { rows: Math.floor(session.progress * total), total, bytes, done: false }
    }
    const { counts } = await writing
    yield { rows: counts.inserted ?? total, total, bytes: counts.bytes ?? 0, done: true }
  } finally {
    stop.abort()
    await finished
    session.close()
    duck.close()
  }
}

/** Decimals of any number of digits are kept as text; JSON takes them as the numbers they are, Parquet as the engine's decimals. */
function exportedField({ name, type }: Column, format: ExportRequest['format']): string {
  const value = quoteName(name)
  if (!isLoose(type) || format === 'csv') return value
  if (format === 'parquet') return `${fromWire(value, type, name)} AS ${value}`
  return `CAST(CASE WHEN isfinite(${numberOf(value, type)}) THEN ${value} ELSE '"' || ${value} || '"' END AS JSON) AS ${value}`
}

/** JSON is written as it stands, so numbers keep all their digits. */
function exportedAs(column: Column, format: ExportRequest['format']): Column {
  return isLoose(column.type) && /json$/.test(format) ? { ...column, type: { kind: 'json' } } : column
}

function contextOf<C>(config: C, folder: string, signal: AbortSignal): NodeContext<C> {
  return {
    node: 'export',
    config,
    folder,
    signal,
    scratch: folder,
    params: {},
    connect: unused,
    secret: unused,
    log: () => undefined,
    progress: () => undefined,
  }
}

function unused(): never {
  throw new AppError('INTERNAL', 'An export writes a file and reaches nothing else.')
}

const pause = (ms: number) => new Promise<false>((resolve) => setTimeout(() => resolve(false), ms))

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
