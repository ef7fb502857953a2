import { isFloat, isMoment, isNumber } from '../../../../shared/data/kinds.ts'
import { inUtc } from '../../../../shared/data/moments.ts'

import type { ColumnType } from '../../../../shared/data/types.ts'
import { quoteText } from '../../../../shared/sql/duckdb.ts'
import type { SqlDialect } from '../../../../shared/sql/placeholders.ts'

/** A value as it would be written in a statement, to be read; what runs has its values bound. */
export function literal(text: string | null, type: ColumnType, dialect: SqlDialect): string {
  if (text === null) return 'NULL'
  if (isNumber(type) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text
  if (type.kind === 'boolean' && /^(true|false)$/i.test(text)) return text.toUpperCase()
  if (type.kind === 'blob' && dialect !== 'postgres') return `X'${text.slice(2)}'`
  if (dialect !== 'mysql') return quoteText(text)
  // Sessions are in UTC, and MariaDB knows no offsets.
  const plain = type.kind === 'timestamptz' ? (inUtc(text) ?? text) : text
  return quoteText(plain.replaceAll('\\', '\\\\'))
}

/** Whether two texts say the same value: the database and the embedded engine print some types differently. */
export function sameValue(a: string | null, b: string | null, type: ColumnType): boolean {
  if (a === null || b === null) return a === b
  if (a === b || type.kind === 'interval') return true
  if (isNumber(type))
    return (
      plainNumber(a) === plainNumber(b) || (isFloat(type) && sameNumber(Number(a), Number(b), type.kind === 'float32'))
    )
  if (type.kind === 'boolean') return truth(a) === truth(b)
  if (type.kind === 'json' || type.kind === 'list') return a.replaceAll(/\s/g, '') === b.replaceAll(/\s/g, '')
  return isMoment(type) && moment(a) === moment(b)
}

const sameNumber = (a: number, b: number, single: boolean) => (single ? Math.fround(a) === Math.fround(b) : a === b)

/** Digits without zeros that say nothing. */
const plainNumber = (text: string) =>
  text
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')

const truth = (text: string) =>
  text
    .toLowerCase()
    .replace(/^(1|t)$/, 'true')
    .replace(/^(0|f)$/, 'false')

const moment = (text: string) =>
  (inUtc(text) ?? text)
    .replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ')
    .replace(/(:\d\d)\.(\d*?)0+(?=\D|$)/, (_, seconds: string, rest: string) => (rest ? `${seconds}.${rest}` : seconds))
