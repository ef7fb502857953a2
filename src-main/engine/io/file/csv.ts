import { parseType, uniqueNames } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import { nearestFew } from '../../../../shared/nearest.ts'
import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { quoteName } from '../../../../shared/sql/duckdb.ts'
import { fromWire, readType } from '../../duck/from-wire.ts'
import type { DuckRunner } from '../../node-context.ts'
import { lineOf } from './csv-locate.ts'
import { type GroupReading, type LeftOut, type ReadAs, type Rejects, readerOptions, readGroup } from './csv-read.ts'
import { type Dated, type Sniffed, sniff } from './csv-sniff.ts'
import type { Formats } from './csv-strict.ts'
import { exactNumberType, unifyTypes } from './guess.ts'
import { isPacked } from './packed.ts'
import { shortPath } from './paths.ts'
import { type CsvShape, csvShape, readSample } from './sample.ts'
import { isPlainConfig, type PlainFile } from './verbatim.ts'

/** A CSV file as found by looking at its start. */
interface LookedAt {
  file: string
  shape: CsvShape
  hasHeader: boolean
  names: string[]
  /** DuckDB types by position; empty when there is no row to judge by. */
  types: string[]
  formats: Sniffed['formats']
  unclear: readonly Dated[]
}

/** The way of writing dates that every database reads the same. */
const isoDates = '%Y-%m-%d'

/** Beyond this many files of one shape, types are judged by as many files spread over the list. */
const judged = 32

/** How CSV files are read: by a SELECT, and where there is nothing to do to their fields also as they are. */
export interface CsvReading {
  select: string
  plain?: PlainFile
  /** What was found to be left out before the reader sees it. */
  leftOut?: readonly LeftOut[]
  /** Where a text stands in a column, for messages. */
  lineOf?(column: string, value: string): { file: string; line: number } | undefined
}

/**
 * A SELECT over CSV files with names, types and every setting fixed, so that the reader guesses nothing. `rejects` is given
 * when bad rows are to be left out and counted; `warn` hears of what was left unguessed.
 */
export async function csvSelect(
  files: readonly string[],
  config: FileConfig,
  folder: string,
  duck: DuckRunner,
  rejects: Rejects | undefined,
  warn: (message: string) => void,
): Promise<CsvReading> {
  const looked: LookedAt[] = []
  const step = Math.max(1, Math.floor(files.length / judged))
  for (const [index, file] of files.entries()) {
    const found = await look(file, config, folder, duck, index % step === 0)
    if (found !== undefined) looked.push(found)
  }
  const declared = new Map(Object.entries(config.types).map(([name, type]) => [name.toLowerCase(), parseType(type)]))
  if (looked.length === 0) return { select: emptySelect(files, config, folder) }
  checkNames(looked, config)
  const unclear = unclearTypes(looked)
  const guessed = guessTypes(looked, unclear)
  const undated = guessed.undated.filter((name) => !declared.has(name.toLowerCase()))
  if (undated.length > 0) {
    warn(
      `Dates in ${undated.join(', ')} fit more than one order of day, month and year, so they stay text. In a file node set "dateFormat" or "timestampFormat", e.g. %d/%m/%Y; elsewhere convert them with strptime in a transform.`,
    )
  }
  const typeOf = (name: string): ReadAs => {
    const type = declared.get(name.toLowerCase())
    if (type === undefined) return { read: guessed.types.get(name.toLowerCase()) ?? 'VARCHAR' }
    const open = type.kind === 'decimal' && type.precision === undefined
    return { read: open ? 'DECIMAL(38,10)' : readType(type), ...(open ? {} : { declared: type }) }
  }
  const groups = Map.groupBy(looked, (one) =>
    JSON.stringify([one.shape.delimiter, one.shape.blankLines, one.hasHeader, one.names]),
  )
  const readings: GroupReading[] = []
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined) continue
    const { shape, hasHeader, names } = first
    const files = group.map((one) => one.file)
    const formats = formatsOf(group, config, unclear)
    readings.push(
      await readGroup({ files, shape, hasHeader, names, formats }, typeOf, { config, folder, duck, rejects }),
    )
  }
  const plain = plainFile(looked, files, config, unclear)
  return {
    select: readings.map(({ select }) => select).join(' UNION ALL BY NAME '),
    ...(plain && { plain }),
    leftOut: readings.flatMap(({ leftOut }) => leftOut),
    lineOf: (column, value) => lineIn(looked, config, column, value),
  }
}

function plainFile(
  looked: readonly LookedAt[],
  files: readonly string[],
  config: FileConfig,
  unclear: ReadonlySet<Dated>,
): PlainFile | undefined {
  const [one] = looked
  if (!one || files.length > 1 || !isPlainConfig(config)) return undefined
  const { DATE = isoDates, TIMESTAMP } = formatsOf(looked, config, unclear)
  if (DATE !== isoDates || TIMESTAMP !== undefined) return undefined
  const { file, shape, hasHeader, names } = one
  if (isPacked(file) || shape.delimiter !== ',' || shape.blankLines > 0 || shape.mixedNewlines) return undefined
  return { file, header: hasHeader, names }
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
  const sniffed = judge ? await sniff(file, readerOptions(shape, config), config, duck) : undefined
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
    formats: sniffed?.formats ?? {},
    unclear: sniffed?.unclear ?? [],
  }
}

function lineIn(looked: readonly LookedAt[], config: FileConfig, column: string, value: string) {
  for (const { file, shape, names } of looked) {
    const index = names.indexOf(column)
    if (index < 0 || isPacked(file)) continue
    const { quote, encoding } = config
    const { delimiter } = shape
    const cutting = { delimiter, quote, escapedBy: config.escape ?? quote, encoding: nodeEncodings[encoding] }
    const line = lineOf(file, index, value, cutting)
    if (line !== undefined) return { file, line }
  }
  return undefined
}

const nodeEncodings = { 'utf-8': 'utf8', 'latin-1': 'latin1', 'utf-16': 'utf16le' } as const

/** Types that no file shows the order of. */
function unclearTypes(looked: readonly LookedAt[]): ReadonlySet<Dated> {
  const types = ['DATE', 'TIMESTAMP'] as const
  const shown = (type: Dated) => looked.filter((one) => one.types.includes(type))
  return new Set(
    types.filter((type) => shown(type).length > 0 && shown(type).every((one) => one.unclear.includes(type))),
  )
}

/** How dates are written in files of one shape, unless that is unclear: then only ISO dates are read. */
function formatsOf(group: readonly LookedAt[], config: FileConfig, unclear: ReadonlySet<Dated>): Formats {
  const found = (type: Dated) => {
    const formats = new Set(group.flatMap((one) => one.formats[type] ?? []))
    return formats.size === 1 && !unclear.has(type) ? [...formats][0] : undefined
  }
  const date = config.dateFormat ?? found('DATE')
  const timestamp = config.timestampFormat ?? found('TIMESTAMP')
  return {
    ...(date !== undefined && { DATE: date }),
    ...(timestamp !== undefined && { TIMESTAMP: timestamp }),
  }
}

/** Types by name in lower case, and the names of columns that stay text because the order of their dates is unclear. */
function guessTypes(looked: readonly LookedAt[], unclear: ReadonlySet<string>) {
  const found = new Map<string, { name: string; types: Set<string> }>()
  for (const { names, types } of looked) {
    names.forEach((name, index) => {
      const type = types[index]
      if (type === undefined) return
      const key = name.toLowerCase()
      const column = found.get(key) ?? { name, types: new Set() }
      column.types.add(type)
      found.set(key, column)
    })
  }
  const formats = new Set(looked.filter((one) => one.types.length > 0).map((one) => JSON.stringify(one.formats)))
  const undated: string[] = []
  const guessed = new Map<string, string>()
  for (const [key, { name, types }] of found) {
    const type = unifyTypes([...types])
    const isUnclear = /^(DATE|TIMESTAMP)$/.test(type) && [...types].some((one) => unclear.has(one))
    if (isUnclear) undated.push(name)
    guessed.set(key, isUnclear || (formats.size > 1 && /^(DATE|TIMESTAMP)/.test(type)) ? 'VARCHAR' : type)
  }
  return { types: guessed, undated }
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
