import { type ColumnType, parseType, uniqueNames } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import { nearestFew } from '../../../../shared/nearest.ts'
import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import { fromWire, readType } from '../../duck/wire.ts'
import type { DuckRunner } from '../../node-context.ts'
import { exactNumberType, unifyTypes } from './guess.ts'
import { shortPath } from './paths.ts'
import { type CsvShape, csvShape, readSample } from './sample.ts'

/** A CSV file as found by looking at its start. */
interface LookedAt {
  file: string
  shape: CsvShape
  hasHeader: boolean
  names: string[]
  /** DuckDB types by position; empty when there is no row to judge by. */
  types: string[]
  dateFormat: string | undefined
  timestampFormat: string | undefined
}

/** How bad rows are recorded while they are left out. */
export interface Rejects {
  table: string
  scans: string
}

/** Beyond this many files of one shape, types are judged by as many files spread over the list. */
const judged = 32

/**
 * A SELECT over CSV files with names, types and every setting fixed, so that the reader guesses nothing. `rejects` is given
 * when bad rows are to be left out and counted.
 */
export async function csvSelect(
  files: readonly string[],
  config: FileConfig,
  folder: string,
  duck: DuckRunner,
  rejects: Rejects | undefined,
): Promise<string> {
  const looked: LookedAt[] = []
  const step = Math.max(1, Math.floor(files.length / judged))
  for (const [index, file] of files.entries()) {
    const found = await look(file, config, folder, duck, index % step === 0)
    if (found !== undefined) looked.push(found)
  }
  const declared = new Map(Object.entries(config.types).map(([name, type]) => [name.toLowerCase(), parseType(type)]))
  if (looked.length === 0) return emptySelect(files, config, folder)
  checkNames(looked, config)
  const guessed = guessTypes(looked)
  const typeOf = (name: string): { read: string; declared?: ColumnType } => {
    const type = declared.get(name.toLowerCase())
    if (type === undefined) return { read: guessed.get(name.toLowerCase()) ?? 'VARCHAR' }
    const open = type.kind === 'decimal' && type.precision === undefined
    return { read: open ? 'DECIMAL(38,10)' : readType(type), ...(open ? {} : { declared: type }) }
  }
  const groups = Map.groupBy(looked, (one) =>
    JSON.stringify([one.shape.delimiter, one.shape.blankLines, one.hasHeader, one.names]),
  )
  const selects = [...groups.values()].map((group) => {
    const first = group[0]
    return first === undefined
      ? ''
      : groupSelect(
          first,
          group.map((one) => one.file),
          config,
          folder,
          typeOf,
          rejects,
        )
  })
  return selects.join(' UNION ALL BY NAME ')
}

async function look(
  file: string,
  config: FileConfig,
  folder: string,
  duck: DuckRunner,
  judge: boolean,
): Promise<LookedAt | undefined> {
  const sample = await readSample(file, config.encoding, folder)
  const shape = csvShape(sample, {
    delimiter: config.delimiter,
    quote: config.quote,
    escape: config.escape ?? config.quote,
    comment: config.comment,
    skip: config.skip,
  })
  const first = shape.records[0]
  if (first === undefined) return undefined
  const sniffed = judge ? await sniff(file, shape, config, duck) : undefined
  const hasHeader = config.header ?? sniffed?.hasHeader ?? true
  const hasRows = shape.records.length > (hasHeader ? 1 : 0)
  const width = Math.max(first.length, hasRows && config.badRows === 'fail' ? (sniffed?.types.length ?? 0) : 0)
  const names = Array.from({ length: width }, (_, index) => ({ name: hasHeader ? (first[index] ?? '') : '' }))
  const rows = hasHeader ? shape.records.slice(1) : shape.records
  const types = !hasRows
    ? []
    : (sniffed?.types.map((type, index) =>
        exactNumberType(
          type,
          rows.map((row) => row[index] ?? ''),
          config.decimalComma,
        ),
      ) ?? [])
  return {
    file,
    shape,
    hasHeader,
    names: uniqueNames(names).map((column) => column.name),
    types,
    dateFormat: sniffed?.dateFormat,
    timestampFormat: sniffed?.timestampFormat,
  }
}

interface Sniffed {
  hasHeader: boolean
  types: string[]
  dateFormat: string | undefined
  timestampFormat: string | undefined
}

/** DuckDB's judgement of header and types; undefined when the start of the file is too irregular to judge. */
async function sniff(
  file: string,
  shape: CsvShape,
  config: FileConfig,
  duck: DuckRunner,
): Promise<Sniffed | undefined> {
  if (config.allText) return undefined
  const options = [...readerOptions(shape, config), 'ignore_errors = true']
  if (config.header !== undefined) options.push(`header = ${config.header}`)
  if (config.dateFormat !== undefined) options.push(`dateformat = ${quoteText(config.dateFormat)}`)
  if (config.timestampFormat !== undefined) options.push(`timestampformat = ${quoteText(config.timestampFormat)}`)
  try {
    const rows = await duck.text(
      `SELECT HasHeader, DateFormat, TimestampFormat, c.type FROM (SELECT *, unnest("Columns") AS c ` +
        `FROM sniff_csv(${quoteText(file)}, ${options.join(', ')}))`,
    )
    const [hasHeader, dateFormat, timestampFormat] = rows[0] ?? []
    return {
      hasHeader: hasHeader === 'true',
      types: rows.map((row) => row[3] ?? 'VARCHAR'),
      dateFormat: dateFormat ?? undefined,
      timestampFormat: timestampFormat ?? undefined,
    }
  } catch {
    return undefined
  }
}

function readerOptions(shape: CsvShape, config: FileConfig): string[] {
  const nulls = ['', ...config.nullText].map(quoteText).join(', ')
  return [
    `delim = ${quoteText(shape.delimiter)}`,
    `quote = ${quoteText(config.quote)}`,
    `escape = ${quoteText(config.escape ?? config.quote)}`,
    `comment = ${quoteText(config.comment ?? '')}`,
    `skip = ${config.skip + shape.blankLines}`,
    `nullstr = [${nulls}]`,
    'allow_quoted_nulls = false',
    `encoding = ${quoteText(config.encoding)}`,
    `strict_mode = ${config.strict && !shape.mixedNewlines}`,
    `null_padding = ${config.shortRows === 'pad'}`,
    'max_line_size = 16777216',
    'buffer_size = 33554432',
    ...(config.shortRows === 'pad' ? ['parallel = false'] : []),
    ...(config.decimalComma ? [`decimal_separator = ','`] : []),
  ]
}

function groupSelect(
  first: LookedAt,
  files: readonly string[],
  config: FileConfig,
  folder: string,
  typeOf: (name: string) => { read: string; declared?: ColumnType },
  rejects: Rejects | undefined,
): string {
  const columns = first.names.map((name) => ({ name, ...typeOf(name) }))
  const options = [
    ...readerOptions(first.shape, config),
    'auto_detect = false',
    `header = ${first.hasHeader}`,
    `columns = {${columns.map((column) => `${quoteText(column.name)}: ${quoteText(column.read)}`).join(', ')}}`,
  ]
  const dateFormat = config.dateFormat ?? first.dateFormat
  const timestampFormat = config.timestampFormat ?? first.timestampFormat
  if (dateFormat !== undefined) options.push(`dateformat = ${quoteText(dateFormat)}`)
  if (timestampFormat !== undefined) options.push(`timestampformat = ${quoteText(timestampFormat)}`)
  if (config.filename !== undefined) options.push(`filename = ${quoteText(config.filename)}`)
  if (rejects !== undefined) {
    options.push(
      'store_rejects = true',
      `rejects_table = ${quoteText(rejects.table)}`,
      `rejects_scan = ${quoteText(rejects.scans)}`,
    )
  }
  const fields = columns.map(({ name, declared }) =>
    declared === undefined ? quoteName(name) : `${fromWire(quoteName(name), declared)} AS ${quoteName(name)}`,
  )
  if (config.filename !== undefined) fields.push(filenameField(config.filename, folder))
  return `SELECT ${fields.join(', ')} FROM read_csv([${files.map(quoteText).join(', ')}], ${options.join(', ')})`
}

/** The path of the file, relative to the pipeline's folder where it lies inside. */
export function filenameField(name: string, folder: string): string {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  const column = quoteName(name)
  return `CASE WHEN starts_with(${column}, ${quoteText(prefix)}) THEN substr(${column}, ${prefix.length + 1}) ELSE ${column} END AS ${column}`
}

function guessTypes(looked: readonly LookedAt[]): Map<string, string> {
  const found = new Map<string, Set<string>>()
  for (const { names, types } of looked) {
    names.forEach((name, index) => {
      const type = types[index]
      if (type === undefined) return
      const key = name.toLowerCase()
      found.set(key, (found.get(key) ?? new Set()).add(type))
    })
  }
  const formats = new Set(
    looked.filter((one) => one.types.length > 0).map((one) => `${one.dateFormat} ${one.timestampFormat}`),
  )
  const guessed = [...found].map(([name, types]): [string, string] => {
    const type = unifyTypes([...types])
    return [name, formats.size > 1 && /^(DATE|TIMESTAMP)/.test(type) ? 'VARCHAR' : type]
  })
  return new Map(guessed)
}

function checkNames(looked: readonly LookedAt[], config: FileConfig): void {
  const names = [...new Set(looked.flatMap((one) => one.names))]
  const known = new Set(names.map((name) => name.toLowerCase()))
  if (config.filename !== undefined && known.has(config.filename.toLowerCase())) {
    throw new AppError('CONFIG_INVALID', `The file has a column ${config.filename} of its own.`, {
      at: { field: 'filename' },
    })
  }
  const unknown = Object.keys(config.types).find((name) => !known.has(name.toLowerCase()))
  if (unknown === undefined) return
  const near = nearestFew(unknown, names)
  throw new AppError('CONFIG_COLUMN', `The file has no column ${unknown}, to which "types" gives a type.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Its columns are ${names.join(', ')}.`,
    at: { field: `types.${unknown}` },
  })
}

/** Files without so much as a header have the columns that `types` declares. */
function emptySelect(files: readonly string[], config: FileConfig, folder: string): string {
  const columns = Object.entries(config.types)
  if (columns.length === 0) {
    const name = files[0] === undefined ? 'The file' : shortPath(files[0], folder)
    throw new AppError('FILE_FORMAT', `${name} is empty, so its columns are not known.`, {
      hint: 'Where an empty file is to be expected, name its columns in "types".',
      at: { field: 'path' },
    })
  }
  const fields = columns.map(([name, type]) => {
    const parsed = parseType(type)
    return `${fromWire(`CAST(NULL AS ${readType(parsed)})`, parsed)} AS ${quoteName(name)}`
  })
  if (config.filename !== undefined) fields.push(`CAST(NULL AS VARCHAR) AS ${quoteName(config.filename)}`)
  return `SELECT ${fields.join(', ')} WHERE false`
}
