import { addBoolean, addField, type OutColumn, spanError, zeroDate } from './encodings.ts'
import { wireTypes } from './types.ts'
import type { WireLines } from './wire-line.ts'

/** Adds a row of the binary protocol: a bitmap of NULLs, then values in the form of their types. */
export function addBinaryRow(lines: WireLines, columns: readonly OutColumn[], data: Buffer, start: number): void {
  let at = start + 1 + ((columns.length + 9) >> 3)
  for (const [index, column] of columns.entries()) {
    const bit = index + 2
    if (((data[start + 1 + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) lines.null()
    else at = addValue(lines, column, data, at)
  }
  lines.endRow()
}

/** Adds one value; returns where the next begins. */
function addValue(lines: WireLines, column: OutColumn, data: Buffer, at: number): number {
  switch (column.wireType) {
    case wireTypes.tiny:
      return integer(lines, column, data, at, 1)
    case wireTypes.short:
    case wireTypes.year:
      return integer(lines, column, data, at, 2)
    case wireTypes.int24:
    case wireTypes.long:
      return integer(lines, column, data, at, 4)
    case wireTypes.longlong:
      lines.ascii(String(column.unsigned ? data.readBigUInt64LE(at) : data.readBigInt64LE(at)))
      return at + 8
    case wireTypes.float:
      lines.ascii(float32Text(data.readFloatLE(at)))
      return at + 4
    case wireTypes.double:
      lines.ascii(numberText(data.readDoubleLE(at)))
      return at + 8
    case wireTypes.date:
    case wireTypes.datetime:
    case wireTypes.timestamp:
      return dateTime(lines, column, data, at)
    case wireTypes.time:
      return time(lines, column, data, at)
    default:
      return bytes(lines, column, data, at)
  }
}

function integer(lines: WireLines, column: OutColumn, data: Buffer, at: number, size: number): number {
  const value = column.unsigned ? data.readUIntLE(at, size) : data.readIntLE(at, size)
  if (column.encoding === 'boolean') addBoolean(lines, column, value)
  else lines.ascii(String(value))
  return at + size
}

function bytes(lines: WireLines, column: OutColumn, data: Buffer, at: number): number {
  const first = data[at] ?? 0
  const size = first < 0xfb ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : 6
  const length = size === 0 ? first : data.readUIntLE(at + 1, size)
  const from = at + 1 + (size === 6 ? 8 : size)
  addField(lines, column, data, from, from + length)
  return from + length
}

const numberText = (value: number) => (Object.is(value, -0) ? '-0' : String(value))

const LARGEST_FLOAT = 3.4028234663852886e38

/** The shortest digits that give the same 32-bit float; never more than the largest, which the server would not take back. */
function float32Text(value: number): string {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value && Math.abs(short) <= LARGEST_FLOAT) return numberText(short)
  }
  return numberText(value)
}

const two = (value: number) => (value < 10 ? `0${value}` : String(value))

function fraction(micros: number): string {
  return micros === 0 ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
}

/** Zero parts at the end are left out: 0, 4 (date), 7 (time) or 11 bytes (fraction). */
function dateTime(lines: WireLines, column: OutColumn, data: Buffer, at: number): number {
  const length = data[at] ?? 0
  const [year = 0, month = 0, day = 0] = length < 4 ? [] : [data.readUInt16LE(at + 1), data[at + 3], data[at + 4]]
  if ((month === 0 || day === 0) && !column.plain) throw zeroDate(column)
  let text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  if (column.wireType !== wireTypes.date) {
    const clock = length >= 7 ? [...data.subarray(at + 5, at + 8)].map(two).join(':') : '00:00:00'
    text += ` ${clock}${length >= 11 ? fraction(data.readUInt32LE(at + 8)) : ''}`
    if (column.encoding === 'timestamp') text += '+00'
  }
  lines.ascii(text)
  return at + 1 + length
}

/** 0, 8 or 12 bytes: sign, days, clock, fraction. */
function time(lines: WireLines, column: OutColumn, data: Buffer, at: number): number {
  const length = data[at] ?? 0
  const negative = length > 0 && data[at + 1] !== 0
  const days = length > 0 ? data.readUInt32LE(at + 2) : 0
  if ((negative || days > 0) && !column.plain) throw spanError(column)
  const [hours = 0, minutes = 0, seconds = 0] = length >= 8 ? data.subarray(at + 6, at + 9) : []
  const clock = [days * 24 + hours, minutes, seconds].map(two).join(':')
  lines.ascii(`${negative ? '-' : ''}${clock}${length >= 12 ? fraction(data.readUInt32LE(at + 9)) : ''}`)
  return at + 1 + length
}
