import { statSync } from 'node:fs'
import { parseType, uniqueNames } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import { nearestFew } from '../../../../shared/nearest.ts'
import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { duckType, quoteFile, quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import { type JsonPath, parsePath } from '../../../../shared/sql/json-path.ts'
import type { DuckRunner } from '../../node-context.ts'
import { filenameField } from './csv-read.ts'
import { type Field, textual, withDates } from './json-dates.ts'
import { isDecimal } from './json-decimals.ts'
import { byKeys, foundAs, keysByCase, unlikeByCase } from './json-keys.ts'
import { shortPath } from './paths.ts'
import { firstBytes } from './sample.ts'

const mebibyte = 1024 * 1024
/** Up to so many bytes all records are looked at for their keys and types; it takes about a second for 100 MiB. */
const wholly = 64 * mebibyte

/** Bytes of all files together, packed ones taken for ten times as many. */
const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(file).size * (/\.(gz|zst)$/i.test(file) ? 10 : 1), 0)

/** A SELECT over JSON or NDJSON files with the types of its columns fixed. */
export async function jsonSelect(
  files: readonly string[],
  config: FileConfig,
  format: 'json' | 'ndjson',
  folder: string,
  duck: DuckRunner,
  warn: (message: string) => void,
): Promise<string> {
  for (const file of files) await requireUnmarked(file, folder)
  const steps = parsePath(config.records ?? '', 'records')
  const options = readerOptions(files, format, steps.length > 0)
  const sampled = steps.length === 0 && sizeOf(files) > wholly
  const looking = [
    'map_inference_threshold = -1',
    'field_appearance_threshold = 0',
    ...(sampled ? [] : ['sample_size = -1']),
  ]
  const guessing = `read_json(${listed(files)}, ${[...options, ...looking].join(', ')})`
  if (steps.length > 0) return recordsSelect(steps, options, guessing, config, folder, duck, files)
  if (sampled) {
    warn(
      'Only the first 20,480 records of each file were looked at for columns: a key that is in none of them is left out.',
    )
  }
  const found = await describe(duck, `SELECT * FROM ${guessing}`)
  const nothing = found.length === 1 && found[0]?.name === 'json' && found[0].type === 'JSON'
  const keys = await keysByCase(found, files, options, duck)
  if (keys !== undefined) {
    if (sampled) throw unlikeByCase(keys, files, folder)
    const named = uniqueNames(keys.map((name) => ({ name })))
    const types = keys.map((key, index) => ({
      name: named[index]?.name ?? '',
      type: foundAs(key, found)?.type ?? 'VARCHAR',
    }))
    const source = byKeys(keys, options, config, folder)
    return withDates(declare(types, config, false), files, source, duck, false)
  }
  const fields = declare(nothing && Object.keys(config.types).length > 0 ? [] : found, config, nothing)
  if (nothing && fields === found) {
    await requireRecords(guessing, files, folder, duck)
    return wrap(guessing, config, folder)
  }
  const source = (as: readonly Field[]) => (some: readonly string[]) =>
    wrap(`read_json(${listed(some)}, ${[...options, columnsOption(as)].join(', ')})`, config, folder)
  return withDates(fields, files, source, duck, sampled)
}

/** The reader takes an array after a byte order mark for one record. @throws AppError FILE_FORMAT */
async function requireUnmarked(file: string, folder: string): Promise<void> {
  const [first = 0, second = 0, third = 0] = await firstBytes(file, folder)
  const mark = [first, second, third].map((byte) => byte.toString(16)).join(' ')
  if (!/^(ef bb bf|ff fe|fe ff)/.test(mark)) return
  throw new AppError('FILE_FORMAT', `${shortPath(file, folder)} begins with a byte order mark.`, {
    hint: 'Save it as UTF-8 without one (BOM); JSON is read in no other encoding.',
    at: { field: 'path' },
  })
}

/** Of no records no column is known; what the reader makes up for them would be taken for one. @throws AppError FILE_FORMAT */
async function requireRecords(
  source: string,
  files: readonly string[],
  folder: string,
  duck: DuckRunner,
): Promise<void> {
  const [row] = await duck.text(`SELECT count(*) FROM (SELECT 1 FROM ${source} LIMIT 1)`)
  if (row?.[0] !== '0') return
  const name = files[0] === undefined ? 'The file' : shortPath(files[0], folder)
  throw new AppError('FILE_FORMAT', `${name} holds no records, so their columns are not known.`, {
    hint: 'Where an empty file is to be expected, name its columns in "types".',
    at: { field: 'path' },
  })
}

const listed = (files: readonly string[]) => `[${files.map(quoteFile).join(', ')}]`

function wrap(reader: string, config: FileConfig, folder: string): string {
  if (config.filename === undefined) return `SELECT * FROM ${reader}`
  return `SELECT * EXCLUDE (${quoteName(config.filename)}), ${filenameField(config.filename, folder)} FROM ${reader.replace(/\)$/, `, filename = ${quoteText(config.filename)})`)}`
}

function readerOptions(files: readonly string[], format: 'json' | 'ndjson', whole: boolean): string[] {
  const largest = Math.max(...files.map((file) => (/\.(gz|zst)$/i.test(file) ? 256 * mebibyte : statSync(file).size)))
  const size = whole ? Math.max(16 * mebibyte, largest + mebibyte) : 16 * mebibyte
  return [
    `format = ${format === 'ndjson' ? `'newline_delimited'` : `'auto'`}`,
    `maximum_object_size = ${size}`,
    ...(files.length > 1 ? ['union_by_name = true'] : []),
  ]
}

/** Records inside a document: the array is unnested, and each record spread over columns. */
async function recordsSelect(
  steps: JsonPath,
  options: readonly string[],
  guessing: string,
  config: FileConfig,
  folder: string,
  duck: DuckRunner,
  files: readonly string[],
): Promise<string> {
  const access = steps
    .map((step, index) => (typeof step === 'number' ? `[${step + 1}]` : `${index > 0 ? '.' : ''}${quoteName(step)}`))
    .join('')
  const [at] = await describe(duck, `SELECT ${access} AS r FROM ${guessing}`).catch(() => [])
  if (at === undefined) {
    const top = await describe(duck, `SELECT * FROM ${guessing}`)
    throw new AppError(
      'FILE_FORMAT',
      `There is nothing at ${config.records} in ${files[0] === undefined ? 'the file' : shortPath(files[0], folder)}.`,
      {
        hint: `The document has ${top.map((field) => field.name).join(', ')}.`,
        at: { field: 'records' },
      },
    )
  }
  const isList = at.type.endsWith('[]')
  const one = isList ? `${access}[1]` : access
  const isStruct = /^STRUCT\(/.test(at.type)
  if (isList && itemType(at.type) === 'JSON') {
    await requireRecords(`(SELECT unnest(${access}) FROM ${guessing})`, files, folder, duck)
  }
  const inner = isStruct ? await describe(duck, `SELECT unnest(${one}) FROM ${guessing}`) : []
  const fields = isStruct ? declare(inner, config, false) : [{ name: 'value', type: itemType(at.type) }]
  const [top] = steps
  const columnsOf = (as: readonly Field[]) => {
    const record = isStruct ? structType(as) : as.map(textual).join()
    let type = isList ? `${record}[]` : record
    for (const step of steps.slice(1).reverse())
      type = typeof step === 'number' ? `${type}[]` : `STRUCT(${quoteName(step)} ${type})`
    return columnsOption([{ name: String(top), type, declared: true }])
  }
  const names = config.filename === undefined ? '' : `, filename = ${quoteText(config.filename)}`
  const extra = config.filename === undefined ? '' : `, ${filenameField(config.filename, folder)}`
  const outer = config.filename === undefined ? '' : `, ${quoteName(config.filename)}`
  const source = (as: readonly Field[]) => (some: readonly string[]) => {
    const reader = `read_json(${listed(some)}, ${[...options, columnsOf(as)].join(', ')}${names})`
    const rows = `SELECT ${isList ? `unnest(${access})` : access} AS r${extra} FROM ${reader}`
    return `SELECT ${isStruct ? 'unnest(r)' : 'r AS "value"'}${outer} FROM (${rows})`
  }
  return withDates(fields, files, source, duck, false)
}

const itemType = (type: string) => type.replace(/\[\]$/, '')

async function describe(duck: DuckRunner, select: string): Promise<Field[]> {
  const rows = await duck.text(`SELECT column_name, column_type FROM (DESCRIBE ${select})`)
  return rows.map(([name, type]) => ({ name: name ?? '', type: type ?? 'VARCHAR' }))
}

/** Found columns with their declared types. `open`: declared columns that were not found are added. */
function declare(found: readonly Field[], config: FileConfig, open: boolean): readonly Field[] {
  const declared = Object.entries(config.types).map(([name, given]): Field => {
    const type = parseType(given)
    return { name, type: duckType(type), declared: true, ...(isDecimal(type) && { decimals: type }) }
  })
  if (declared.length === 0) return found
  const isNamed = (name: string) => (field: Field) => field.name.toLowerCase() === name.toLowerCase()
  const unknown = declared.find(({ name }) => !found.some(isNamed(name)))
  if (unknown !== undefined && !open) {
    const names = found.map((field) => field.name)
    const near = nearestFew(unknown.name, names)
    throw new AppError('CONFIG_COLUMN', `The records have no ${unknown.name}, to which "types" gives a type.`, {
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `They have ${names.join(', ')}.`,
      at: { field: `types.${unknown.name}` },
    })
  }
  const kept = found.map((field) => {
    const given = declared.find(isNamed(field.name))
    return given === undefined ? field : { ...given, name: field.name }
  })
  return [...kept, ...declared.filter(({ name }) => !found.some(isNamed(name)))]
}

const columnsOption = (fields: readonly Field[]) =>
  `columns = {${fields.map((field) => `${quoteText(field.name)}: ${quoteText(textual(field))}`).join(', ')}}`

const structType = (fields: readonly Field[]) =>
  `STRUCT(${fields.map((field) => `${quoteName(field.name)} ${textual(field)}`).join(', ')})`
