import { describe, expect, it } from 'vitest'
import type { Pipeline, PipelineNode } from '../../../shared/pipeline/schema.ts'
import {
  type CardFacts,
  cardCounts,
  cardMessage,
  cardState,
  cardTime,
} from '../../../src-renderer/canvas/card-state.ts'
import { changedSince, troublesOf } from '../../../src-renderer/canvas/derived.ts'
import { walk } from '../../../src-renderer/canvas/walk.ts'
import type { NodeProgress } from '../../../src-renderer/stores/runs.ts'

const fine: CardFacts = {
  disabled: false,
  active: true,
  trouble: undefined,
  lookError: undefined,
  keptRows: undefined,
  progress: undefined,
  changed: false,
}
const done: NodeProgress = { state: 'completed', attempt: 1, counts: { rowsIn: 12_000, rowsOut: 5_167 }, ms: 1_234 }

describe('the state of a card', () => {
  it.each<[Partial<CardFacts>, string]>([
    [{}, 'ready'],
    [{ disabled: true, progress: done }, 'disabled'],
    [{ active: false }, 'off'],
    [{ trouble: { type: 'incomplete', message: 'x' } }, 'incomplete'],
    [{ lookError: 'no such column' }, 'broken'],
    [{ lookError: 'no such column', progress: done, changed: true }, 'broken'],
    [{ progress: done }, 'done'],
    [{ progress: { ...done, kept: true } }, 'kept'],
    [{ progress: done, changed: true }, 'stale'],
    [{ progress: done, changed: true, keptRows: 3 }, 'kept'],
    [{ keptRows: 3 }, 'kept'],
    [{ progress: { ...done, state: 'failed' } }, 'failed'],
    [{ progress: { ...done, state: 'skipped' } }, 'skipped'],
    [{ progress: { ...done, state: 'running' }, trouble: { type: 'incomplete', message: 'x' } }, 'running'],
  ])('%j is %s', (facts, state) => {
    expect(cardState({ ...fine, ...facts })).toBe(state)
  })

  it('says what went wrong, how much passed and how long it took', () => {
    const error = { code: 'QUERY_FAILED' as const, message: 'The table is gone.', retryable: false }
    const failed: NodeProgress = { ...done, state: 'failed', attempt: 3, error }
    expect(cardMessage('failed', { ...fine, progress: failed })).toBe('The table is gone.')
    expect(cardTime('failed', failed)).toBe('1.2 s · 3 tries')
    expect(cardCounts('done', { progress: done, keptRows: undefined })).toEqual({
      short: '5,167',
      long: '12,000 rows in, 5,167 rows out',
    })
    const parted: NodeProgress = { ...done, counts: { rowsIn: 3, rowsOut: 2, ports: { out: 2, rest: 1 } } }
    expect(cardCounts('done', { progress: parted, keptRows: undefined })).toEqual({
      short: '2 · 1',
      long: '3 rows in, 2 at out, 1 at rest',
    })
  })
})

const document: Pipeline = {
  sluice: 1,
  name: 'x',
  parameters: [],
  nodes: {
    a: { kind: 'rows', config: { columns: [{ name: 'id', type: 'int64' }], rows: [] } },
    b: { kind: 'filter', config: { where: 'id > 1' } },
    c: { kind: 'sort', config: { keys: [{ column: 'id' }] } },
    d: { kind: 'join', config: {} },
  },
  edges: [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'd', toPort: 'left' },
  ],
  groups: {},
  notes: {},
  layout: { a: [0, 0], b: [260, 0], c: [520, 0], d: [780, 0] },
}

describe('what a document alone tells of its nodes', () => {
  it('names what is missing by the label of the field', () => {
    expect(troublesOf(document).get('d')).toEqual({
      type: 'incomplete',
      message: 'Nothing is connected to right. Keys are not set.',
    })
    expect(troublesOf(document).has('b')).toBe(false)
    const select: PipelineNode = { kind: 'select', config: { columns: [{ name: 'key' }] } }
    expect(troublesOf({ ...document, nodes: { ...document.nodes, c: select } }).get('c')?.message).toBe(
      'Columns 1: column is missing.',
    )
  })

  it('finds what changed since a run, and everything after it, but not names and places', () => {
    const { nodes } = document
    const renamed = {
      ...document,
      nodes: { ...nodes, b: { ...nodes.b, kind: 'filter', config: nodes.b?.config ?? {}, title: 'Big' } },
    }
    expect([...changedSince(document, { ...renamed, layout: {} })]).toEqual([])
    const edited = { ...document, nodes: { ...nodes, b: { kind: 'filter', config: { where: 'id > 2' } } } }
    expect([...changedSince(document, edited)].sort()).toEqual(['b', 'c', 'd'])
    expect([...changedSince(document, { ...document, edges: document.edges.slice(0, 2) })]).toEqual(['d'])
  })
})

describe('arrows', () => {
  it('walk along edges, else to what is seen there', () => {
    const places = { ...document.layout, e: [260, 120] as [number, number] }
    const pipeline = { ...document, nodes: { ...document.nodes, e: { kind: 'file', config: {} } } }
    expect(walk(pipeline, places, undefined, 'right')).toBe('a')
    expect(walk(pipeline, places, 'a', 'right')).toBe('b')
    expect(walk(pipeline, places, 'b', 'down')).toBe('e')
    expect(walk(pipeline, places, 'e', 'right')).toBe('c')
    expect(walk(pipeline, places, 'b', 'left')).toBe('a')
    expect(walk(pipeline, places, 'a', 'up')).toBeUndefined()
  })
})
