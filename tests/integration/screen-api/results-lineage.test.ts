import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { ColumnPlace } from '../../../shared/contract/pipelines.ts'
import { AppError } from '../../../shared/errors.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { columnLineage, defaultLimits } from '../../../src-main/engine/index.ts'
import { type Doc, pipelineOf } from '../../helpers/engine.ts'

const rows = (...names: string[]) => ({
  kind: 'rows',
  config: {
    columns: names.map((name) => ({ name, type: name === 'day' ? 'date' : name.startsWith('js') ? 'json' : 'int64' })),
    rows: [],
  },
})

const orders = rows('id', 'customer', 'amount', 'day')
const customers = rows('id', 'name', 'amount')

/** A node over `o` (and `c`) in short: from and shapes of one of its columns as `node.column`. */
async function lineage(doc: Doc, place: ColumnPlace) {
  const found = await columnLineage(
    {
      pipeline: pipelineOf(doc),
      registry,
      folder: tmpdir(),
      params: {},
      limits: defaultLimits,
      connect: async () => {
        throw new AppError('CONNECTION_UNKNOWN', 'There are no connections.')
      },
      secret: async () => '',
      signal: new AbortController().signal,
    },
    place,
  )
  const short = (places: ColumnPlace[]) =>
    places.map(({ node, port, column }) => `${node}${port === 'out' ? '' : `:${port}`}.${column}`).sort()
  return { from: short(found.from), shapes: short(found.shapes), to: short(found.to) }
}

const over = (kind: string, config: object): Doc => ({
  nodes: { o: orders, x: { kind, config } },
  edges: [{ from: 'o', to: 'x' }],
})

const both = (kind: string, config: object, ports: [string, string]): Doc => ({
  nodes: { o: orders, c: customers, x: { kind, config } },
  edges: [
    { from: 'o', to: 'x', toPort: ports[0] },
    { from: 'c', to: 'x', toPort: ports[1] },
  ],
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

describe('a query of the user is followed as the engine binds it', () => {
  test.each<[string, string, string[], string[]]>([
    ['select o.*, c.name from o join c on c.id = o.customer', 'name', ['c.name'], ['c.id', 'o.customer']],
    ['select o.*, c.name from o join c on c.id = o.customer', 'amount', ['o.amount'], ['c.id', 'o.customer']],
    [
      'with r as (select id, amount * 2 as d from o where day > current_date) select d from r',
      'd',
      ['o.amount'],
      ['o.day'],
    ],
    [
      'with r as materialized (select id, amount from o) select a.amount + b.id as s from r a, r b',
      's',
      ['o.amount', 'o.id'],
      [],
    ],
    [
      'select (select max(name) from c where c.id = o.customer) as m, o.id from o',
      'm',
      ['c.name'],
      ['c.id', 'o.customer'],
    ],
    ['select (select max(name) from c where c.id = o.customer) as m, o.id from o', 'id', ['o.id'], []],
    ['select id from o where exists (select 1 from c where c.id = o.customer)', 'id', ['o.id'], ['c.id', 'o.customer']],
    [
      'select id from o where customer not in (select id from c where amount > 1)',
      'id',
      ['o.id'],
      ['c.amount', 'c.id', 'o.customer'],
    ],
    ['select id from o except select id from c', 'id', ['o.id'], ['c.id']],
    ['select id, customer from o union select id, name from c', 'customer', ['c.name', 'o.customer'], ['c.id', 'o.id']],
    [
      'select sum(amount) over (partition by customer order by day) as w from o',
      'w',
      ['o.amount'],
      ['o.customer', 'o.day'],
    ],
    [
      'select id from o qualify row_number() over (partition by customer order by day) = 1',
      'id',
      ['o.id'],
      ['o.customer', 'o.day'],
    ],
    ['select u.v from o, unnest([amount, id]) as u(v)', 'v', ['o.amount', 'o.id'], []],
    [
      'with recursive n as (select id from o union all select id + 1 from n where id < 9) select id from n',
      'id',
      ['o.id'],
      [],
    ],
    ['pivot o on customer in (1, 2) using sum(amount) group by day', '1', ['o.amount'], ['o.customer', 'o.day']],
    ['select count(*) as n from o', 'n', [], []],
    ['select name from (values (1)) v(k) join c on true', 'name', ['c.name'], []],
    ['select columns(o.*) + 1 from (select id from o) o', 'id', ['o.id'], []],
    ['from o select id order by amount limit 3', 'id', ['o.id'], ['o.amount']],
  ])('%s → %s', async (sql, column, from, shapes) => {
    const query = /^pivot/.test(sql) ? `from (${sql})` : sql
    const found = await lineage(both('sql', { sql: query }, ['o', 'c']), { node: 'x', port: 'out', column })
    expect({ from: found.from, shapes: found.shapes }).toEqual({ from, shapes })
  })
})

describe('lineage goes through the whole pipeline', () => {
  const doc: Doc = {
    nodes: {
      o: orders,
      c: customers,
      big: { kind: 'filter', config: { where: 'amount > 100' } },
      net: { kind: 'derive', config: { columns: [{ name: 'net', expression: 'amount * 0.8' }] } },
      j: { kind: 'join', config: { type: 'inner', keys: [{ left: 'customer', right: 'id' }] } },
      sums: {
        kind: 'aggregate',
        config: { keys: ['name'], measures: [{ name: 'total', function: 'sum', column: 'net' }] },
      },
      out: { kind: 'write-file', config: { path: 'x.csv' } },
      off: { kind: 'filter', config: {} },
    },
    edges: [
      { from: 'o', to: 'big' },
      { from: 'big', to: 'net' },
      { from: 'net', to: 'j', toPort: 'left' },
      { from: 'c', to: 'j', toPort: 'right' },
      { from: 'j', to: 'sums' },
      { from: 'sums', to: 'out' },
    ],
  }
  const { off: _off, ...nodes } = doc.nodes
  const whole: Doc = { ...doc, nodes }

  test('up to the sources, nearest first, and what shaped the rows on the way', async () => {
    const { from, shapes } = await columnLineage(
      {
        pipeline: pipelineOf(whole),
        registry,
        folder: tmpdir(),
        params: {},
        limits: defaultLimits,
        connect: async () => {
          throw new AppError('CONNECTION_UNKNOWN', 'There are no connections.')
        },
        secret: async () => '',
        signal: new AbortController().signal,
      },
      { node: 'sums', port: 'out', column: 'total' },
    )
    expect(from.map(({ node, column }) => `${node}.${column}`)).toEqual(['j.net', 'net.net', 'big.amount', 'o.amount'])
    expect(shapes.map(({ node, column }) => `${node}.${column}`)).toEqual(
      expect.arrayContaining(['j.name', 'c.name', 'net.customer', 'c.id', 'o.customer']),
    )
    expect(shapes.map(({ node, column }) => `${node}.${column}`)).not.toContain('o.id')
  })

  test('down to where the values end', async () => {
    const { to } = await lineage(whole, { node: 'o', port: 'out', column: 'amount' })
    expect(to).toEqual([
      'big.amount',
      'big:rest.amount',
      'j.amount',
      'j.net',
      'net.amount',
      'net.net',
      'out:in.total',
      'sums.total',
    ])
  })

  test('and says when there is no such column', async () => {
    await expect(lineage(whole, { node: 'o', port: 'out', column: 'nope' })).rejects.toMatchObject({
      code: 'CONFIG_COLUMN',
    })
  })
})
