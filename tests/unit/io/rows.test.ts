import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseType } from '../../../shared/data/types.ts'
import { rows } from '../../../shared/nodes/rows.ts'
import { toCell } from '../../../src-main/engine/io/cells.ts'
import { parseExactJson } from '../../../src-main/engine/io/exact-json.ts'
import { rowsSource } from '../../../src-main/engine/io/rows.ts'
import { type Bench, bench, isStream, rowsOf } from '../../helpers/engine-io.ts'

let at: Bench
beforeEach(async () => {
  at = await bench()
})
afterEach(async () => at[Symbol.asyncDispose]())

describe('rows in the document', () => {
  test('become typed rows', async () => {
    const config = rows.config.parse({
      columns: [
        { name: 'id', type: 'int64' },
        { name: 'price', type: 'numeric(38, 10)' },
        { name: 'note', type: 'text' },
        { name: 'data', type: 'json' },
        { name: 'raw', type: 'blob' },
        { name: 'days', type: 'date[]' },
      ],
      rows: [
        ['9223372036854775807', '0.1000000000', '', { a: [1] }, '\\x00ff', ['2024-02-29', null]],
        [1, 2.5, 'a,"b"\nü', 'text', '\\x', []],
        [null, null, null, null, null, null],
      ],
    })
    const stream = await rowsSource.open(at.context(config))
    if (!isStream(stream)) throw new Error('Rows are a stream.')
    expect(await rowsOf(stream)).toEqual([
      [9223372036854775807n, '0.1000000000', '', '{"a":[1]}', new Uint8Array([0, 255]), ['2024-02-29', null]],
      [1n, '2.5', 'a,"b"\nü', '"text"', new Uint8Array(), []],
      [null, null, null, null, null, null],
    ])
    expect(stream.rowsRead).toBe(3)
  })

  test('none at all', async () => {
    const config = rows.config.parse({ columns: [{ name: 'a', type: 'int32' }], rows: [] })
    const stream = await rowsSource.open(at.context(config))
    expect(isStream(stream) && (await rowsOf(stream))).toEqual([])
  })

  test('a wrong value is found without running, with its place', async () => {
    const config = rows.config.parse({
      columns: [
        { name: 'a', type: 'text' },
        { name: 'b', type: 'int32' },
      ],
      rows: [
        ['x', 1],
        ['y', 1.5],
      ],
    })
    await expect(rowsSource.columns(at.context(config))).rejects.toMatchObject({
      code: 'DATA_TYPE',
      message: 'Row 2, column b: 1.5 is not a value of type int32.',
      at: { field: 'rows.1.1' },
    })
  })

  test.each([
    [{ columns: [{ name: 'a', type: 'text' }], rows: [['x', 'y']] }, 'row 1 has 2 values for 1 columns'],
    [{ columns: [{ name: 'a', type: 'txt' }], rows: [] }, 'not a column type'],
    [
      {
        columns: [
          { name: 'a', type: 'text' },
          { name: 'A', type: 'text' },
        ],
        rows: [],
      },
      'two columns are called A',
    ],
    [{ columns: [], rows: [] }, 'Too small'],
  ])('a document that does not fit: %j', (value, message) => {
    expect(rows.config.safeParse(value).error?.message).toContain(message)
  })
})

describe('values from outside', () => {
  const exact = (json: string) => parseExactJson(json)

  test.each([
    ['true', 'boolean', true],
    ['"f"', 'boolean', false],
    ['32767', 'int16', 32767],
    ['1e3', 'int32', 1000],
    ['5.0', 'int32', 5],
    ['-9223372036854775808', 'int64', -9223372036854775808n],
    ['12345678901234567890.12', 'decimal(22,2)', '12345678901234567890.12'],
    ['1.500', 'decimal(5,2)', '1.50'],
    ['-1.5e-7', 'decimal(38,10)', '-0.00000015'],
    ['1e20', 'decimal(38,0)', '100000000000000000000'],
    ['"NaN"', 'decimal', 'NaN'],
    ['0.1', 'float64', 0.1],
    ['"-Infinity"', 'float64', Number.NEGATIVE_INFINITY],
    ['"2024-02-29"', 'date', '2024-02-29'],
    ['"24:00"', 'time', '24:00:00'],
    ['"2024-12-31T23:30:00.123456-01:30"', 'timestamp', '2025-01-01 01:00:00.123456'],
    ['"0001-01-01T00:00:00Z"', 'timestamptz', '0001-01-01 00:00:00+00'],
    ['"2024-01-01"', 'timestamptz', '2024-01-01 00:00:00+00'],
    ['"550E8400-E29B-41D4-A716-446655440000"', 'uuid', '550e8400-e29b-41d4-a716-446655440000'],
    ['{"a":1.10}', 'json', '{"a":1.10}'],
    ['[9007199254740993]', 'list(int64)', [9007199254740993n]],
    ['[[1.5],[]]', 'list(list(decimal(3,2)))', [['1.5'], []]],
    ['null', 'int32', null],
  ])('%s as %s', (json, type, expected) => {
    expect(toCell(exact(json), parseType(type))).toEqual(expected)
  })

  test.each([
    ['2', 'boolean', 'DATA_TYPE'],
    ['32768', 'int16', 'DATA_RANGE'],
    ['9223372036854775808', 'int64', 'DATA_RANGE'],
    ['1.5', 'int64', 'DATA_TYPE'],
    ['""', 'int32', 'DATA_TYPE'],
    ['1.005', 'decimal(5,2)', 'DATA_RANGE'],
    ['1000', 'decimal(5,2)', 'DATA_RANGE'],
    ['"x"', 'float64', 'DATA_TYPE'],
    ['1e39', 'float32', 'DATA_RANGE'],
    ['"2023-02-29"', 'date', 'DATA_TYPE'],
    ['"2024-13-01"', 'date', 'DATA_TYPE'],
    ['"25:00"', 'time', 'DATA_TYPE'],
    ['"2024-01-01 10"', 'timestamp', 'DATA_TYPE'],
    ['"x"', 'uuid', 'DATA_TYPE'],
    ['5', 'text', 'DATA_TYPE'],
    ['"c"', `enum('a','b')`, 'DATA_TYPE'],
    ['[1,"x"]', 'list(int32)', 'DATA_TYPE'],
    ['"00ff"', 'blob', 'DATA_TYPE'],
  ])('%s is no %s', (json, type, code) => {
    expect(() => toCell(exact(json), parseType(type))).toThrow(expect.objectContaining({ code }))
  })
})

test('numbers of JSON are written as they were read', () => {
  for (const text of ['9007199254740993', '0.1000', '1e400', '-0', '123456789.123456789', '1E5']) {
    const json = `{"a":[${text},"${text}"]}`
    expect(JSON.stringify(parseExactJson(json))).toBe(json)
  }
})
