import type { ColumnType, ScalarKind } from '../../../shared/data/types.ts'
import { OddValue } from '../odd-value.ts'
import type { FieldDef } from './packets.ts'
import { isPlain, typeOfField, wireTypes } from './types.ts'
import type { WireLines } from './wire-line.ts'

/** How the server's text of a field becomes wire text. */
export type Encoding = 'plain' | 'text' | 'blob' | 'boolean' | 'bit' | 'date' | 'datetime' | 'timestamp' | 'time'

/** A column of a result, as far as its rows must be known. */
export interface OutColumn {
  name: string
  /** Number of the type in the protocol. */
  wireType: number
  unsigned: boolean
  encoding: Encoding
  /** Whatever the server keeps goes out as it is. */
  plain: boolean
}

export function outColumn(field: FieldDef, odd: readonly ScalarKind[]): OutColumn {
  const plain = isPlain(field, odd)
  return {
    name: field.name,
    wireType: field.type,
    unsigned: (field.flags & 32) !== 0,
    encoding: plain && field.type === wireTypes.tiny ? 'plain' : encodingOf(field, typeOfField(field)),
    plain,
  }
}

function encodingOf(field: FieldDef, type: ColumnType): Encoding {
  switch (type.kind) {
    case 'boolean':
      return field.type === wireTypes.bit ? 'bit' : 'boolean'
    case 'blob':
      return 'blob'
    case 'date':
      return 'date'
    case 'time':
      return 'time'
    case 'timestamp':
      return 'datetime'
    case 'timestamptz':
      return 'timestamp'
    case 'text':
    case 'json':
    case 'uuid':
    case 'enum':
      return 'text'
    default:
      return 'plain'
  }
}

const ZERO = 48
const COLON = 58
const POINT = 46

/** Adds a field from the server's text. @throws AppError DATA_TYPE for values that only MySQL has */
export function addField(lines: WireLines, column: OutColumn, data: Buffer, start: number, end: number): void {
  switch (column.encoding) {
    case 'plain':
      lines.plain(data, start, end)
      return
    case 'text':
      lines.text(data, start, end)
      return
    case 'blob':
      lines.hex(data, start, end)
      return
    case 'boolean':
      addBoolean(lines, column, end - start === 1 ? (data[start] ?? 0) - ZERO : 2)
      return
    case 'bit':
      addBoolean(lines, column, data[end - 1] ?? 2)
      return
    case 'date':
      checkDate(column, data, start)
      lines.plain(data, start, end)
      return
    case 'datetime':
      checkDate(column, data, start)
      lines.plain(data, start, trimmed(data, start, end))
      return
    case 'timestamp':
      checkDate(column, data, start)
      lines.ascii(`${data.toString('latin1', start, trimmed(data, start, end))}+00`)
      return
    case 'time':
      checkTime(column, data, start)
      lines.plain(data, start, trimmed(data, start, end))
  }
}

export function addBoolean(lines: WireLines, column: OutColumn, value: number): void {
  if (value !== 0 && value !== 1)
    throw oddValue(
      'boolean',
      column,
      'a tinyint(1) holds a number that is neither 0 nor 1',
      `Read it as a number: cast(${column.name} as int).`,
    )
  lines.ascii(value === 1 ? 'true' : 'false')
}

/** Dates of a month or day zero exist here and nowhere else. */
function checkDate(column: OutColumn, data: Buffer, start: number): void {
  if (column.plain) return
  const zero = (at: number) => data[start + at] === ZERO && data[start + at + 1] === ZERO
  if (zero(5) || zero(8) || (zero(0) && zero(2))) throw zeroDate(column)
}

export const zeroDate = (column: OutColumn) =>
  oddValue(
    column.encoding === 'date' ? 'date' : column.encoding === 'timestamp' ? 'timestamptz' : 'timestamp',
    column,
    'a date has no year, month or day (such as 0000-00-00)',
    `Give it a meaning in the query: nullif(${column.name}, 0) reads a zero date as NULL.`,
  )

/** A time may also be a span of up to 838 hours, of either sign. */
function checkTime(column: OutColumn, data: Buffer, start: number): void {
  if (column.plain) return
  const [first = 0, second = 0] = [data[start], data[start + 1]]
  if (data[start + 2] === COLON && (first < 50 || (first === 50 && second < 52))) return
  throw spanError(column)
}

export const spanError = (column: OutColumn) =>
  oddValue('time', column, 'a time is not a time of day', `Read it as text: cast(${column.name} as char).`)

/** Without the zeros at the end of a fraction, which pad it to the column's precision. */
function trimmed(data: Buffer, start: number, end: number): number {
  let last = end
  if (!hasFraction(data, start, end)) return end
  while (data[last - 1] === ZERO) last--
  return data[last - 1] === POINT ? last - 1 : last
}

function hasFraction(data: Buffer, start: number, end: number): boolean {
  for (let at = end - 1; at >= start && end - at <= 7; at--) if (data[at] === POINT) return true
  return false
}

/** Told with the row's number by whoever counts the rows. */
function oddValue(kind: ScalarKind, column: OutColumn, problem: string, hint: string): OddValue {
  return new OddValue(kind, `column ${column.name}: ${problem}.`, { hint })
}
