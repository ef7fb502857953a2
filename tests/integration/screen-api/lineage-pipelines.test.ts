import { describe, expect, test } from 'vitest'
import type { Doc } from '../../helpers/engine.ts'
import { both, customers, lineage, lineageOf, orders } from './lineage.ts'

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
    const { from, shapes } = await lineageOf(whole, { node: 'sums', port: 'out', column: 'total' })
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
