import { describe, expect, test } from 'vitest'
import type { Doc } from '../../helpers/engine.ts'
import { both, lineage, orders, rows } from './lineage.ts'

const over = (kind: string, config: object): Doc => ({
  nodes: { o: orders, x: { kind, config } },
  edges: [{ from: 'o', to: 'x' }],
})

type Case = [kind: string, config: object, column: string, from: string[], shapes: string[]]

describe('a column of each kind of transform knows where it comes from', () => {
  test.each<Case>([
    ['filter', { where: 'amount > 3 and day is not null' }, 'id', ['o.id'], ['o.amount', 'o.day']],
    ['select', { columns: [{ column: 'amount', name: 'total', type: 'text' }] }, 'total', ['o.amount'], []],
    [
      'derive',
      {
        columns: [
          { name: 'a', expression: 'amount * 2' },
          { name: 'b', expression: 'a + id' },
        ],
      },
      'b',
      ['o.amount', 'o.id'],
      [],
    ],
    ['derive', { columns: [{ name: 'amount', expression: 'customer' }] }, 'amount', ['o.customer'], []],
    [
      'derive',
      { columns: [{ name: 'k', expression: 'case when id > 1 then amount end' }] },
      'k',
      ['o.amount', 'o.id'],
      [],
    ],
    [
      'derive',
      { columns: [{ name: 'l', expression: 'list_transform([amount], lambda v: v + id)' }] },
      'l',
      ['o.amount', 'o.id'],
      [],
    ],
    ['derive', { columns: [{ name: 'one', expression: '1' }] }, 'one', [], []],
    ['sort', { keys: [{ column: 'day' }] }, 'id', ['o.id'], ['o.day']],
    ['limit', { mode: 'first', count: 3 }, 'id', ['o.id'], []],
    ['distinct', { keys: ['customer'], order: [{ column: 'day' }] }, 'id', ['o.id'], ['o.customer', 'o.day']],
    [
      'aggregate',
      { keys: ['customer'], measures: [{ name: 'sum', function: 'sum', column: 'amount', filter: 'id > 0' }] },
      'sum',
      ['o.amount'],
      ['o.customer', 'o.id'],
    ],
    ['aggregate', { keys: ['customer'], measures: [{ name: 'n', function: 'count' }] }, 'n', [], ['o.customer']],
    [
      'window',
      {
        partition: ['customer'],
        order: [{ column: 'day' }],
        items: [{ name: 'w', function: 'sum', column: 'amount' }],
      },
      'w',
      ['o.amount'],
      ['o.customer', 'o.day'],
    ],
    [
      'window',
      { partition: ['customer'], order: [{ column: 'day' }], items: [{ name: 'w', function: 'row_number' }] },
      'amount',
      ['o.amount'],
      [],
    ],
    [
      'pivot',
      { keys: ['customer'], column: 'id', values: [1], function: 'sum', measure: 'amount' },
      '1',
      ['o.amount'],
      ['o.customer', 'o.id'],
    ],
    ['unpivot', { columns: ['amount', 'customer'], name: 'what', value: 'v' }, 'v', ['o.amount', 'o.customer'], []],
    [
      'unpivot',
      { columns: ['amount', 'customer'], name: 'what', value: 'v' },
      'day',
      ['o.day'],
      ['o.amount', 'o.customer'],
    ],
    [
      'code',
      { code: 'function row(r) { return r }', columns: [{ name: 'id', type: 'int64' }] },
      'id',
      ['o.amount', 'o.customer', 'o.day', 'o.id'],
      [],
    ],
    ['assert', { notNull: ['id'] }, 'amount', ['o.amount'], []],
  ])('%s %j: %s', async (kind, config, column, from, shapes) => {
    const found = await lineage(over(kind, config), { node: 'x', port: 'out', column })
    expect(found).toEqual({ from, shapes, to: [] })
  })

  test('filter, the rest', async () => {
    const found = await lineage(over('filter', { where: 'amount > 3' }), { node: 'x', port: 'rest', column: 'id' })
    expect(found).toEqual({ from: ['o.id'], shapes: ['o.amount'], to: [] })
  })

  test.each<[string, string[], string[]]>([
    ['name', ['c.name'], ['c.id', 'o.customer']],
    ['id', ['o.id'], ['c.id', 'o.customer']],
    ['amount_right', ['c.amount'], ['c.id', 'o.customer']],
  ])('join: %s', async (column, from, shapes) => {
    const doc = both('join', { type: 'left', keys: [{ left: 'customer', right: 'id' }] }, ['left', 'right'])
    expect(await lineage(doc, { node: 'x', port: 'out', column })).toEqual({ from, shapes, to: [] })
  })

  test('join: a key that both sides give', async () => {
    const doc = both('join', { type: 'full', keys: [{ left: 'id' }] }, ['left', 'right'])
    expect((await lineage(doc, { node: 'x', port: 'out', column: 'id' })).from).toEqual(['c.id', 'o.id'])
  })

  test('join: semi takes rows by the other side, not values', async () => {
    const doc = both('join', { type: 'semi', keys: [{ left: 'customer', right: 'id' }] }, ['left', 'right'])
    expect(await lineage(doc, { node: 'x', port: 'out', column: 'amount' })).toEqual({
      from: ['o.amount'],
      shapes: ['c.id', 'o.customer'],
      to: [],
    })
  })

  test.each(['name', 'position'])('union by %s', async (by) => {
    const doc: Doc = {
      nodes: {
        o: rows('a', 'b'),
        c: rows(...(by === 'name' ? ['b', 'a'] : ['c', 'd'])),
        x: { kind: 'union', config: { by } },
      },
      edges: [
        { from: 'o', to: 'x' },
        { from: 'c', to: 'x' },
      ],
    }
    const { from } = await lineage(doc, { node: 'x', port: 'out', column: 'a' })
    expect(from).toEqual(by === 'name' ? ['c.a', 'o.a'] : ['c.c', 'o.a'])
  })

  test('flatten', async () => {
    const doc: Doc = {
      nodes: {
        o: rows('id', 'json'),
        x: { kind: 'flatten', config: { column: 'json', each: 'items', fields: [{ path: 'sku' }], position: 'n' } },
      },
      edges: [{ from: 'o', to: 'x' }],
    }
    expect(await lineage(doc, { node: 'x', port: 'out', column: 'sku' })).toEqual({
      from: ['o.json'],
      shapes: [],
      to: [],
    })
    expect(await lineage(doc, { node: 'x', port: 'out', column: 'id' })).toEqual({
      from: ['o.id'],
      shapes: ['o.json'],
      to: [],
    })
  })
})
