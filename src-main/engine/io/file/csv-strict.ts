import { quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import { saysOtherwise as castsOtherwise } from '../../../../shared/sql/strict.ts'
import type { Dated } from './csv-sniff.ts'

/** How dates and timestamps are written, where that is fixed, and numbers. */
export type Formats = Partial<Record<Dated, string>> & { decimalComma?: boolean }

/** The types by the names that people know them by. */
const known: Readonly<Record<string, string>> = {
  SMALLINT: 'int16',
  INTEGER: 'int32',
  BIGINT: 'int64',
  TIMESTAMP: 'timestamp',
  TIMESTAMPTZ: 'timestamptz',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  DATE: 'date',
  TIME: 'time',
}

const isInstant = (type: string) => known[type] === 'timestamptz'

/** SQL for a text as the type, NULL for what does not fit. */
export function fitting(text: string, type: string, formats: Formats): string {
  if (type.startsWith('DECIMAL') && formats.decimalComma) return `TRY_CAST(replace(${text}, ',', '.') AS ${type})`
  const cast = `TRY_CAST(${text} AS ${type})`
  if (!isInstant(type) || formats.TIMESTAMP === undefined) return cast
  return `coalesce(${cast}, CAST(try_strptime(${text}, ${quoteText(formats.TIMESTAMP)}) AS ${type}))`
}

/**
 * SQL condition: a text that DuckDB's reader would take for a value of the type, and that says something else: 1.5 would become 2 and 0x1F 31, an
 * offset and a time of day would be dropped, and what is no timestamptz would be NULL. Undefined for types and formats of which it takes nothing but
 * what is meant.
 */
export function saysOtherwise(text: string, type: string, formats: Formats): string | undefined {
  // Of whole numbers most texts are; looking for signs takes a fraction of what matching takes.
  if (/^(SMALLINT|INTEGER|BIGINT)$/.test(type)) {
    const signs = ['.', 'e', 'E', ',', '_'].map((sign) => `contains(${text}, '${sign}')`)
    return [...signs, `(${text}[1] = '0' AND ${text}[2] > '9')`].join(' OR ')
  }
  if (isInstant(type)) return `${fitting(text, type, formats)} IS NULL`
  return (type === 'TIMESTAMP' || type === 'DATE') && formats[type] !== undefined
    ? undefined
    : castsOtherwise(text, type)
}

/** SQL condition: the text is no value of the type, in the reader's eyes or ours. */
export const isMisfit = (text: string, type: string, formats: Formats): string =>
  `(${text} IS NOT NULL AND (${saysOtherwise(text, type, formats)} OR ${fitting(text, type, formats)} IS NULL))`

/** SQL for what is said of a text that is none of its column's type. */
export const misfitText = (name: string, type: string): string =>
  `${quoteText(`Column ${name} holds "`)} || left(${quoteName(name)}, 200) || ${quoteText(`", which is no ${type}.`)}`

/** SQL for a column that was read as text, as the type; what does not fit is an error that names the column and the text. */
export function strictValue(name: string, type: string, formats: Formats): string {
  const text = quoteName(name)
  const message = misfitText(name, known[type] ?? type.toLowerCase())
  const other = saysOtherwise(text, type, formats)
  return (
    `CASE WHEN ${text} IS NULL THEN NULL WHEN ${other} THEN error(${message}) ` +
    `ELSE coalesce(${fitting(text, type, formats)}, error(${message})) END`
  )
}
