import { createReadStream } from 'node:fs'
import type { Column } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { fieldKind, Records } from './records.ts'

/** A CSV file whose bytes are rows of the wire format as they are, as far as its settings and its start tell. */
export interface PlainFile {
  file: string
  header: boolean
  names: readonly string[]
}

/** Whether the settings leave nothing to be done to the fields of a file. */
export const isPlainConfig = (config: FileConfig): boolean =>
  config.quote === '"' &&
  (config.escape === undefined || config.escape === '"') &&
  config.comment === undefined &&
  config.skip === 0 &&
  config.nullText.length === 0 &&
  config.encoding === 'utf-8' &&
  !config.decimalComma &&
  config.badRows === 'fail' &&
  config.shortRows === 'fail' &&
  config.strict &&
  config.filename === undefined

/**
 * The rows as they stand in the file, or undefined when its columns cannot be handed on unread. Fails with DATA_TYPE at the first
 * field that may be read otherwise elsewhere.
 */
export function verbatimRows(plain: PlainFile, columns: readonly Column[]): AsyncIterable<Uint8Array> | undefined {
  // A line with a single field may be blank, or what servers take for the end of the rows.
  if (columns.length < 2 || columns.length !== plain.names.length) return undefined
  if (columns.some((column, index) => column.name !== plain.names[index])) return undefined
  const fields = columns.map((column) => fieldKind(column.type))
  const known = fields.filter((field) => field !== undefined)
  return known.length === fields.length ? records(plain.file, new Records(known, plain.header)) : undefined
}

async function* records(file: string, reader: Records): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces(file)) {
    const rows = reader.push(piece)
    if (rows.length > 0) yield rows
  }
  const last = reader.end()
  if (last.length > 0) yield last
}

async function* pieces(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 18 }))
      if (Buffer.isBuffer(piece)) yield piece
  } catch (cause) {
    throw new AppError('DATA_TYPE', 'The file cannot be read from here.', { cause })
  }
}
