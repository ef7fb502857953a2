import { type ColumnType, formatType } from '../../../../shared/data/types.ts'
import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { duckType, quoteFile, quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import { fromWire } from '../../duck/from-wire.ts'
import type { DuckRunner } from '../../node-context.ts'
import { type Formats, fitting, isMisfit, misfitText, saysOtherwise, strictValue } from './csv-strict.ts'
import type { CsvShape } from './sample.ts'

/** How bad rows are recorded while they are left out. */
export interface Rejects {
  table: string
  scans: string
}

/** Rows that are left out because a text of theirs fits no more than seemingly. */
export interface LeftOut {
  rows: number
  reason: string
}

/** The DuckDB type that a column is read as, and the type that was declared for it. */
export interface ReadAs {
  read: string
  declared?: ColumnType
}

/** Files of one shape. */
export interface Group {
  files: readonly string[]
  shape: CsvShape
  hasHeader: boolean
  names: readonly string[]
  formats: Formats
}

interface Reading {
  config: FileConfig
  folder: string
  duck: DuckRunner
  rejects: Rejects | undefined
}

export interface GroupReading {
  select: string
  leftOut: LeftOut[]
}

interface ReadColumn extends ReadAs {
  name: string
  /** Its texts are looked at one by one, for the reader would take some of them for what they are not. */
  strict: boolean
}

/** A SELECT over files of one shape with everything fixed. Bad rows that are to be left out are looked for first where the reader would miss them. */
export async function readGroup(
  group: Group,
  typeOf: (name: string) => ReadAs,
  { config, folder, duck, rejects }: Reading,
): Promise<GroupReading> {
  const formats = { ...group.formats, decimalComma: config.decimalComma }
  const columns = group.names.map((name): ReadColumn => {
    const as = typeOf(name)
    return { name, ...as, strict: saysOtherwise('', as.read, formats) !== undefined }
  })
  const source = (some: readonly ReadColumn[], more: readonly string[]) => readCsv(group, some, config, more)
  if (rejects === undefined) {
    const fields = columns.map((column) =>
      column.strict
        ? `${strictValue(column.name, column.read, formats)} AS ${quoteName(column.name)}`
        : fieldOf(column),
    )
    return { select: selectOf(fields, source(columns, []), config, folder), leftOut: [] }
  }
  const misfits = (some: readonly ReadColumn[]) =>
    some.map(({ name, read }) => isMisfit(quoteName(name), read, formats))
  const found = await odd(columns, formats, source(columns, ['ignore_errors = true']), duck)
  const texts = columns.map((column) => ({ ...column, strict: found.has(column.name) }))
  const strict = texts.filter((column) => column.strict)
  const leftOut =
    strict.length === 0 ? [] : await counted(misfits(strict), source(texts, ['ignore_errors = true']), found, duck)
  const fields = texts.map((column) =>
    column.strict
      ? `${fitting(quoteName(column.name), column.read, formats)} AS ${quoteName(column.name)}`
      : fieldOf(column),
  )
  const recorded = [
    'store_rejects = true',
    `rejects_table = ${quoteText(rejects.table)}`,
    `rejects_scan = ${quoteText(rejects.scans)}`,
  ]
  // All columns are read whatever is asked for, so that a row is left out for each of them or for none.
  const all = `hash(${columns.map(({ name }) => quoteName(name)).join(', ')}) IS NOT NULL`
  const where = [all, ...misfits(strict).map((bad) => `NOT ${bad}`)].join(' AND ')
  return { select: `${selectOf(fields, source(texts, recorded), config, folder)} WHERE ${where}`, leftOut }
}

/** Columns with texts that the reader would change, and the first such text of each. */
async function odd(
  columns: readonly ReadColumn[],
  formats: Formats,
  source: string,
  duck: DuckRunner,
): Promise<Map<string, string>> {
  const strict = columns.filter((column) => column.strict)
  if (strict.length === 0) return new Map()
  const firsts = strict.map(({ name, read }) => {
    const text = quoteName(name)
    return `left(any_value(${text}) FILTER (WHERE ${saysOtherwise(text, read, formats)}), 200)`
  })
  const [row = []] = await duck.text(`SELECT ${firsts.join(', ')} FROM ${source}`)
  return new Map(strict.flatMap(({ name }, index) => (row[index] ? [[name, row[index]]] : [])))
}

async function counted(
  misfits: readonly string[],
  source: string,
  found: ReadonlyMap<string, string>,
  duck: DuckRunner,
): Promise<LeftOut[]> {
  const [row] = await duck.text(`SELECT count(*) FROM ${source} WHERE ${misfits.join(' OR ')}`)
  const examples = [...found].map(([column, text]) => `column ${column} holds "${text}"`)
  return [{ rows: Number(row?.[0] ?? 0), reason: examples.join(', ') }]
}

function readCsv(group: Group, columns: readonly ReadColumn[], config: FileConfig, more: readonly string[]): string {
  const { files, shape, hasHeader, formats } = group
  const types = columns.map(({ name, read, strict }) => `${quoteText(name)}: ${quoteText(strict ? 'VARCHAR' : read)}`)
  const options = [
    ...readerOptions(shape, config),
    'auto_detect = false',
    `header = ${hasHeader}`,
    `columns = {${types.join(', ')}}`,
    ...(formats.DATE === undefined ? [] : [`dateformat = ${quoteText(formats.DATE)}`]),
    ...(formats.TIMESTAMP === undefined ? [] : [`timestampformat = ${quoteText(formats.TIMESTAMP)}`]),
    ...(config.filename === undefined ? [] : [`filename = ${quoteText(config.filename)}`]),
    ...more,
  ]
  return `read_csv([${files.map(quoteFile).join(', ')}], ${options.join(', ')})`
}

function fieldOf({ name, declared }: ReadColumn): string {
  const text = quoteName(name)
  if (declared === undefined) return text
  const value = fromWire(text, declared, name)
  // A decimal that is read as text: one of more digits than a 64-bit integer.
  const other = declared.kind === 'decimal' && value !== text ? saysOtherwise(text, duckType(declared), {}) : undefined
  if (other === undefined) return `${value} AS ${text}`
  return `CASE WHEN ${other} THEN error(${misfitText(name, formatType(declared))}) ELSE ${value} END AS ${text}`
}

function selectOf(fields: readonly string[], source: string, config: FileConfig, folder: string): string {
  const file = config.filename === undefined ? [] : [filenameField(config.filename, folder)]
  return `SELECT ${[...fields, ...file].join(', ')} FROM ${source}`
}

export function readerOptions(shape: CsvShape, config: FileConfig): string[] {
  const nulls = ['', ...config.nullText].map(quoteText).join(', ')
  const strict = config.strict && !shape.mixedNewlines
  return [
    `delim = ${quoteText(shape.delimiter)}`,
    `quote = ${quoteText(config.quote)}`,
    `escape = ${quoteText(config.escape ?? config.quote)}`,
    `comment = ${quoteText(config.comment ?? '')}`,
    `skip = ${config.skip + shape.blankLines}`,
    `nullstr = [${nulls}]`,
    'allow_quoted_nulls = false',
    `encoding = ${quoteText(config.encoding)}`,
    `strict_mode = ${strict}`,
    // Left to itself, the lenient reader loses the first field after a \r among lines that end in \r\n.
    ...(strict ? [] : [`new_line = '\\n'`]),
    `null_padding = ${config.shortRows === 'pad'}`,
    'max_line_size = 16777216',
    'buffer_size = 33554432',
    ...(config.shortRows === 'pad' ? ['parallel = false'] : []),
    ...(config.decimalComma ? [`decimal_separator = ','`] : []),
  ]
}

/** The path of the file, relative to the pipeline's folder where it lies inside. */
export function filenameField(name: string, folder: string): string {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  const column = quoteName(name)
  return `CASE WHEN starts_with(${column}, ${quoteText(prefix)}) THEN substr(${column}, ${prefix.length + 1}) ELSE ${column} END AS ${column}`
}
