import { describe, expect, it } from 'vitest'
import { diffPipelines, isSame, type PipelineDiff } from '../../../shared/pipeline/diff.ts'
import { renameNode } from '../../../shared/pipeline/edit.ts'
import type { Pipeline } from '../../../shared/pipeline/schema.ts'
import { kinds, pass, pipelineOf, source, target } from './kinds.ts'

const before: Pipeline = {
  ...pipelineOf({ orders: source, big: pass, other: source, all: { kind: 'union' }, to_lake: target }, [
    'orders>big',
    'big>all',
    'other>all',
    'all>to_lake',
  ]),
  parameters: [
    { name: 'since', type: 'date', default: '2024-01-01' },
    { name: 'gone', type: 'int' },
  ],
  layout: { orders: [0, 0], big: [240, 0] },
}
const empty: PipelineDiff = {
  document: [],
  parameters: { added: [], removed: [], changed: [] },
  nodes: { added: [], removed: [], renamed: [], changed: [] },
  edges: { added: [], removed: [], reordered: [] },
  moved: [],
}
const diff = (after: Pipeline) => diffPipelines(before, after, kinds)

describe('diffPipelines', () => {
  it('finds nothing between a document and itself', () => {
    expect(diff(before)).toEqual(empty)
    expect(isSame(diff(before))).toBe(true)
  })

  it('does not count defaults spelt out, order of keys, or order of nodes', () => {
    const nodes = {
      ...Object.fromEntries(Object.entries(before.nodes).toReversed()),
      all: { kind: 'union', disabled: false, config: { rows: 'all', by: 'name' } },
    }
    const edges = before.edges.map((edge) => (edge.to === 'all' ? { ...edge, toPort: 'in', fromPort: 'out' } : edge))
    expect(diff({ ...before, nodes, edges })).toEqual(empty)
  })

  it('tells each changed field with both values', () => {
    const after = {
      ...before,
      name: 'Other',
      nodes: {
        ...before.nodes,
        big: { ...pass, kind: 'filter', note: 'why', config: { where: 'x > 2' } },
        to_lake: { kind: 'load', config: { ...target.config, mode: 'upsert', keys: ['id'] } },
      },
    }
    const found = diff(after)
    expect(found.document).toEqual([{ path: 'name', before: 'Test', after: 'Other' }])
    expect(found.nodes.changed).toContainEqual({
      id: 'big',
      changes: expect.arrayContaining([
        { path: 'note', before: undefined, after: 'why' },
        { path: 'config.where', before: 'x > 1', after: 'x > 2' },
      ]),
    })
    const load = found.nodes.changed.find(({ id }) => id === 'to_lake')
    expect(load?.changes.map(({ path }) => path).toSorted()).toEqual(['config.keys', 'config.mode'])
    expect(isSame(found)).toBe(false)
  })

  it('shows a rename as a rename, and its edges as unchanged', () => {
    expect(diff(renameNode(before, 'big', 'large'))).toEqual({
      ...empty,
      nodes: { ...empty.nodes, renamed: [{ from: 'big', to: 'large' }] },
    })
  })

  it('shows two ids exchanged as what they are', () => {
    const swapped = renameNode(renameNode(renameNode(before, 'big', 'x'), 'all', 'big'), 'x', 'all')
    const found = diff(swapped)
    expect(found.nodes.renamed).toEqual([])
    expect(found.nodes.changed.map(({ id }) => id).toSorted()).toEqual(['all', 'big'])
  })

  it('tells nodes and edges that came and went', () => {
    const { other: _other, ...rest } = before.nodes
    const after = {
      ...before,
      nodes: { ...rest, fresh: { kind: 'execute', config: { connection: 'c', sql: 'x' } } },
      edges: [
        ...before.edges.filter(({ from }) => from !== 'other'),
        { from: 'to_lake', to: 'fresh', after: true as const },
      ],
    }
    expect(diff(after)).toEqual({
      ...empty,
      nodes: { ...empty.nodes, added: ['fresh'], removed: ['other'] },
      edges: {
        added: [{ from: 'to_lake', to: 'fresh', after: true }],
        removed: [{ from: 'other', to: 'all' }],
        reordered: [],
      },
    })
  })

  it('tells a changed order of edges where it has a meaning, and only there', () => {
    const [a, b, c, d] = before.edges
    if (!a || !b || !c || !d) throw new Error('four edges')
    expect(diff({ ...before, edges: [d, a, c, b] }).edges).toEqual({ added: [], removed: [], reordered: ['all'] })
    expect(diff({ ...before, edges: [d, b, c, a] })).toEqual(empty)
  })

  it('compares parameters by name', () => {
    const parameters: Pipeline['parameters'] = [
      { name: 'fresh', type: 'int' },
      { name: 'since', type: 'date', default: '2025-01-01' },
    ]
    expect(diff({ ...before, parameters }).parameters).toEqual({
      added: ['fresh'],
      removed: ['gone'],
      changed: [{ name: 'since', changes: [{ path: 'default', before: '2024-01-01', after: '2025-01-01' }] }],
    })
  })

  it('reports layout apart', () => {
    const found = diff({ ...before, layout: { orders: [1, 0], big: [240, 0] } })
    expect(found).toEqual({ ...empty, moved: ['orders'] })
    expect(isSame(found)).toBe(true)
  })
})
