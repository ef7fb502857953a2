import { describe, expect, it } from 'vitest'
import { readPasted, usualConnection } from '../../../src-renderer/canvas/pasted.ts'
import { readTable, sniffTable } from '../../../src-renderer/canvas/table-text.ts'

describe('a table from a spreadsheet', () => {
  it('is read with quotes, tabs and line ends inside cells, whatever the line ends between rows', () => {
    expect(readTable('a\tb\r\n1\t"two\nlines, ""quoted"""\r\n')).toEqual([
      ['a', 'b'],
      ['1', 'two\nlines, "quoted"'],
    ])
  })

  it('is none without tabs or with rows of different widths', () => {
    expect(readTable('no tabs\nhere')).toBeUndefined()
    expect(readTable('a\tb\n1\t2\t3')).toBeUndefined()
  })

  it.each([
    [['1', '-20', ''], 'int64', [1, -20, null]],
    [['9007199254740993', '1'], 'int64', ['9007199254740993', 1]],
    [['1.50', '2'], 'decimal(18,2)', ['1.50', 2]],
    [['1e3', '2.5'], 'float64', [1000, 2.5]],
    [['0.30000000000000004', '2.5'], 'float64', [Number('0.30000000000000004'), 2.5]],
    [['9223372036854775808', '1'], 'decimal(19,0)', ['9223372036854775808', 1]],
    [['12345678901234567890123', ''], 'decimal(23,0)', ['12345678901234567890123', null]],
    [['0.1234567890123456789', '10'], 'decimal(21,19)', ['0.1234567890123456789', 10]],
    [['1'.repeat(39), '1'], 'text', ['1'.repeat(39), '1']],
    [['12345678901234567.5e3', '1'], 'text', ['12345678901234567.5e3', '1']],
    [['2024-02-30', '2024-02-29'], 'text', ['2024-02-30', '2024-02-29']],
    [['2023-02-29 10:00', '2024-02-29 10:00'], 'text', ['2023-02-29 10:00', '2024-02-29 10:00']],
    [['TRUE', 'false'], 'boolean', [true, false]],
    [['2026-01-31', ''], 'date', ['2026-01-31', null]],
    [['2026-01-31 10:00', '2026-01-31T10:00:01.5'], 'timestamp', ['2026-01-31 10:00', '2026-01-31T10:00:01.5']],
    [['00123', '45'], 'text', ['00123', '45']],
    [['1', 'x'], 'text', ['1', 'x']],
    [['', ''], 'text', [null, null]],
  ])('gives %j the type %s', (cells, type, values) => {
    const { columns, rows } = sniffTable([['name', 'other'], ...cells.map((cell) => [cell, 'x'])])
    expect(columns[0]).toEqual({ name: 'name', type })
    expect(rows.map(([value]) => value)).toEqual(values)
  })

  it('names its columns only where the first row can', () => {
    expect(
      sniffTable([
        ['1', 'a'],
        ['2', 'b'],
      ]).columns.map(({ name }) => name),
    ).toEqual(['column_1', 'column_2'])
    expect(
      sniffTable([
        ['x', 'X'],
        ['a', 'b'],
      ]).columns.map(({ name }) => name),
    ).toEqual(['column_1', 'column_2'])
  })

  it('has a heading with gaps and repeated names where what stands below is of other types', () => {
    expect(
      sniffTable([
        ['', 'price', 'Price', ' '],
        ['Ada', '1', '2', ''],
      ]),
    ).toEqual({
      columns: [
        { name: 'column_1', type: 'text' },
        { name: 'price', type: 'int64' },
        { name: 'Price_2', type: 'int64' },
        { name: 'column_4', type: 'text' },
      ],
      rows: [['Ada', 1, 2, null]],
    })
  })

  it('may have a single column when it was copied out of a table', () => {
    expect(readTable('id\n1\n2')).toBeUndefined()
    expect(readPasted('id\n1\n2', undefined, true)).toEqual({
      type: 'node',
      node: { kind: 'rows', config: { columns: [{ name: 'id', type: 'int64' }], rows: [[1], [2]] } },
    })
  })
})

describe('a text on the clipboard', () => {
  it.each([
    ['select * from orders', 'query'],
    ['-- a comment\n/* and another */ WITH big AS (select 1) select * from big', 'query'],
    ['with t (a) as (values (1)) select a from t', 'query'],
    ['insert into t values (1)', 'execute'],
    ['update t set a = 1', 'execute'],
    ['create or replace view v as select 1', 'execute'],
  ])('%j is SQL', (text, kind) => {
    expect(readPasted(text, 'shop')).toEqual({
      type: 'node',
      node: { kind, config: { connection: 'shop', sql: text } },
    })
  })

  it.each(['With kind regards, Ana', 'Update on the orders', 'create something nice', 'just words'])(
    '%j is a note',
    (text) => {
      expect(readPasted(text, undefined)).toEqual({ type: 'note', text })
    },
  )

  it('is nothing when it is blank, and refused when it only says it is a pipeline', () => {
    expect(readPasted('  \n', undefined)).toBeUndefined()
    expect(() => readPasted('{ "sluice": 1, "nodes": 5 }', undefined)).toThrow()
  })

  it('goes to the connection that most nodes use', () => {
    const node = (connection?: string) => ({ kind: 'query', config: connection === undefined ? {} : { connection } })
    const nodes = { a: node('shop'), b: node('lake'), c: node('lake'), d: node() }
    expect(
      usualConnection({ sluice: 1, name: 'x', parameters: [], nodes, edges: [], groups: {}, notes: {}, layout: {} }),
    ).toBe('lake')
  })
})
