import { createHash } from 'node:crypto'
import { clip } from '../../../shared/clip.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { FileConfig } from '../../../shared/nodes/file.ts'
import { quoteFile, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import type { DuckRunner, NodeContext, SourceExecutor } from '../node-context.ts'
import { type CsvReading, csvSelect } from './file/csv.ts'
import { filenameField, type LeftOut, type Rejects } from './file/csv-read.ts'
import { explainFile } from './file/failures.ts'
import { jsonSelect } from './file/json.ts'
import { formatByName } from './file/names.ts'
import { isPacked, requireWhole } from './file/packed.ts'
import { namedFiles, presentFiles, shortPath } from './file/paths.ts'
import { verbatimRows } from './file/verbatim.ts'
import { throwIfStopped } from './stop.ts'

/**
 * Files, read by DuckDB. Names, types and settings are found by looking at the files and then fixed in the SELECT, so what
 * the analysis shows is what the run reads, and a row that does not fit fails with its line.
 */
export const fileSource: SourceExecutor<FileConfig> = {
  async columns(context) {
    const files = presentFiles(context.config.path, context.folder, context.params)
    if (context.duck === undefined) return null
    const { duck } = context
    return placed(context, files, async () =>
      duck.columns((await readingOf(context, files, duck, undefined, () => {})).select),
    )
  },

  async open(context) {
    throwIfStopped(context.signal)
    const { config, folder, duck } = context
    if (duck === undefined) throw new AppError('INTERNAL', 'A file is read by the embedded engine, which is not there.')
    const files = presentFiles(config.path, folder, context.params)
    const rejects = config.badRows === 'skip' ? rejectTables(context.node) : undefined
    const {
      select,
      plain,
      leftOut = [],
      lineOf,
    } = await placed(context, files, () =>
      readingOf(context, files, duck, rejects, (text) => context.log('warn', text)),
    )
    const whole = requireWhole(files, folder, context.signal)
    whole.catch(() => undefined)
    return {
      select,
      ...(plain && { verbatim: (columns) => verbatimRows(plain, columns) }),
      explain: (thrown) => explainFile(thrown, files, folder, lineOf),
      ...((rejects || files.some(isPacked)) && {
        async finished(runner) {
          if (rejects) await reportRejects(runner, rejects, leftOut, context)
          await whole.catch((error: unknown) => {
            throw toAppError(error).placed({ node: context.node })
          })
        },
      }),
    }
  },

  paths: (config, folder, params = {}) => namedFiles(config.path, folder, params),
}

async function placed<T>(
  context: NodeContext<FileConfig>,
  files: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explainFile(error, files, context.folder) ?? error
  }
}

async function readingOf(
  { config, folder }: NodeContext<FileConfig>,
  files: readonly string[],
  duck: DuckRunner,
  rejects: Rejects | undefined,
  warn: (message: string) => void,
): Promise<CsvReading> {
  const format = config.format === 'auto' ? formatOf(files, folder) : config.format
  if (format === 'csv') return csvSelect(files, tabbed(config, files), folder, duck, rejects, warn)
  if (format === 'parquet') return { select: parquetSelect(files, config, folder) }
  return { select: await jsonSelect(files, config, format, folder, duck, warn) }
}

/** @throws AppError CONFIG_INVALID when a name says nothing, or the names say different things */
function formatOf(files: readonly string[], folder: string): 'csv' | 'json' | 'ndjson' | 'parquet' {
  const found = new Set(
    files.map((file) => {
      const format = formatByName(file)
      if (format === undefined) {
        throw new AppError('CONFIG_INVALID', `The name of ${shortPath(file, folder)} does not tell its format.`, {
          hint: 'Set "format" to csv, json, ndjson or parquet.',
          at: { field: 'format' },
        })
      }
      return format
    }),
  )
  const [first = 'csv'] = found
  if (found.size === 1) return first
  throw new AppError('CONFIG_INVALID', `The files are of different formats: ${[...found].join(', ')}.`, {
    hint: 'Read each format with a node of its own and join them with a union.',
    at: { field: 'path' },
  })
}

const tabbed = (config: FileConfig, files: readonly string[]): FileConfig =>
  config.delimiter === undefined && files.every((file) => /\.(tsv|tab)(\.(gz|zst))?$/i.test(file))
    ? { ...config, delimiter: '\t' }
    : config

function parquetSelect(files: readonly string[], config: FileConfig, folder: string): string {
  const list = `[${files.map(quoteFile).join(', ')}]`
  const union = files.length > 1 ? ', union_by_name = true' : ''
  if (config.filename === undefined) return `SELECT * FROM read_parquet(${list}${union})`
  const reader = `read_parquet(${list}${union}, filename = ${quoteText(config.filename)})`
  return `SELECT * EXCLUDE (${quoteName(config.filename)}), ${filenameField(config.filename, folder)} FROM ${reader}`
}

function rejectTables(node: string): Rejects {
  const name = `rejects_${createHash('sha256').update(node).digest('hex').slice(0, 12)}`
  return { table: name, scans: `${name}_scans` }
}

/** Says how many rows were left out and why the first ones were. */
async function reportRejects(
  duck: DuckRunner,
  rejects: Rejects,
  leftOut: readonly LeftOut[],
  context: NodeContext<FileConfig>,
): Promise<void> {
  const [total] = await duck.text(`SELECT count(DISTINCT (file_id, line)) FROM ${rejects.table}`)
  const count = leftOut.reduce((sum, { rows }) => sum + rows, Number(total?.[0] ?? 0))
  if (count > 0) {
    const first = await duck.text(`SELECT line, error_message FROM ${rejects.table} ORDER BY file_id, line LIMIT 3`)
    const reasons = [
      ...first.map(([line, reason]) => `line ${line}: ${clip(reason ?? '', 300)}`),
      ...leftOut.map(({ reason }) => reason),
    ]
    context.log('warn', `${count} bad ${count === 1 ? 'row was' : 'rows were'} left out (${reasons.join('; ')}).`)
    context.progress({ rejected: count })
  }
  await duck.run(`DROP TABLE ${rejects.table}`)
  await duck.run(`DROP TABLE ${rejects.scans}`)
}
