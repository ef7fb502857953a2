import { describe, expect, it } from 'vitest'
import { pipelineSchema } from '../../../shared/pipeline/schema.ts'
import { findTargets } from '../../../src-renderer/canvas/targets.ts'

describe('what a node can be connected to', () => {
  const graph = pipelineSchema.parse({
    sluice: 1,
    name: 'x',
    nodes: {
      orders: { kind: 'rows', config: {} },
      big: { kind: 'filter', config: { where: 'amount > 100' } },
      both: { kind: 'join', title: 'Orders of customers', config: { type: 'right' } },
      leftovers: { kind: 'sort', config: {} },
    },
    edges: [{ from: 'big', to: 'leftovers' }],
  })
  const found = (from: string, typed: string, order = false) =>
    findTargets(graph, from, typed, order).map(({ wish, ports }) => [wish.to, ...ports].join(' '))

  it('is found by the names of ports, after what is called so', () => {
    expect(found('orders', 'left')).toEqual(['leftovers', 'both left'])
    expect(found('orders', 'right')).toEqual(['both right', 'both left'])
    expect(found('big', 'rest').every((target) => target.endsWith('from rest'))).toBe(true)
  })

  it('is found by words of its name and of a port together', () => {
    expect(found('orders', 'customers right')[0]).toBe('both right')
    expect(found('big', 'Orders of customers · left · from rest')[0]).toBe('both left from rest')
    expect(found('orders', 'customers nowhere')).toEqual([])
  })

  it('has no ports where only the order counts', () => {
    expect(found('orders', '', true)).toEqual(['big', 'both', 'leftovers'])
    expect(found('orders', 'left', true)).toEqual(['leftovers'])
  })

  it('says why something cannot be, after what can', () => {
    const targets = findTargets(graph, 'leftovers', '', false)
    expect(targets.map(({ wish }) => wish.to)).toEqual(['both', 'both', 'big'])
    expect(targets.map(({ refused }) => refused)).toEqual([
      undefined,
      undefined,
      'leftovers already waits for big: the edges would go in a circle.',
    ])
  })
})
