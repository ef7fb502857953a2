import { followPath } from '../../../shared/data/json-path.ts'
import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { columnsOf } from '../../../shared/nodes/column-spec.ts'
import type { HttpConfig } from '../../../shared/nodes/http.ts'
import { parsePath } from '../../../shared/sql/json-path.ts'
import type { NodeContext, RowStream, SourceExecutor } from '../node-context.ts'
import { toCell } from './cells.ts'
import { readPages } from './http/pages.ts'
import { buildRequest } from './http/request.ts'
import { spooledCsv, spooledJson } from './http/spool.ts'
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
