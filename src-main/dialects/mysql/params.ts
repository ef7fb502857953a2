import { inUtc } from '../../../shared/data/moments.ts'
import { cellText } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import type { BoundValue } from '../dialect.ts'
import type { Prepared } from './results.ts'
import { wireTypes } from './types.ts'

/** A value as the binary protocol carries it. */
export interface WireValue {
  type: number
  /** Null for NULL. */
  bytes: Buffer | null
}

export const nullValue: WireValue = { type: wireTypes.null, bytes: null }

export function textValue(text: Uint8Array): WireValue {
  return { type: wireTypes.text, bytes: Buffer.concat([lengthOf(text.length), text]) }
}

/** @throws AppError DATA_RANGE for numbers that MySQL cannot hold */
export function wireValue({ type, value }: BoundValue): WireValue {
  if (value === null) return nullValue
  if (typeof value === 'boolean') return { type: wireTypes.tiny, bytes: Buffer.from([value ? 1 : 0]) }
  if (typeof value === 'bigint' && value >= -(2n ** 63n) && value < 2n ** 63n) return wholeValue(value)
  if (typeof value === 'number')
    return type.kind.startsWith('int') && Number.isSafeInteger(value) ? wholeValue(BigInt(value)) : numberValue(value)
  if (value instanceof Uint8Array)
    return { type: wireTypes.blob, bytes: Buffer.concat([lengthOf(value.length), value]) }
  const text = Buffer.from(valueText(cellText(value, type), type.kind))
  return { ...textValue(text), type: type.kind === 'decimal' ? wireTypes.decimal : wireTypes.text }
}

/** Wire text as MySQL reads it: the session's time zone is UTC, and no offset may be written. */
export function valueText(text: string, kind: string): string {
  if (kind !== 'timestamptz') return text
  return text.endsWith('+00') ? text.slice(0, -3) : (inUtc(text) ?? text)
}

function wholeValue(value: bigint): WireValue {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(value)
  return { type: wireTypes.longlong, bytes }
}

function numberValue(value: number): WireValue {
  if (!Number.isFinite(value))
    throw new AppError('DATA_RANGE', `MySQL has no number ${value}.`, {
      hint: 'Give NULL or a finite number in its place.',
    })
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return { type: wireTypes.double, bytes }
}

/** A length before bytes, in the protocol's own form. */
function lengthOf(length: number): Buffer {
  if (length < 0xfb) return Buffer.from([length])
  const [first, size] = length < 0x10000 ? [0xfc, 2] : length < 0x1000000 ? [0xfd, 3] : [0xfe, 6]
  const bytes = Buffer.alloc(1 + (size === 6 ? 8 : size))
  bytes[0] = first
  bytes.writeUIntLE(length, 1, size)
  return bytes
}

/** The body of an execute command: the statement, which values are NULL, their types, the values. */
export function executeBody({ id }: Prepared, values: readonly WireValue[]): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt32LE(id)
  head.writeUInt32LE(1, 5)
  if (values.length === 0) return head
  const nulls = Buffer.alloc((values.length + 7) >> 3)
  const types = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) {
    if (value.bytes === null) nulls[index >> 3] = (nulls[index >> 3] ?? 0) | (1 << (index & 7))
    types[index * 2] = value.type
  }
  return Buffer.concat([head, nulls, Uint8Array.of(1), types, ...values.flatMap(({ bytes }) => bytes ?? [])])
}

/** A value of the placeholder's type for statements that are only described, never run. */
export function typedNull({ type }: BoundValue): string {
  // A NULL cast to an integer has the type of a short one.
  if (type.kind === 'int64') return 'nullif(9223372036854775807, 9223372036854775807)'
  return `cast(null as ${castNames[type.kind] ?? 'char'})`
}

const castNames: Record<string, string> = {
  boolean: 'signed',
  int16: 'signed',
  int32: 'signed',
  float32: 'double',
  float64: 'double',
  decimal: 'decimal(65,30)',
  blob: 'binary',
  date: 'date',
  time: 'time(6)',
  timestamp: 'datetime(6)',
  timestamptz: 'datetime(6)',
}
