import { afterEach, describe, expect, it, vi } from 'vitest'
import { registry } from '../../../shared/nodes/registry.ts'
import { addKind, type Link } from '../../../shared/pipeline/edit-add.ts'
import { align, distribute, sides } from '../../../shared/pipeline/edit-arrange.ts'
import { connect, edgeId, insertOnEdge, type Wish } from '../../../shared/pipeline/edit-edges.ts'
import { addNote, changeNote, groupNodes, leaveGroups } from '../../../shared/pipeline/edit-frames.ts'
import { freeId, moveParts, setDisabled, setTitle } from '../../../shared/pipeline/edit-nodes.ts'
import { fragmentOf, insertFragment, removeParts } from '../../../shared/pipeline/edit-parts.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { findCycle } from '../../../shared/pipeline/graph.ts'
import { openPipeline } from '../../../shared/pipeline/parse.ts'
import type { Pipeline } from '../../../shared/pipeline/schema.ts'
import {
  changeDocument,
  closeDocument,
  completeStep,
  documentOf,
  documentText,
  isUnsaved,
  openDocument,
  redoDocument,
  undoDocument,
} from '../../../src-renderer/stores/documents.ts'
import { fc } from '../../helpers/property.ts'

const empty: Pipeline = {
  sluice: 1,
  name: 'Random',
  parameters: [],
  nodes: {},
  edges: [],
  groups: {},
  notes: {},
  layout: {},
}

/** What a person does on a canvas, on whatever is there: numbers choose among it. */
type Edit = { what: number; a: number; b: number; c: number }
const edit: fc.Arbitrary<Edit> = fc.record({
  what: fc.nat(15),
  a: fc.nat(10_000),
  b: fc.nat(10_000),
  c: fc.nat(10_000),
})

const one = <T>(all: readonly T[], number: number): T | undefined => all[number % Math.max(1, all.length)]
const some = (ids: readonly string[], a: number, b: number) =>
  ids.filter((_, index) => ((a >> (index % 8)) & 1) === b % 2)

function apply(pipeline: Pipeline, { what, a, b, c }: Edit): Pipeline {
  const ids = Object.keys(pipeline.nodes)
  const [node, other] = [one(ids, a) ?? '', one(ids, b) ?? '']
  const edge = one(pipeline.edges, a)
  const boxes = ids.slice(0, 5).map((id) => {
    const [x, y] = pipeline.layout[id] ?? [0, 0]
    return { id, x, y, width: 180, height: 64 }
  })
  const links: (Link | undefined)[] = [
    undefined,
    { type: 'from', node, port: 'out' },
    { type: 'to', node, port: 'in' },
    { type: 'after', node },
    edge && { type: 'edge', edge: edgeId(edge) },
  ]
  const wishes: Wish[] = [
    { from: node, to: other, fromPort: 'out', toPort: 'in' },
    { from: node, to: other, fromPort: 'out', toPort: 'left' },
    { from: node, to: other, fromPort: 'rest', toPort: 'in' },
    { from: node, to: other, after: true },
  ]
  const parts = { nodes: some(ids, a, b), edges: [], notes: Object.keys(pipeline.notes).slice(0, 1), groups: [] }
  switch (what) {
    case 0:
    case 1:
    case 2:
      return addKind(pipeline, registry, one(registry.kinds(), a) ?? 'rows', [a % 2000, b % 2000], links[c % 5])
        .pipeline
    case 3:
    case 4:
      return connect(pipeline, registry, one(wishes, c) ?? { from: node, to: other, after: true })
    case 5:
      return edge
        ? connect(pipeline, registry, one(wishes, c) ?? { from: '', to: '', after: true }, edgeId(edge))
        : pipeline
    case 6:
      return edge ? insertOnEdge(pipeline, registry, edgeId(edge), other) : pipeline
    case 7:
      return removeParts(pipeline, { ...parts, nodes: [node], edges: edge ? [edgeId(edge)] : [] })
    case 8:
      return moveParts(pipeline, { nodes: { [node]: [c, a] } })
    case 9:
      return setTitle(pipeline, node, c % 3 === 0 ? '' : `Title ${c}`)
    case 10:
      return setDisabled(pipeline, [node, other], c % 2 === 0)
    case 11:
      return insertFragment(pipeline, fragmentOf(pipeline, { ...parts, nodes: [node, other] }), [40, 40]).pipeline
    case 12:
      return groupNodes(
        pipeline,
        freeId('group', (id) => id in pipeline.groups),
        [node, other],
        'Group',
      )
    case 13:
      return leaveGroups(pipeline, [node])
    case 14: {
      const note = Object.keys(pipeline.notes)[0]
      return note !== undefined && c % 2 === 0
        ? changeNote(pipeline, note, { text: `Text ${c}`, color: 'blue' })
        : addNote(
            pipeline,
            freeId('note', (id) => id in pipeline.notes),
            { text: '', at: [a, b] },
          )
    }
    default:
      return moveParts(pipeline, {
        nodes: c % 2 === 0 ? align(boxes, one(sides, a) ?? 'left') : distribute(boxes, a % 2 === 0 ? 'x' : 'y'),
      })
  }
}

const present = (id: string) => {
  const document = documentOf(id)
  if (!document) throw new Error('The document is not open.')
  return document
}

describe('edits of the canvas', () => {
  let opened = ''
  afterEach(() => closeDocument(opened))

  function open(first: Pipeline): string {
    const text = formatPipeline(first, registry)
    opened = openDocument({ present: first, path: null, folder: '/', file: { text, hash: '' }, saved: first })
    return opened
  }

  it('are all undone and done again, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1_000, maxLength: 1_000 }), (edits) => {
        const id = open(empty)
        const text = documentText(present(id))
        const seen: Pipeline[] = []
        for (const change of edits) {
          changeDocument(id, (pipeline) => apply(pipeline, change))
          seen.push(present(id).history.present)
        }
        const last = documentText(present(id))
        const steps = present(id).history.past.length
        expect(steps).toBe(seen.filter((now, index) => now !== (seen[index - 1] ?? empty)).length)
        for (let step = 0; step < steps; step++) undoDocument(id)
        expect(present(id).history.present).toBe(empty)
        expect(documentText(present(id))).toBe(text)
        expect(isUnsaved(present(id))).toBe(false)
        for (let step = 0; step < steps; step++) redoDocument(id)
        expect(documentText(present(id))).toBe(last)
        expect(present(id).history.present).toBe(seen.at(-1))
        closeDocument(id)
      }),
      { numRuns: 8, seed: 20_260_101 },
    )
  })

  it('made for a node that was added belong to that step, however late they come', () => {
    vi.useFakeTimers()
    try {
      const id = open(empty)
      const named = (name: string) => (pipeline: Pipeline) => ({ ...pipeline, name })
      changeDocument(id, named('added'), 'add')
      vi.advanceTimersByTime(60_000)
      completeStep(id, named('completed'), 'add')
      expect(present(id).history.past).toEqual([empty])
      changeDocument(id, named('typed'), 'typing')
      vi.advanceTimersByTime(60_000)
      changeDocument(id, named('typed later'), 'typing')
      completeStep(id, named('too late'), 'add')
      expect(present(id).history.past.map(({ name }) => name)).toEqual([
        empty.name,
        'completed',
        'typed',
        'typed later',
      ])
    } finally {
      vi.useRealTimers()
    }
  })

  it('never make edges that go in a circle, and always a document that opens again', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 200, maxLength: 200 }), (edits) => {
        const last = edits.reduce(apply, empty)
        expect(findCycle(last)).toBeUndefined()
        expect(new Set(last.edges.map(edgeId)).size).toBe(last.edges.length)
        const reopened = openPipeline(formatPipeline(last, registry), registry)
        expect(reopened.pipeline).toEqual(last)
        const wrongEdges = reopened.problems.filter(({ at }) => at?.path?.startsWith('edges'))
        expect(wrongEdges).toEqual([])
      }),
      { numRuns: 30, seed: 7 },
    )
  })
})
