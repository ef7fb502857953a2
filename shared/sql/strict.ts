import { type ColumnType, formatType } from '../data/types.ts'
import { duckType, quoteText } from './duckdb.ts'

/**
 * SQL condition: a text that a cast would take for a value of the type, and that says something else: 1.7 would become 2, cents and offsets would be
 * dropped. Undefined for types whose casts take nothing but what is meant.
 * @param type as the embedded engine calls it
 */
export function saysOtherwise(text: string, type: string): string | undefined {
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1]
  if (scale !== undefined) return `regexp_matches(${text}, '[.,]\\d{${scale}}\\d*[1-9]|[eE]-')`
  switch (type) {
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return `NOT regexp_full_match(${text}, '\\s*[-+]?\\d+(\\.0*)?\\s*')`
    case 'TIMESTAMP':
      return `regexp_matches(substr(${text}, 12), '[-+Zz]')`
    case 'DATE':
      return `length(trim(${text})) > 10`
    case 'TIME':
      return `regexp_matches(${text}, '[-+Zz]')`
    default:
      return undefined
  }
}

/**
 * SQL condition: the text is of a fraction with more digits than every float of 64 bits keeps. The engine takes fractions in JSON for floats, so
 * that one may not be what is written.
 */
export const isUnsure = (text: string): string =>
  `length(regexp_replace(regexp_replace(${text}, 'e.*|[-.]', '', 'g'), '^0+|0+$', '', 'g')) > 15`

/** SQL for a message about a text in a column, which ends the query. */
export const refusal = (text: string, label: string, what: string): string =>
  `error(${quoteText(`Column ${label} holds "`)} || left(${text}, 200) || ${quoteText(`", which ${what}.`)})`

/**
 * SQL for a text as a value of the type, and nothing else than it says.
 * @param label what errors call the column
 */
export function castText(text: string, type: ColumnType, label: string, otherwise: 'fail' | 'null'): string {
  const cast = `${otherwise === 'null' ? 'TRY_CAST' : 'CAST'}(${text} AS ${duckType(type)})`
  const other = saysOtherwise(text, duckType(type))
  if (other === undefined) return cast
  const refused = otherwise === 'null' ? 'NULL' : refusal(text, label, `is no ${formatType(type)}`)
  return `CASE WHEN ${other} THEN ${refused} ELSE ${cast} END`
}
