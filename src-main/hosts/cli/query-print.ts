import type { Column } from '../../../shared/data/types.ts'
import { encodeRow, type Row } from '../../../shared/data/wire.ts'
import type { Reader } from '../../dialects/dialect.ts'
import { type CliContext, drained } from './context.ts'
import type { QueryFormat } from './options.ts'
import { csvHeader, jsonObjects } from './output/row-text.ts'
import { TablePrinter } from './output/table.ts'
import { formatRows } from './output/words.ts'

const batchSize = 1000

/** Takes rows in batches and writes them out. */
interface RowPrinter {
  rows(rows: Row[]): void
  end(count: number): void
}

/** Streams the rows of a query to stdout, as fast as they are taken there. */
export async function printRows(
  context: CliContext,
  reader: Reader,
  format: QueryFormat,
  signal: AbortSignal,
): Promise<void> {
  const columns = await reader.columns()
  if (format === 'csv') {
    // The database's own bytes: nothing is parsed on the way.
    context.out.write(csvHeader(columns))
    for await (const piece of reader.bytes({ lists: 'json' })) {
      process.stdout.write(piece)
      await drained()
      signal.throwIfAborted()
    }
    return
  }
  const printer = printerOf(context, columns, format)
  let count = 0
  for await (const rows of reader.rows(batchSize)) {
    printer.rows(rows)
    count += rows.length
    await drained()
    signal.throwIfAborted()
  }
  printer.end(count)
}

/** Prints rows that are already there. */
export async function printResult(
  context: CliContext,
  columns: readonly Column[],
  rows: Row[],
  format: QueryFormat,
): Promise<void> {
  if (format === 'csv') {
    context.out.write(csvHeader(columns) + rows.map((row) => encodeRow(row, columns)).join(''))
    return
  }
  const printer = printerOf(context, columns, format)
  printer.rows(rows)
  printer.end(rows.length)
}

function printerOf({ out }: CliContext, columns: readonly Column[], format: QueryFormat): RowPrinter {
  if (format === 'table') {
    const table = new TablePrinter(out, columns)
    return {
      rows: (rows) => table.rows(rows),
      end: (count) => {
        table.end()
        out.line(out.style('dim', `(${formatRows(count)})`))
      },
    }
  }
  if (format === 'ndjson') {
    return {
      rows: (rows) => {
        if (rows.length > 0) out.write(`${jsonObjects(columns, rows).join('\n')}\n`)
      },
      end: () => undefined,
    }
  }
  let before = '[\n'
  return {
    rows: (rows) => {
      if (rows.length === 0) return
      out.write(before + jsonObjects(columns, rows).join(',\n'))
      before = ',\n'
    },
    end: (count) => out.write(count === 0 ? '[]\n' : '\n]\n'),
  }
}
