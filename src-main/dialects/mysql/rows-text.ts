import { addField, type OutColumn } from './encodings.ts'
import type { WireLines } from './wire-line.ts'

const NULL = 0xfb

/** Adds a row of the text protocol: each field is its length and its text. */
export function addTextRow(lines: WireLines, columns: readonly OutColumn[], data: Buffer, start: number): void {
  let at = start
  for (const column of columns) {
    let length = data[at++] ?? 0
    if (length === NULL) {
      lines.null()
      continue
    }
    if (length > NULL) {
      const bytes = length === 0xfc ? 2 : length === 0xfd ? 3 : 6
      length = data.readUIntLE(at, bytes)
      at += bytes === 6 ? 8 : bytes
    }
    addField(lines, column, data, at, at + length)
    at += length
  }
  lines.endRow()
}
