import type { Column } from '../../../shared/data/types.ts'
import { encodeRow, type Row, type WireFormat } from '../../../shared/data/wire.ts'
import type { RowStream } from '../node-context.ts'

const pieceLength = 64 * 1024
const encoder = new TextEncoder()

/** Rows as wire bytes in pieces of some 64 KiB; `count` is told how many rows each piece holds before it is handed over. */
export async function* wireBytes(
  rows: Iterable<Row> | AsyncIterable<Row>,
  columns: readonly Column[],
  format: WireFormat,
  count: (rows: number) => void,
): AsyncGenerator<Uint8Array> {
  let text = ''
  let pending = 0
  for await (const row of rows) {
    text += encodeRow(row, columns, format)
    pending++
    if (text.length < pieceLength) continue
    count(pending)
    yield encoder.encode(text)
    text = ''
    pending = 0
  }
  if (pending === 0) return
  count(pending)
  yield encoder.encode(text)
}

/** Typed rows as a stream; pulled once. */
export function rowStream(rows: Iterable<Row> | AsyncIterable<Row>, columns: Column[]): RowStream {
  let rowsRead = 0
  return {
    columns,
    bytes: (format) =>
      wireBytes(rows, columns, format, (count) => {
        rowsRead += count
      }),
    get rowsRead() {
      return rowsRead
    },
  }
}
