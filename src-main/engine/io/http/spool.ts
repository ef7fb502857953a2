import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../../../../shared/data/json-path.ts'
import { AppError } from '../../../../shared/errors.ts'
import { type FileConfig, file } from '../../../../shared/nodes/file.ts'
import type { HttpConfig } from '../../../../shared/nodes/http.ts'
import { quoteName } from '../../../../shared/sql/duckdb.ts'
import type { NodeContext, RowQuery, RowStream } from '../../node-context.ts'
import { isExactNumber } from '../exact-json.ts'
import { shortPath } from '../file/paths.ts'
import { fileSource } from '../file.ts'
import { readPages } from './pages.ts'

const spoolName = (node: string) => `http_${createHash('sha256').update(node).digest('hex').slice(0, 16)}`

/** A record of a list of plain values has one column; one that is null has nothing in any. */
function asObject(record: unknown): Record<string, unknown> {
  if (isObject(record) && !isExactNumber(record)) return record
  return record === null ? {} : { value: record }
}

/** Pages of JSON or NDJSON, kept in the run's folder as one file, whose types are found by looking at all of it. @throws AppError HTTP_* */
export async function spooledJson(context: NodeContext<HttpConfig>): Promise<RowStream | RowQuery> {
  const path = join(context.scratch, `${spoolName(context.node)}.ndjson`)
  const spool = await open(path, 'w')
  let records = 0
  let shown = ''
  try {
    for await (const page of readPages(context)) {
      const lines = page.records.map((record) => `${JSON.stringify(asObject(record))}\n`)
      await spool.writeFile(lines.join(''))
      records += lines.length
      shown ||= page.shown
      context.progress({ rowsOut: records })
    }
  } finally {
    await spool.close()
  }
  if (records === 0) {
    throw new AppError('HTTP_BODY', 'There are no records, so their columns are not known.', {
      hint: 'Declare "columns" where no records are to be expected.',
      at: { field: 'columns' },
    })
  }
  const config = file.config.parse({ path, format: 'ndjson' })
  return openSpool({ ...context, config, params: {} }, new Map([[path, shown]]))
}

/** Pages of CSV, kept in the run's folder as files. @throws AppError HTTP_* */
export async function spooledCsv(context: NodeContext<HttpConfig>): Promise<RowStream | RowQuery> {
  const pages = new Map<string, string>()
  for await (const page of readPages(context)) {
    const path = join(context.scratch, `${spoolName(context.node)}_${page.number}.csv`)
    const spool = await open(path, 'w')
    await spool.writeFile(page.answer.text)
    await spool.close()
    pages.set(path, page.shown)
  }
  const specs = context.config.columns
  const types = Object.fromEntries((specs ?? []).map((spec) => [spec.name, spec.type]))
  const config = file.config.parse({ path: [...pages.keys()], format: 'csv', types })
  const source = await openSpool({ ...context, config, params: {} }, pages)
  if (specs === undefined || !('select' in source)) return source
  return { ...source, select: `SELECT ${specs.map((spec) => quoteName(spec.name)).join(', ')} FROM (${source.select})` }
}

/** Reads what was kept, with errors that name the address that it came from. */
async function openSpool(
  context: NodeContext<FileConfig>,
  pages: ReadonlyMap<string, string>,
): Promise<RowStream | RowQuery> {
  const explain = (error: unknown) => ofService(error, pages, context.folder)
  try {
    const source = await fileSource.open(context)
    if (!('select' in source)) return source
    return { ...source, explain: (thrown) => explain(source.explain?.(thrown)) }
  } catch (error) {
    throw explain(error) ?? error
  }
}

/** What was said of a file, of the address; undefined for anything else. */
function ofService(error: unknown, pages: ReadonlyMap<string, string>, folder: string): AppError | undefined {
  if (!(error instanceof AppError) || error.code !== 'FILE_FORMAT') return undefined
  const message = [...pages].reduce(
    (text, [path, shown]) => text.replaceAll(path, shown).replaceAll(shortPath(path, folder), shown),
    error.message,
  )
  return new AppError('HTTP_BODY', message, {
    hint: 'Declare the "columns" of the answer, e.g. as text, or save it and read it with a file node, which has more settings.',
    at: { field: 'columns' },
    cause: error,
  })
}
