import { isBrief } from '../../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { WriteFileConfig } from '../../../../shared/nodes/write-file.ts'
import { quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import { isReworded, jsonFloat, jsonItems, jsonText, oddFloat, toWire } from '../../duck/wire.ts'
import { formatByName } from './names.ts'

export type WrittenFormat = 'csv' | 'json' | 'ndjson' | 'parquet'

/** @throws AppError CONFIG_INVALID when the name does not tell the format, or the format cannot be compressed so */
export function writeFormat(config: WriteFileConfig, file: string): WrittenFormat {
  const format = config.format === 'auto' ? formatByName(file) : config.format
  if (format === undefined) {
    throw new AppError('CONFIG_INVALID', 'The name of the file does not tell its format.', {
      hint: 'Set "format" to csv, json, ndjson or parquet.',
      at: { field: 'format' },
    })
  }
  if (config.compression === 'snappy' && format !== 'parquet') {
    throw new AppError('CONFIG_INVALID', `A ${format} file is not compressed with snappy.`, {
      hint: 'Use gzip or zstd.',
      at: { field: 'compression' },
    })
  }
  return format
}

interface WrittenRows {
  /** Ready-quoted. */
  relation: string
  columns: readonly Column[]
  /** What a row takes, where that is known. */
  rowBytes: number | undefined
  file: string
  part: string
}

/** DuckDB's COPY of rows into a file. */
export function copyStatement(config: WriteFileConfig, format: WrittenFormat, rows: WrittenRows): string {
  const { relation, columns, part, file } = rows
  const asLines = (format === 'json' || format === 'ndjson') && columns.some(({ type }) => isReworded(type))
  const fields = asLines ? [jsonLine(columns, format)] : writtenFields(columns, format)
  const options = asLines ? lineOptions(format) : formatOptions(config, format, rows)
  options.unshift('USE_TMP_FILE false', `COMPRESSION ${quoteText(compressionOf(config, format, file))}`)
  return `COPY (SELECT ${fields.join(', ')} FROM ${relation}) TO ${quoteText(part)} (${options.join(', ')})`
}

const SMALLEST_GROUP = 2048
const GROUP_BYTES = 40 * 1024 * 1024

/** A group is written at once, so it must fit into memory, several times over: where values are long, groups have fewer rows. */
function groupSize({ columns, rowBytes = 0 }: WrittenRows): number {
  if (columns.every(({ type }) => isBrief(type))) return 122_880
  return Math.max(SMALLEST_GROUP, Math.min(30_720, Math.floor(GROUP_BYTES / rowBytes)))
}

function formatOptions(config: WriteFileConfig, format: WrittenFormat, rows: WrittenRows): string[] {
  if (format === 'parquet') return ['FORMAT parquet', `ROW_GROUP_SIZE ${config.rowGroupSize ?? groupSize(rows)}`]
  if (format !== 'csv') return ['FORMAT json', `ARRAY ${format === 'json'}`]
  const delimiter = config.delimiter ?? (/\.(tsv|tab)(\.(gz|zst))?$/i.test(rows.file) ? '\t' : ',')
  const options = [
    'FORMAT csv',
    `HEADER ${config.header}`,
    `DELIMITER ${quoteText(delimiter)}`,
    `QUOTE '"'`,
    `ESCAPE '"'`,
  ]
  options.push(`NULLSTR ${quoteText(config.nullText)}`)
  // An empty field is NULL for readers, also where NULL is written as a word: an empty text has quotes.
  const texts =
    config.nullText === '' ? [] : rows.columns.filter(({ type }) => type.kind === 'text' || type.kind === 'enum')
  if (config.quoteAll) options.push('FORCE_QUOTE *')
  else if (texts.length > 0) options.push(`FORCE_QUOTE (${texts.map(({ name }) => quoteName(name)).join(', ')})`)
  return options
}

function compressionOf(config: WriteFileConfig, format: WrittenFormat, file: string): string {
  if (config.compression !== 'auto') return config.compression === 'none' ? 'uncompressed' : config.compression
  if (format === 'parquet') return 'snappy'
  return /\.gz$/i.test(file) ? 'gzip' : /\.zst$/i.test(file) ? 'zstd' : 'uncompressed'
}

/** A row as JSON on one line, with JSON and decimals in it as they are written; the engine's own writer of JSON would write them anew. */
function jsonLine(columns: readonly Column[], format: WrittenFormat): string {
  const members = columns.map(({ name, type }) => {
    const value = written(quoteName(name), type, format)
    const text = isReworded(type) ? oneLine(jsonText(value, type)) : `CAST(to_json(${value}) AS VARCHAR)`
    return `${quoteText(`${JSON.stringify(name)}:`)}, coalesce(${text}, 'null')`
  })
  return `concat('{', ${members.join(`, ',', `)}, '}') AS line`
}

/** Inside JSON, line breaks stand between values only: in texts they are escaped. */
const oneLine = (text: string) => `translate(${text}, chr(10) || chr(13), '  ')`

/** Lines as they are: what the engine's writer of JSON asks of its writer of CSV. */
function lineOptions(format: WrittenFormat): string[] {
  const plain = ['FORMAT csv', 'HEADER false', `QUOTE ''`, `ESCAPE ''`, `DELIMITER '\n'`]
  return format === 'json' ? [...plain, `PREFIX '[\n\t'`, `NEW_LINE ',\n\t'`, `SUFFIX '\n]\n'`] : plain
}

/** The columns as they are written; see the table in the help of the node. */
function writtenFields(columns: readonly Column[], format: WrittenFormat): string[] {
  return columns.map(({ name, type }) => {
    const value = written(quoteName(name), type, format)
    return value === quoteName(name) ? value : `${value} AS ${quoteName(name)}`
  })
}

function written(value: string, type: ColumnType, format: WrittenFormat): string {
  switch (type.kind) {
    case 'blob':
      return format === 'parquet' ? value : `'\\x' || lower(hex(${value}))`
    case 'interval':
      return `CAST(${value} AS VARCHAR)`
    case 'json':
      return format === 'json' || format === 'ndjson' ? value : jsonText(value, type)
    case 'list':
      if (format === 'csv') return jsonText(value, type)
      return format === 'parquet' ? value : jsonItems(value, type)
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return format === 'parquet' ? value : toWire(value, type, { lists: 'json' })
    case 'float32':
    case 'float64':
      if (format === 'parquet') return value
      return format === 'csv' ? csvFloat(value) : jsonFloat(value, type)
    default:
      return value
  }
}

const csvFloat = (value: string) =>
  `CASE WHEN ${value} IS NULL OR isfinite(${value}) THEN CAST(${value} AS VARCHAR) ELSE ${oddFloat(value)} END`
