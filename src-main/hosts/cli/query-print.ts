import type { Column } from '../../../shared/data/types.ts'
import { encodeRow, parseCell, type Row } from '../../../shared/data/wire.ts'
import { typedBatches, WireReader } from '../../../shared/data/wire-reader.ts'
import type { Reader, ResultTable } from '../../dialects/dialect.ts'
import { type CliContext, drained } from './context.ts'
import type { QueryFormat } from './options.ts'
import { csvHeader, jsonObjects } from './output/row-text.ts'
import { TablePrinter } from './output/table.ts'
import { formatRows } from './output/words.ts'

const batchSize = 1000

type Rows = Pick<Reader, 'columns' | 'bytes' | 'rows'>

/** Takes rows in batches and writes them out. */
interface RowPrinter {
  rows(rows: Row[]): void
  end(count: number): void
}

export interface PrintOptions {
  format: QueryFormat
  /** The wire of this database has quotes around texts, dates and decimals that need none, as SQLite's has. */
  quotesTexts: boolean
}

/** Streams the rows of a query to stdout, as fast as they are taken there. */
export async function printRows(
  context: CliContext,
  reader: Rows,
  { format, quotesTexts }: PrintOptions,
  signal: AbortSignal,
): Promise<void> {
  const columns = await reader.columns()
  if (format === 'csv') {
    context.out.write(csvHeader(columns))
    for await (const piece of csvPieces(reader, columns, quotesTexts)) {
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

/** The database's own bytes where they are what the CSV of every database is, else the same fields written anew. */
async function* csvPieces(
  reader: Rows,
  columns: readonly Column[],
  quotesTexts: boolean,
): AsyncGenerator<Uint8Array | string> {
  const bytes = reader.bytes({ lists: 'json' })
  const booleans = columns.flatMap(({ type }, index) => (type.kind === 'boolean' ? [index] : []))
  if (booleans.length === 0 && !quotesTexts) {
    yield* bytes
    return
  }
  const texts = columns.map(({ name }): Column => ({ name, type: { kind: 'text' } }))
  const fields = new WireReader()
  for await (const piece of bytes) {
    let text = ''
    for (const row of fields.pushBytes(piece)) {
      for (const index of booleans) {
        const field = row[index]
        if (field) row[index] = String(parseCell(field, { kind: 'boolean' }))
      }
      text += encodeRow(row, texts)
    }
    if (text !== '') yield text
  }
}

/** Prints the results of a procedure. Beside tables there is room for the first only, and stderr tells how many there are. */
export async function printResults(
  context: CliContext,
  results: AsyncIterable<ResultTable>,
  format: QueryFormat,
  signal: AbortSignal,
): Promise<void> {
  let given = 0
  for await (const { columns, bytes } of results) {
    if (given++ > 0 && format !== 'table') continue
    if (given > 1) context.out.line()
    const read = {
      columns: async () => columns,
      bytes: () => bytes,
      rows: (size: number) => typedBatches(bytes, columns, size),
    }
    await printRows(context, read, { format, quotesTexts: false }, signal)
  }
  if (given === 0) context.err.line('Done.')
  else if (given > 1 && format !== 'table')
    context.err.line(`The first of ${given} results; the format table shows all.`)
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
