import type { Column, ColumnType } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { WriteFileConfig } from '../../../../shared/nodes/write-file.ts'
import { quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
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

/** The options of DuckDB's COPY. */
export function copyOptions(config: WriteFileConfig, format: WrittenFormat, file: string): string[] {
  const options = ['USE_TMP_FILE false', `COMPRESSION ${quoteText(compressionOf(config, format, file))}`]
  if (format === 'parquet') {
    options.push('FORMAT parquet')
    if (config.rowGroupSize !== undefined) options.push(`ROW_GROUP_SIZE ${config.rowGroupSize}`)
    return options
  }
  if (format !== 'csv') return [...options, 'FORMAT json', `ARRAY ${format === 'json'}`]
  const delimiter = config.delimiter ?? (/\.(tsv|tab)(\.(gz|zst))?$/i.test(file) ? '\t' : ',')
  options.push('FORMAT csv', `HEADER ${config.header}`, `DELIMITER ${quoteText(delimiter)}`, `QUOTE '"'`, `ESCAPE '"'`)
  options.push(`NULLSTR ${quoteText(config.nullText)}`)
  if (config.quoteAll) options.push('FORCE_QUOTE *')
  return options
}

function compressionOf(config: WriteFileConfig, format: WrittenFormat, file: string): string {
  if (config.compression !== 'auto') return config.compression === 'none' ? 'uncompressed' : config.compression
  if (format === 'parquet') return 'snappy'
  return /\.gz$/i.test(file) ? 'gzip' : /\.zst$/i.test(file) ? 'zstd' : 'uncompressed'
}

/** The columns as they are written; see the table in the help of the node. */
export function writtenFields(columns: readonly Column[], format: WrittenFormat): string[] {
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
      return format === 'json' || format === 'ndjson' ? `CAST(${value} AS JSON)` : jsonText(value)
    case 'list':
      return format === 'csv' ? jsonText(value) : value
    case 'float32':
    case 'float64':
      return format === 'parquet' ? value : writtenFloat(value, format)
    default:
      return value
  }
}

const jsonText = (value: string) => `CAST(to_json(${value}) AS VARCHAR)`

/** NaN and the infinities in the spelling that everything reads. JSON has no numbers for them, so there they are texts. */
function writtenFloat(value: string, format: WrittenFormat): string {
  const odd = `CASE WHEN isnan(${value}) THEN 'NaN' WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END`
  const plain = format === 'csv' ? `CAST(${value} AS VARCHAR)` : `to_json(${value})`
  const other = format === 'csv' ? odd : `to_json(${odd})`
  return `CASE WHEN ${value} IS NULL OR isfinite(${value}) THEN ${plain} ELSE ${other} END`
}
