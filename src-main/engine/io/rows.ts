import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { columnsOf } from '../../../shared/nodes/column-spec.ts'
import type { RowsConfig } from '../../../shared/nodes/rows.ts'
import type { SourceExecutor } from '../node-context.ts'
import { toCell } from './cells.ts'
import { throwIfStopped } from './stop.ts'
import { rowStream } from './wire-out.ts'

/** Rows written in the document. Values are checked during analysis too, so that a wrong one shows while it is typed. */
export const rowsSource: SourceExecutor<RowsConfig> = {
  async columns({ config }) {
    const columns = columnsOf(config.columns)
    for (const [index, row] of config.rows.entries()) typed(row, columns, index)
    return columns
  },
  async open({ config, signal }) {
    const columns = columnsOf(config.columns)
    function* rows(): Generator<Row> {
      for (const [index, row] of config.rows.entries()) {
        throwIfStopped(signal)
        yield typed(row, columns, index)
      }
    }
    return rowStream(rows(), columns)
  },
}

function typed(row: readonly unknown[], columns: readonly Column[], index: number): Row {
  return columns.map((column, at) => {
    try {
      return toCell(row[at], column.type)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new AppError(error.code, `Row ${index + 1}, column ${column.name}: ${error.message}`, {
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        at: { field: `rows.${index}.${at}` },
        cause: error,
      })
    }
  })
}
