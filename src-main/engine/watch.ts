import type { Column } from '../../shared/data/types.ts'
import type { Row, WireFormat } from '../../shared/data/wire.ts'
import { type Field, typedRow, WireReader } from '../../shared/data/wire-reader.ts'
import { type Attempt, sampleSize } from './attempt.ts'
import type { RowStream } from './node-context.ts'
import type { PlannedEdge, PlannedNode } from './plan.ts'

/** The bytes of a source; its rows are counted, and its failure comes first. */
export async function* watched(
  attempt: Attempt,
  node: PlannedNode,
  stream: RowStream,
  format: WireFormat,
): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of stream.bytes(format)) {
      attempt.count(node.id, { rowsOut: stream.rowsRead })
      yield piece
    }
    attempt.count(node.id, { rowsOut: stream.rowsRead })
  } catch (error) {
    throw attempt.fail(error, node.id)
  }
}

/** The same bytes; the first rows are shown when they arrive, without parsing the rest. */
export async function* sampled(
  attempt: Attempt,
  { from, fromPort }: Pick<PlannedEdge, 'from' | 'fromPort'>,
  arriving: () => Column[],
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let reader: WireReader | undefined = new WireReader()
  for await (const piece of bytes) {
    const fields = reader?.pushBytes(piece) ?? []
    if (fields.length > 0) {
      reader = undefined
      const columns = arriving()
      attempt.show(from, fromPort, { columns, rows: sampleRows(fields, columns) })
    }
    yield piece
  }
  if (reader) attempt.show(from, fromPort, { columns: arriving(), rows: [] })
}

/** A sample is a courtesy: a row that cannot be typed here fails where it is really used, with a better message. */
function sampleRows(fields: readonly Field[][], columns: Column[]): Row[] {
  try {
    return fields.slice(0, sampleSize).map((row) => typedRow(row, columns))
  } catch {
    return []
  }
}
