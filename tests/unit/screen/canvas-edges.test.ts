import { describe, expect, it } from 'vitest'
import { registry } from '../../../shared/nodes/registry.ts'
import { addKind } from '../../../shared/pipeline/edit-add.ts'
import { align, distribute } from '../../../shared/pipeline/edit-arrange.ts'
import { connect, edgeId, insertOnEdge, refusal } from '../../../shared/pipeline/edit-edges.ts'
import { fragmentOf, insertFragment, removeParts } from '../../../shared/pipeline/edit-parts.ts'
import type { Edge, Pipeline } from '../../../shared/pipeline/schema.ts'
import { arrange, placeMissing } from '../../../src-renderer/canvas/layout.ts'

function pipelineOf(kinds: Record<string, string>, edges: Edge[] = []): Pipeline {
  const nodes = Object.fromEntries(Object.entries(kinds).map(([id, kind]) => [id, { kind, config: {} }]))
  return { sluice: 1, name: 'x', parameters: [], nodes, edges, groups: {}, notes: {}, layout: {} }
}

const rows = (from: string, to: string, fromPort = 'out', toPort = 'in') => ({ from, to, fromPort, toPort })

describe('connecting', () => {
  it('leaves out of the document what goes without saying', () => {
    const before = pipelineOf({ a: 'rows', f: 'filter', j: 'join' })
    expect(connect(before, registry, rows('a', 'f')).edges).toEqual([{ from: 'a', to: 'f' }])
    expect(connect(before, registry, rows('f', 'j', 'rest', 'left')).edges).toEqual([
      { from: 'f', to: 'j', fromPort: 'rest', toPort: 'left' },
    ])
    expect(connect(before, registry, { from: 'a', to: 'j', after: true }).edges).toEqual([
      { from: 'a', to: 'j', after: true },
    ])
  })

  it('takes the place of the edge that a port has, but adds to ports that take any number', () => {
    const sort = pipelineOf({ a: 'rows', b: 'rows', s: 'sort' }, [{ from: 'a', to: 's' }])
    expect(connect(sort, registry, rows('b', 's')).edges).toEqual([{ from: 'b', to: 's' }])
    const union = pipelineOf({ a: 'rows', b: 'rows', u: 'union' }, [{ from: 'a', to: 'u' }])
    expect(connect(union, registry, rows('b', 'u')).edges).toHaveLength(2)
  })

  it('names the further tables of an SQL node after what they come from, and keeps a name when the other end moves', () => {
    const before = pipelineOf({ a: 'rows', orders: 'rows', q: 'sql' })
    const both = connect(connect(before, registry, rows('a', 'q')), registry, rows('orders', 'q'))
    expect(both.edges).toEqual([
      { from: 'a', to: 'q' },
      { from: 'orders', to: 'q', toPort: 'orders' },
    ])
    const moved = connect(
      { ...both, nodes: { ...both.nodes, c: { kind: 'file', config: {} } } },
      registry,
      rows('c', 'q'),
      edgeId({ from: 'orders', to: 'q', toPort: 'orders' }),
    )
    expect(moved.edges[1]).toEqual({ from: 'c', to: 'q', toPort: 'orders' })
  })

  it('refuses circles, itself, ends that do not fit and what is there already, in words', () => {
    const before = pipelineOf({ a: 'rows', f: 'filter', s: 'sort' }, [
      { from: 'a', to: 'f' },
      { from: 'f', to: 's' },
    ])
    expect(refusal(before, registry, rows('s', 'f'))).toContain('circle')
    expect(refusal(before, registry, rows('f', 'f'))).toContain('itself')
    expect(refusal(before, registry, rows('f', 'a'))).toContain('takes no rows')
    expect(refusal(before, registry, rows('a', 'f'))).toContain('connected already')
    expect(connect(before, registry, rows('s', 'f'))).toBe(before)
  })
})

it('puts a node into an edge and keeps the order and the ports of the others', () => {
  const before = pipelineOf({ a: 'rows', b: 'rows', u: 'union', f: 'filter', l: 'load' }, [
    { from: 'a', to: 'u' },
    { from: 'b', to: 'u' },
  ])
  const after = insertOnEdge(before, registry, edgeId({ from: 'a', to: 'u' }), 'f')
  expect(after.edges).toEqual([
    { from: 'a', to: 'f' },
    { from: 'f', to: 'u' },
    { from: 'b', to: 'u' },
  ])
  expect(insertOnEdge(before, registry, edgeId({ from: 'a', to: 'u' }), 'l')).toBe(before)
  expect(
    addKind(before, registry, 'sort', [0, 0], { type: 'from', node: 'a', port: 'out' }).pipeline.edges.at(-1),
  ).toEqual({
    from: 'a',
    to: 'sort',
  })
})

it('copies parameters that copied nodes use, and gives ids that are free', () => {
  const before: Pipeline = {
    ...pipelineOf({ orders: 'query' }),
    nodes: { orders: { kind: 'query', config: { sql: 'select :since' } } },
    parameters: [
      { name: 'since', type: 'date' },
      { name: 'other', type: 'text' },
    ],
    layout: { orders: [0, 0] },
  }
  const fragment = fragmentOf(before, { nodes: ['orders'], edges: [], notes: [], groups: [] })
  expect(fragment.parameters.map(({ name }) => name)).toEqual(['since'])
  const { pipeline, parts } = insertFragment(insertFragment(before, fragment, [20, 0]).pipeline, fragment, [40, 0])
  expect(parts.nodes).toEqual(['orders_3'])
  expect(pipeline.layout.orders_3).toEqual([40, 0])
  expect(pipeline.parameters).toEqual(before.parameters)
})

it('deletes nodes with their edges, places and empty frames', () => {
  const before: Pipeline = {
    ...pipelineOf({ a: 'rows', b: 'sort' }, [{ from: 'a', to: 'b' }]),
    groups: { g: { title: 'G', nodes: ['a'] } },
    layout: { a: [0, 0], b: [1, 1] },
  }
  const after = removeParts(before, { nodes: ['a'], edges: [], notes: [], groups: [] })
  expect(after).toEqual({ ...pipelineOf({ b: 'sort' }), layout: { b: [1, 1] } })
})

describe('arranging', () => {
  it('goes from left to right on the grid, and puts what has no place beside what has one', () => {
    const pipeline = pipelineOf({ a: 'rows', b: 'sort', c: 'load' }, [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ])
    const places = arrange(pipeline, ['a', 'b', 'c'])
    expect(places.a?.[0]).toBeLessThan(places.b?.[0] ?? 0)
    expect(places.b?.[0]).toBeLessThan(places.c?.[0] ?? 0)
    expect(
      Object.values(places)
        .flat()
        .every((value) => value % 20 === 0),
    ).toBe(true)
    expect(placeMissing(pipeline, { b: [1_000, 500] })).toEqual({ a: [740, 500], c: [1_260, 500] })
  })

  it('aligns and distributes', () => {
    const box = (id: string, x: number, y: number) => ({ id, x, y, width: 180, height: 64 })
    const boxes = [box('a', 0, 0), box('b', 100, 500), box('c', 40, 100)]
    expect(align(boxes, 'right')).toEqual({ a: [100, 0], b: [100, 500], c: [100, 100] })
    expect(distribute(boxes, 'y')).toEqual({ a: [0, 0], c: [40, 250], b: [100, 500] })
  })
})
