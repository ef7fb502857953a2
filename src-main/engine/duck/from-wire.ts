import { isLoose, isMoment } from '../../../shared/data/kinds.ts'
import { type ColumnType, formatType } from '../../../shared/data/types.ts'
import { duckType, quoteText } from '../../../shared/sql/duckdb.ts'

/** Of no more digits than a 64-bit integer holds. */
const isShort = (type: { precision?: number }) => type.precision !== undefined && type.precision <= 18

/** The type a wire field is read as; types DuckDB's CSV reader cannot parse from the wire are read as text. */
export function readType(type: ColumnType): string {
  const asText = ['blob', 'list', 'json', 'interval', 'enum', 'text']
  if (asText.includes(type.kind) || (type.kind === 'decimal' && !isShort(type))) return 'VARCHAR'
  return duckType(type)
}

/**
 * The type that a field between nodes is read as. Moments are cast from text: the engine's CSV reader takes `0044-03-15 BC` for a day of
 * our era, and makes NULL of every text that is no timestamptz.
 */
export const wireReadType = (type: ColumnType): string => (isMoment(type) ? 'VARCHAR' : readType(type))

/** The value of a field between nodes, which was read as `wireReadType(type)`. */
export const wireValue = (field: string, type: ColumnType): string =>
  isMoment(type) ? moment(field, type, field) : fromWire(field, type)

/**
 * The DuckDB value of a wire field that was read as `readType(type)`.
 * @param label what errors call the column
 */
export function fromWire(field: string, type: ColumnType, label = field): string {
  switch (type.kind) {
    case 'blob':
      return `unhex(substr(${field}, 3))`
    case 'json':
      return `CAST(${field} AS JSON)`
    case 'list':
      return listValue(field, type, label)
    case 'interval':
      return `CAST(replace(${field}, '+', '') AS INTERVAL)`
    case 'decimal':
      if (isShort(type)) return field
      return isLoose(type)
        ? roundedDecimal(field, label)
        : wideDecimal(field, type.precision ?? 38, type.scale ?? 0, label)
    default:
      return field
  }
}

/** SQL that ends the query: the column holds a value that cannot be had here. NULL for NULL. */
const misfit = (field: string, label: string, what: string) =>
  `error(${quoteText(`Column ${label} holds "`)} || left(${field}, 60) || ${quoteText(`", which is ${what}.`)})`

/**
 * The text of a date or a timestamp as the engine's casts read it: they take `0044-03-15 BC` for a day of our era, unless BC stands in
 * brackets behind the day.
 */
export const datable = (text: string): string =>
  `CASE WHEN suffix(${text}, ' BC') THEN regexp_replace(${text}, '^(\\S+)( .*)? BC$', '\\1 (BC)\\2') ELSE ${text} END`

/** Timestamps are cast as they are first, which is quicker; only as dates would those before our era be taken for others. */
function moment(field: string, type: ColumnType, label: string): string {
  const cast = (text: string) => `TRY_CAST(${text} AS ${duckType(type)})`
  const casts = [...(type.kind === 'date' ? [] : [cast(field)]), cast(datable(field))]
  return `coalesce(${casts.join(', ')}, ${misfit(field, label, `no ${formatType(type)} that can be reckoned with here`)})`
}

/**
 * A text as a decimal of more than 18 digits. The engine's own cast takes some 30 µs a value, measured; that of the digits as a 128-bit
 * integer, shifted to their place, takes a hundredth.
 */
function wideDecimal(field: string, precision: number, scale: number, label: string): string {
  const type = `DECIMAL(${precision},${scale})`
  const digits =
    scale === 0 ? field : `split_part(${field}, '.', 1) || rpad(split_part(${field}, '.', 2), ${scale}, '0')`
  const whole = `CAST(CAST(${digits} AS HUGEINT) AS DECIMAL(38,0))`
  const shifted = scale === 0 ? whole : `${whole} * CAST('0.${'1'.padStart(scale, '0')}' AS DECIMAL(${scale},${scale}))`
  const before = precision > scale ? `\\d{1,${precision - scale}}` : '0?'
  const plain = scale === 0 ? `-?${before}` : `-?${before}(\\.\\d{0,${scale}})?`
  const other = misfit(field, label, `no decimal of up to ${precision - scale} digits before the point`)
  return (
    `CASE WHEN regexp_full_match(${field}, ${quoteText(plain)}) THEN CAST(${shifted} AS ${type}) ` +
    `ELSE coalesce(TRY_CAST(${field} AS ${type}), ${other}) END`
  )
}

/**
 * A decimal without declared scale keeps ten decimals here. What comes after them is rounded away where eight significant digits or more
 * stay, as in a third or a mean; a value that would lose more is an error instead.
 */
function roundedDecimal(field: string, label: string): string {
  const decimals = `split_part(${field}, '.', 2)`
  const kept = `(split_part(${field}, '.', 1) || '.' || left(${decimals}, 10))`
  const carry = `CASE WHEN substr(${decimals}, 11, 1) < '5' THEN 0 WHEN ${field} < '0' THEN -0.0000000001 ELSE 0.0000000001 END`
  const small = `regexp_matches(${field}, '^-?0?\\.000') AND length(rtrim(${decimals}, '0')) > 10`
  return (
    `CASE WHEN length(${decimals}) <= 10 THEN ${wideDecimal(field, 38, 10, label)} ` +
    `WHEN ${small} THEN ${misfit(field, label, 'below 0.001 and has more than 10 decimals')} ` +
    `ELSE ${wideDecimal(kept, 38, 10, label)} + ${carry} END`
  )
}

type ListType = Extract<ColumnType, { kind: 'list' }>

/** Lists travel as JSON. Items that the engine's own cast from JSON would read as something else are read one by one. */
function listValue(field: string, type: ListType, label: string): string {
  const { leaf, depth } = innermost(type)
  if (leaf.kind === 'json') return `CAST(CAST(${field} AS JSON) AS ${duckType(type)})`
  // Of JSON's numbers the engine keeps what a double holds; of texts it keeps everything.
  const json = leaf.kind === 'decimal' ? `regexp_replace(${field}, '"?(-?\\d[\\d.eE+-]*)"?', '"\\1"', 'g')` : field
  const value = needsReading(leaf)
    ? eachItem(`CAST(CAST(${json} AS JSON) AS VARCHAR${'[]'.repeat(depth)})`, type, (item, of) =>
        isMoment(of) ? moment(item, of, label) : itemValue(item, of, label),
      )
    : `CAST(CAST(${field} AS JSON) AS ${duckType(type)})`
  const deeper = misfit(field, label, `a list of more dimensions than ${formatType(type)} has`)
  return `CASE WHEN starts_with(${field}, ${quoteText('['.repeat(depth + 1))}) THEN ${deeper} ELSE ${value} END`
}

/** Short decimals are read by the reader of CSV elsewhere. */
const itemValue = (item: string, type: ColumnType, label: string) =>
  type.kind === 'decimal' && isShort(type)
    ? wideDecimal(item, type.precision ?? 18, type.scale ?? 0, label)
    : fromWire(item, type, label)

const needsReading = (type: ColumnType) =>
  isMoment(type) || type.kind === 'blob' || type.kind === 'decimal' || type.kind === 'interval'

/** What a list holds at last, and how many lists deep. */
export function innermost(type: ListType): { leaf: ColumnType; depth: number } {
  let leaf: ColumnType = type
  let depth = 0
  for (; leaf.kind === 'list'; depth++) leaf = leaf.of
  return { leaf, depth }
}

/** SQL for a list with each of its innermost items put through `change`. */
export function eachItem(
  value: string,
  type: ListType,
  change: (item: string, type: ColumnType) => string,
  depth = 0,
): string {
  const item = `item${depth}`
  const changed = type.of.kind === 'list' ? eachItem(item, type.of, change, depth + 1) : change(item, type.of)
  return `list_transform(${value}, lambda ${item} : ${changed})`
}
