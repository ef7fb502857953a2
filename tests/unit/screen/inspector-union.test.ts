import { describe, expect, it } from 'vitest'
import { parseType } from '../../../shared/data/types.ts'
import { unionColumns } from '../../../src-renderer/inspector/union-columns.ts'

const input = (types: Record<string, string>) => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type: parseType(type) })),
})

const told = (inputs: Parameters<typeof unionColumns>[0], by: 'name' | 'position') =>
  unionColumns(inputs, by).map(({ name, cells }) => [name, ...cells.map((cell) => (cell ? cell.name : cell))])

describe('what each input gives to a union', () => {
  const first = input({ id: 'int32', amount: 'decimal(10,2)' })
  const second = input({ Amount: 'float64', note: 'text', ID: 'int64' })

  it('goes together by name in any case and order, with gaps where one lacks a column', () => {
    expect(told([first, second], 'name')).toEqual([
      ['id', 'id', 'ID'],
      ['amount', 'amount', 'Amount'],
      ['note', null, 'note'],
    ])
  })

  it('goes together by position under the names of the first, with gaps where one is shorter', () => {
    expect(told([first, second], 'position')).toEqual([
      ['id', 'id', 'Amount'],
      ['amount', 'amount', 'note'],
      ['ID', null, 'ID'],
    ])
  })

  it('is not taken for a gap while its columns are not known', () => {
    expect(told([first, { columns: null }], 'name')).toEqual([
      ['id', 'id', undefined],
      ['amount', 'amount', undefined],
    ])
  })

  it.each([
    ['int32', 'int64', undefined],
    ['date', 'timestamp', undefined],
    ['decimal(10,2)', 'float64', /not exact/],
    ['int64', 'text', /Different kinds of values: int64, text/],
    ['boolean', 'int32', /Different kinds/],
  ])('clashes, or not: %s with %s', (one, other, clash) => {
    const [column] = unionColumns([input({ a: one }), input({ a: other })], 'name')
    if (clash) expect(column?.clash).toMatch(clash)
    else expect(column?.clash).toBeUndefined()
  })
})
