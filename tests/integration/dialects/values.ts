import type { ColumnType } from '../../../shared/data/types.ts'
import type { Cell } from '../../../shared/data/wire.ts'
import type { DialectFacts } from './subject.ts'

export interface TypeCase {
  type: ColumnType
  values: Cell[]
}

const allBytes = Uint8Array.from({ length: 256 }, (_, index) => index)

const texts = [
  '',
  ' ',
  ' leading and trailing ',
  'comma, "quote" and \'apostrophe\'',
  'line\nfeed\r\nand return\r',
  'tab\tseparated',
  '\\N',
  '\\.',
  '\\x00',
  'NULL',
  'null',
  '""',
  '0123',
  '1e5',
  'true',
  "Robert'); DROP TABLE students;--",
  'Ünïcödé · 漢字 · العربية · 👩‍👩‍👧 · \u2028',
  'e\u0301 is not \u00e9',
  'long '.repeat(20_000),
]

const digits = '123456789012345678901234567890'

const with30Decimals = (text: string) => {
  const [whole = '', fraction = ''] = text.split('.')
  return `${whole}.${fraction.padEnd(30, '0')}`
}

/** Every type at its extremes. The texts are in the form that databases give back, so they compare as they are. */
export function typeCases(facts: DialectFacts): TypeCase[] {
  const floats = [
    0,
    1.5,
    -1.5,
    0.1,
    1 / 3,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.MIN_VALUE,
    2.2250738585072014e-308,
    2 ** 53 + 2,
    1e23,
    ...(facts.nonFinite ? [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] : []),
    ...(facts.negativeZero ? [-0] : []),
  ]
  const cases: TypeCase[] = [
    { type: { kind: 'boolean' }, values: [true, false] },
    { type: { kind: 'int16' }, values: [0, -32768, 32767] },
    { type: { kind: 'int32' }, values: [0, -2147483648, 2147483647] },
    {
      type: { kind: 'int64' },
      values: [0n, 9007199254740993n, -9007199254740993n, 9223372036854775807n, -9223372036854775808n],
    },
    {
      type: { kind: 'float32' },
      values: [
        0,
        1.5,
        0.1,
        16777217,
        3.4028234663852886e38,
        1.401298464324817e-45,
        ...(facts.nonFinite ? [Number.NaN, Number.NEGATIVE_INFINITY] : []),
      ],
    },
    { type: { kind: 'float64' }, values: floats },
    {
      type: { kind: 'decimal', precision: 12, scale: 2 },
      values: ['0.00', '0.10', '1234.50', '9999999999.99', '-9999999999.99'],
    },
    {
      type: { kind: 'decimal', precision: 38, scale: 10 },
      values: [
        '0.0000000000',
        '0.0000000001',
        '9999999999999999999999999999.9999999999',
        '-12345678901234567890.0000000001',
      ],
    },
    {
      type: { kind: 'decimal' },
      values: facts.openDecimals
        ? ['0', '1.10', `${digits}.${digits}`, '-0.000000000000000000001', ...(facts.nonFinite ? ['NaN'] : [])]
        : ['0', '1.10', '-0.000000000000000000001'].map(with30Decimals).concat(`99999${digits}.${digits}`),
    },
    { type: { kind: 'text' }, values: texts },
    { type: { kind: 'blob' }, values: [new Uint8Array(0), new Uint8Array([0]), allBytes] },
    { type: { kind: 'date' }, values: ['0001-01-01', '1970-01-01', '2024-02-29', '9999-12-31'] },
    { type: { kind: 'time' }, values: ['00:00:00', '12:34:56', '23:59:59.999999'] },
    {
      type: { kind: 'timestamp' },
      values: [
        '0001-01-01 00:00:00',
        '1969-12-31 23:59:59.999999',
        '2024-02-29 12:00:00.000001',
        '9999-12-31 23:59:59.999999',
      ],
    },
    {
      type: { kind: 'timestamptz' },
      values: [
        '2024-03-31 01:30:00.123456+00',
        ...(facts.allInstants
          ? ['0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00']
          : ['1970-01-01 00:00:01+00', '2038-01-19 03:14:07.999999+00']),
      ],
    },
    {
      type: { kind: 'interval' },
      values: ['00:00:00', '1 year 2 mons 3 days 04:05:06.789', '-1 days', '-178000000 years', '00:00:00.000001'],
    },
    {
      type: { kind: 'uuid' },
      values: [
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-4fff-bfff-ffffffffffff',
        '12345678-1234-1234-1234-123456789012',
      ],
    },
    {
      type: { kind: 'json' },
      values: [
        '{}',
        '[]',
        'null',
        '1',
        '"text, with \\"quotes\\""',
        '{"a": [1, 2.5, null, "ü"]}',
        '12345678901234567890',
      ],
    },
    { type: { kind: 'enum', values: ['small', 'it\'s "large"', ''] }, values: ['small', 'it\'s "large"', ''] },
  ]
  return facts.lists ? [...cases, ...listCases] : cases
}

const listCases: TypeCase[] = [
  { type: { kind: 'list', of: { kind: 'int64' } }, values: [[], [1n, null, 9223372036854775807n]] },
  {
    type: { kind: 'list', of: { kind: 'text' } },
    values: [['', 'NULL', null, 'a"b', 'back\\slash', '{}', 'ü, comma', 'line\nfeed', ' space ']],
  },
  { type: { kind: 'list', of: { kind: 'float64' } }, values: [[0.1, 1e308, -2.5]] },
  { type: { kind: 'list', of: { kind: 'boolean' } }, values: [[true, false, null]] },
  { type: { kind: 'list', of: { kind: 'timestamp' } }, values: [['2024-02-29 12:00:00.000001', null]] },
  {
    type: { kind: 'list', of: { kind: 'decimal', precision: 38, scale: 10 } },
    values: [['9999999999999999999999999999.9999999999', '-0.0000000001']],
  },
  {
    type: { kind: 'list', of: { kind: 'list', of: { kind: 'int32' } } },
    values: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
]

/** A cell in a form that compares: bytes as plain numbers, 32-bit floats rounded as their column rounds. */
export function comparable(cell: Cell, type: ColumnType): unknown {
  if (cell === null) return null
  if (cell instanceof Uint8Array) return { bytes: [...cell] }
  if (type.kind === 'float32' && typeof cell === 'number') return Math.fround(cell)
  if (type.kind === 'json' && typeof cell === 'string') return { json: cell.replace(/([:,]) /g, '$1') }
  return cell
}
