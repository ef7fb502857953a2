import { isFloat, isMoment, isNumber } from '../../../../shared/data/kinds.ts'
import { inUtc } from '../../../../shared/data/moments.ts'
import type { ColumnType } from '../../../../shared/data/types.ts'
import { type Cell, cellText, parseCell } from '../../../../shared/data/wire.ts'
import { quoteText } from '../../../../shared/sql/duckdb.ts'
import type { SqlDialect } from '../../../../shared/sql/placeholders.ts'

/** A value as it would be written in a statement, to be read; what runs has its values bound. */
export function literal(text: string | null, type: ColumnType, dialect: SqlDialect): string {
  if (text === null) return 'NULL'
  if (isFloat(type)) return floatLiteral(text, dialect)
  if (isNumber(type) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text
  if (type.kind === 'boolean' && /^(true|false)$/i.test(text)) return text.toUpperCase()
  if (type.kind === 'blob' && dialect === 'duckdb') return `'${text.slice(2).replaceAll(/../g, '\\x$&')}'::BLOB`
  if (type.kind === 'blob' && dialect !== 'postgres') return `X'${text.slice(2)}'`
  if (type.kind === 'list' && dialect === 'postgres') return quoteText(postgresList(text, type))
  if (dialect === 'sqlite' || dialect === 'duckdb') return withNuls(text, dialect === 'sqlite' ? 'char' : 'chr')
  if (dialect !== 'mysql') return quoteText(text)
  // Sessions are in UTC, and MariaDB knows no offsets.
  const plain = type.kind === 'timestamptz' ? (inUtc(text) ?? text) : text
  return quoteText(plain.replaceAll('\\', '\\\\'))
}

/** A zero loses its sign but in quotes, and has none in SQLite, which spells an infinity as a number that is too large. */
function floatLiteral(text: string, dialect: SqlDialect): string {
  if (/^-0(\.0*)?$/.test(text) && dialect !== 'sqlite') return quoteText(text)
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text)
  return dialect === 'sqlite' && infinity ? `${infinity[1] === '-' ? '-' : ''}9e999` : quoteText(text)
}

/** SQLite and DuckDB take a NUL for the end of the statement. */
const withNuls = (text: string, make: 'char' | 'chr'): string =>
  text.split('\0').map(quoteText).join(` || ${make}(0) || `)

/** A list as an array of Postgres; one that is shown as the database writes it is one. */
function postgresList(text: string, type: ColumnType): string {
  if (!text.startsWith('[')) return text
  const cell = parseCell(text, type)
  return cell === null ? text : cellText(cell, type, { lists: 'postgres' })
}

/** Whether two texts say the same value: the database and the embedded engine print some types differently. */
export function sameValue(a: string | null, b: string | null, type: ColumnType): boolean {
  if (a === null || b === null) return a === b
  if (a === b) return true
  if (isNumber(type))
    return (
      plainNumber(a) === plainNumber(b) || (isFloat(type) && sameNumber(Number(a), Number(b), type.kind === 'float32'))
    )
  if (type.kind === 'boolean') return truth(a) === truth(b)
  if (type.kind === 'json') return closeJson(a) === closeJson(b)
  if (type.kind === 'list') return sameList(a, b, type.of)
  if (type.kind === 'interval') return sameSpan(span(a), span(b))
  if (type.kind === 'time') return clock(a) === clock(b)
  return isMoment(type) && moment(a) === moment(b)
}

/** A value that the database gave, as rows show it. */
export function shownText(cell: Exclude<Cell, null>, type: ColumnType): string {
  if (type.kind !== 'list' || type.of.kind !== 'json' || !Array.isArray(cell)) return cellText(cell, type)
  return `[${cell.map((item) => (item === null ? 'null' : cellText(item, type.of))).join(',')}]`
}

/** JSON without the space between its parts. */
const closeJson = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''))

function sameList(a: string, b: string, of: ColumnType): boolean {
  // As Postgres writes it, where some list of the rows has more dimensions.
  if (a.startsWith('{') || b.startsWith('{')) return sameParts(listParts(a, of), listParts(b, of), of)
  const [left, right] = [itemsOf(a, of), itemsOf(b, of)]
  if (!left || !right) return closeJson(a) === closeJson(b)
  return left.length === right.length && left.every((item, index) => sameValue(item, right[index] ?? null, of))
}

/** Texts of a list's items; undefined where it is shown as the database writes it. */
function itemsOf(text: string, of: ColumnType): (string | null)[] | undefined {
  try {
    const cells = parseCell(text, { kind: 'list', of })
    return Array.isArray(cells) ? cells.map((cell) => (cell === null ? null : cellText(cell, of))) : undefined
  } catch {
    return undefined
  }
}

/** Brackets and the items between them, one after the other, of a list in either notation. */
function listParts(text: string, of: ColumnType): (string | null)[] {
  const ofPostgres = text.startsWith('{')
  const items = of.kind === 'json' && !ofPostgres ? itemsOf(text, of) : undefined
  if (items) return ['[', ...items, ']']
  const parts = text.match(ofPostgres ? postgresParts : jsonParts) ?? []
  return parts.map((part) => {
    if (part.startsWith('"')) return ofPostgres ? part.slice(1, -1).replace(/\\(.)/gs, '$1') : String(JSON.parse(part))
    if (part === '{' || part === '}') return part === '{' ? '[' : ']'
    return /^null$/i.test(part) ? null : part
  })
}

const postgresParts = /[{}]|"(?:[^"\\]|\\.)*"|[^{},"\s][^{},"]*/gs
const jsonParts = /[[\]]|"(?:[^"\\]|\\.)*"|[^[\],"\s][^[\],"]*/g

const sameParts = (a: readonly (string | null)[], b: readonly (string | null)[], of: ColumnType): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index] || sameValue(part, b[index] ?? null, of))

interface Span {
  months: number
  days: number
  /** In microseconds, which a double may not hold. */
  time: bigint
}

/** An interval as Postgres or the engine prints it; undefined for any other text. */
function span(text: string): Span | undefined {
  const found: Span = { months: 0, days: 0, time: 0n }
  const rest = text
    .replace(/([+-]?\d+) (year|mon(?:th)?|day)s?/g, (_, count: string, unit: string) => {
      if (unit === 'day') found.days += Number(count)
      else found.months += Number(count) * (unit === 'year' ? 12 : 1)
      return ''
    })
    .replace(
      /([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?/,
      (_, sign: string, hours: string, minutes: string, seconds: string, rest = '') => {
        const micros =
          (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * 1_000_000n + BigInt(rest.padEnd(6, '0'))
        found.time = sign === '-' ? -micros : micros
        return ''
      },
    )
  return rest.trim() === '' ? found : undefined
}

/** Part by part: a month is no number of days. */
const sameSpan = (a: Span | undefined, b: Span | undefined) =>
  a !== undefined && b !== undefined && a.months === b.months && a.days === b.days && a.time === b.time

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

const moment = (text: string) => {
  const [, day = text, rest = ''] = /^(\d+-\d\d?-\d\d?)(?:[T ](.*))?$/.exec(inUtc(text) ?? text) ?? []
  return `${day.replace(/-(?=\d(?:-|$))/g, '-0')} ${clock(rest)}`
}

/** A time of day with its seconds, without zeros that say nothing. */
const clock = (text: string) =>
  text
    .replace(/^(?=\d:)/, '0')
    .replace(/^(\d\d:\d\d)(?![:\d])/, '$1:00')
    .replace(/(:\d\d)\.(\d*?)0+(?=\D|$)/, (_, seconds: string, rest: string) => (rest ? `${seconds}.${rest}` : seconds))
