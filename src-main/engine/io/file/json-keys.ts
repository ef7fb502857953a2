import { uniqueNames } from '../../../../shared/data/types.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { quoteFile, quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import { pointer } from '../../../../shared/sql/json-path.ts'
import type { DuckRunner } from '../../node-context.ts'
import { filenameField } from './csv-read.ts'
import { type Field, textual } from './json-dates.ts'
import { shortPath } from './paths.ts'

/**
 * The keys of records as they are written, in the order of their first appearance, where some differ only in case; else undefined. The engine's
 * reader numbers such keys, and then finds nothing under the new names.
 */
export async function keysByCase(
  found: readonly Field[],
  files: readonly string[],
  options: readonly string[],
  duck: DuckRunner,
): Promise<string[] | undefined> {
  const names = new Set(found.map(({ name }) => name.toLowerCase()))
  const isNumbered = (name: string) => names.has(name.toLowerCase().replace(/_\d+$/, '')) && /_\d+$/.test(name)
  if (!found.some(({ name }) => isNumbered(name))) return undefined
  const records = `SELECT json_keys(json) AS keys, row_number() OVER () AS record FROM ${objects(files, options)}`
  const keys = `SELECT unnest(keys) AS key, record, generate_subscripts(keys, 1) AS place FROM (${records})`
  const rows = await duck.text(`SELECT key FROM (${keys}) GROUP BY key ORDER BY min((record, place))`)
  const all = rows.map(([key]) => key ?? '')
  return new Set(all.map((key) => key.toLowerCase())).size < all.length ? all : undefined
}

/** The field that the reader found a key's values under. */
export const foundAs = (key: string, found: readonly Field[]): Field | undefined =>
  found.find(({ name }) => name === key) ?? found.find(({ name }) => name.replace(/_\d+$/, '') === key)

const objects = (files: readonly string[], options: readonly string[]) =>
  `read_json_objects([${files.map(quoteFile).join(', ')}], ${options.filter((option) => !option.startsWith('union')).join(', ')})`

/** Rows by the keys as they are written; columns whose names would be equal have numbers, as those of CSV have. */
export function byKeys(keys: readonly string[], options: readonly string[], config: FileConfig, folder: string) {
  const names = uniqueNames(keys.map((name) => ({ name })))
  return (fields: readonly Field[]) => (files: readonly string[]) => {
    const values = names.map(({ name }, index) => {
      const field = fields.find((one) => one.name === name)
      return `${valueAt(keys[index] ?? '', field)} AS ${quoteName(name)}`
    })
    const file = config.filename === undefined ? [] : [filenameField(config.filename, folder)]
    const more = config.filename === undefined ? [] : [`filename = ${quoteText(config.filename)}`]
    return `SELECT ${[...values, ...file].join(', ')} FROM ${objects(files, [...options, ...more])}`
  }
}

function valueAt(key: string, field: Field | undefined): string {
  const path = quoteText(pointer([key]))
  const type = field === undefined ? 'VARCHAR' : textual(field)
  if (type === 'VARCHAR') return `json_extract_string(json, ${path})`
  const value = `nullif(json_extract(json, ${path}), 'null'::JSON)`
  return type === 'JSON' ? value : `CAST(${value} AS ${type})`
}

export const unlikeByCase = (keys: readonly string[], files: readonly string[], folder: string) => {
  const clash = keys.find((key) => keys.some((other) => other !== key && other.toLowerCase() === key.toLowerCase()))
  return new AppError(
    'FILE_FORMAT',
    `${files[0] === undefined ? 'The file' : shortPath(files[0], folder)} has keys that differ from ${clash} only in case.`,
    { hint: 'Files of more than 64 MiB cannot be read so; split it, or rename the keys.', at: { field: 'path' } },
  )
}
