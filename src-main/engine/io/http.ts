import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { followPath, isObject } from '../../../shared/data/json-path.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { columnsOf } from '../../../shared/nodes/column-spec.ts'
import { file } from '../../../shared/nodes/file.ts'
import type { HttpConfig } from '../../../shared/nodes/http.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import { parsePath } from '../../../shared/sql/json-path.ts'
import type { NodeContext, RowQuery, RowStream, SourceExecutor } from '../node-context.ts'
import { toCell } from './cells.ts'
import { fileSource } from './file.ts'
import { readPages } from './http/pages.ts'
import { buildRequest } from './http/request.ts'
import { rowStream } from './wire-out.ts'

/**
 * A web service. With declared columns its pages stream; without, they are kept in the run's folder and their types are
 * found by looking at all of them. The analysis never sends a request.
 */
export const httpSource: SourceExecutor<HttpConfig> = {
  async columns({ config, params }) {
    check(config)
    buildRequest(config, params)
    return config.columns === undefined ? null : columnsOf(config.columns)
  },
  async open(context) {
    check(context.config)
    if (context.config.format === 'csv') return spooledCsv(context)
    return context.config.columns === undefined ? spooledJson(context) : streamed(context, context.config.columns)
  },
}

/** @throws AppError CONFIG_INVALID where settings contradict each other */
function check({ format, pagination, columns, more, records }: HttpConfig): void {
  const paged = pagination.type === 'none' || (pagination.type === 'link' && pagination.path === undefined)
  const wrong =
    format === 'csv' && !paged
      ? ['pagination', 'CSV pages are found by the Link header only.']
      : format !== 'json' && (more !== undefined || records !== '')
        ? [more === undefined ? 'records' : 'more', `An answer in ${format} has nothing around its records.`]
        : format === 'csv' && columns?.some((column) => column.path !== undefined)
          ? ['columns', 'A CSV column has a name and no path.']
          : undefined
  if (wrong?.[0] !== undefined && wrong[1] !== undefined) {
    throw new AppError('CONFIG_INVALID', wrong[1], { at: { field: wrong[0] } })
  }
}

function streamed(context: NodeContext<HttpConfig>, specs: NonNullable<HttpConfig['columns']>): RowStream {
  const columns = columnsOf(specs)
  const paths = specs.map((spec) => (spec.path === undefined ? [spec.name] : parsePath(spec.path, 'columns')))
  async function* rows(): AsyncGenerator<Row> {
    for await (const page of readPages(context)) {
      for (const [index, record] of page.records.entries()) {
        yield columns.map((column, at) =>
          cellAt(record, paths[at] ?? [], column, `page ${page.number}, record ${index + 1}`),
        )
      }
    }
  }
  return rowStream(rows(), columns)
}

function cellAt(record: unknown, path: (string | number)[], column: Column, place: string) {
  try {
    return toCell(followPath(record, path), column.type, { anyAsText: true })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, `Column ${column.name}, ${place}: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      at: { field: 'columns' },
      cause: error,
    })
  }
}

const spoolName = (node: string) => `http_${createHash('sha256').update(node).digest('hex').slice(0, 16)}`

/** A record of a list of plain values has one column; one that is null has nothing in any. */
const asObject = (record: unknown) => (isObject(record) ? record : record === null ? {} : { value: record })

async function spooledJson(context: NodeContext<HttpConfig>): Promise<RowStream | RowQuery> {
  const path = join(context.scratch, `${spoolName(context.node)}.ndjson`)
  const spool = await open(path, 'w')
  let records = 0
  try {
    for await (const page of readPages(context)) {
      const lines = page.records.map((record) => `${JSON.stringify(asObject(record))}\n`)
      await spool.writeFile(lines.join(''))
      records += lines.length
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
  return fileSource.open({ ...context, config: file.config.parse({ path, format: 'ndjson' }), params: {} })
}

async function spooledCsv(context: NodeContext<HttpConfig>): Promise<RowStream | RowQuery> {
  const paths: string[] = []
  for await (const page of readPages(context)) {
    const path = join(context.scratch, `${spoolName(context.node)}_${page.number}.csv`)
    const spool = await open(path, 'w')
    await spool.writeFile(page.answer.text)
    await spool.close()
    paths.push(path)
  }
  const specs = context.config.columns
  const types = Object.fromEntries((specs ?? []).map((spec) => [spec.name, spec.type]))
  const config = file.config.parse({ path: paths, format: 'csv', types })
  const source = await fileSource.open({ ...context, config, params: {} })
  if (specs === undefined || !('select' in source)) return source
  return { ...source, select: `SELECT ${specs.map((spec) => quoteName(spec.name)).join(', ')} FROM (${source.select})` }
}
