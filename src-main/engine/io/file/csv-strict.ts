import { quoteName, quoteText } from '../../../../shared/sql/duckdb.ts'
import type { Dated } from './csv-sniff.ts'

/** How dates and timestamps are written, where that is fixed. */
export type Formats = Partial<Record<Dated, string>>

/** The types by the names that people know them by. */
const known: Readonly<Record<string, string>> = {
  SMALLINT: 'int16',
  INTEGER: 'int32',
  BIGINT: 'int64',
  TIMESTAMP: 'timestamp',
  DATE: 'date',
}

/**
 * SQL condition: a text that DuckDB's reader would take for a value of the type, and that says something else: 1.5 would become 2, an offset
 * and a time of day would be dropped. Undefined for types and formats of which it takes nothing but what is meant.
 */
export function saysOtherwise(text: string, type: string, formats: Formats): string | undefined {
  if (/^(SMALLINT|INTEGER|BIGINT)$/.test(type))
    return ['.', 'e', 'E', ','].map((sign) => `contains(${text}, '${sign}')`).join(' OR ')
  if (type === 'TIMESTAMP' && formats.TIMESTAMP === undefined) return `regexp_matches(substr(${text}, 12), '[-+Zz]')`
  if (type === 'DATE' && formats.DATE === undefined) return `length(trim(${text})) > 10`
  return undefined
}

/** SQL condition: the text is no value of the type, in the reader's eyes or ours. */
export const isMisfit = (text: string, type: string, formats: Formats): string =>
  `(${text} IS NOT NULL AND (${saysOtherwise(text, type, formats)} OR TRY_CAST(${text} AS ${type}) IS NULL))`

/** SQL for a column that was read as text, as the type; what does not fit is an error that names the column and the text. */
export function strictValue(name: string, type: string, formats: Formats): string {
  const text = quoteName(name)
  const message = `${quoteText(`Column ${name} holds "`)} || left(${text}, 200) || ${quoteText(`", which is no ${known[type] ?? type}.`)}`
  const other = saysOtherwise(text, type, formats)
  return (
    `CASE WHEN ${text} IS NULL THEN NULL WHEN ${other} THEN error(${message}) ` +
    `ELSE coalesce(TRY_CAST(${text} AS ${type}), error(${message})) END`
  )
}
