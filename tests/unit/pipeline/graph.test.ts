import { describe, expect, it } from 'vitest'
import {
  activeNodes,
  ancestors,
  descendants,
  findCycle,
  requireNode,
  topologicalOrder,
} from '../../../shared/pipeline/graph.ts'
import { parsePipeline } from '../../../shared/pipeline/parse.ts'
import { DocumentError } from '../../../shared/pipeline/problems.ts'
import type { Pipeline } from '../../../shared/pipeline/schema.ts'
import { checkGraph, wires } from '../../../shared/pipeline/wiring.ts'
import { fc } from '../../helpers/property.ts'
import { kinds, pass, pipelineOf, source, target } from './kinds.ts'

const codes = (pipeline: Pipeline) =>
  checkGraph(pipeline, kinds).map(({ code, path, message }) => [code, path.join('.'), message])
const union = { kind: 'union' }
const join = { kind: 'join', config: { keys: [{ left: 'id' }] } }
const sql = { kind: 'sql', config: { sql: 'select 1' } }
const execute = { kind: 'execute', config: { connection: 'c', sql: 'vacuum' } }

describe('a document that is wrong elsewhere', () => {
  it('is told what is wrong with its edges all the same, but not of inputs that may only seem open', () => {
    const nodes = { a: { kind: 'query', config: { sql: 7 } }, b: { kind: 'filter', config: {} }, c: 7, d: target }
    const edges = [
      { from: 'a', to: 'zz' },
      { from: 'b', to: 'c' },
      { from: 'b', to: 'd', wrong: 1 },
      { from: 'b', to: 'd', toPort: 'left' },
      { from: 'd', to: 'b', fromPort: 'rejects' },
    ]
    const text = JSON.stringify({ sluice: 1, name: 'x', nodes, edges })
    const thrown = (() => {
      try {
        return parsePipeline(text, kinds)
      } catch (error) {
        return error
      }
    })()
    const found = thrown instanceof DocumentError ? thrown.problems : []
    expect(found.filter(({ code }) => code.startsWith('GRAPH')).map(({ message }) => message)).toEqual([
      'The edges go in a circle: b → d → b.',
      'The edge from "a" to "zz": there is no node "zz".',
      '"d" has no input "left".',
    ])
  })
})

describe('checkGraph', () => {
  it('accepts every kind of edge', () => {
    const pipeline = pipelineOf(
      { a: source, b: source, f: pass, j: join, u: union, s: sql, t: target, x: execute, r: pass },
      ['a>f', 'f>j.left', 'b>j.right', 'f.rest>u', 'b>u', 'b>u', 'j>s.one', 'u>s.two', 's>t', 't.rejects>r', 't>>x'],
    )
    expect(checkGraph(pipeline, kinds)).toEqual([])
    expect(
      wires(pipeline, kinds).map(
        ({ from, fromPort, to, port, toPort }) => `${from}.${fromPort}>${to}.${port}:${toPort}`,
      ),
    ).toEqual([
      'a.out>f.in:in',
      'f.out>j.left:left',
      'b.out>j.right:right',
      'f.rest>u.in:in',
      'b.out>u.in:in',
      'b.out>u.in:in',
      'j.out>s.in:one',
      'u.out>s.in:two',
      's.out>t.in:in',
      't.rejects>r.in:in',
    ])
  })

  it.each<[string, Pipeline, unknown[]]>([
    [
      'a dangling edge',
      pipelineOf({ a: source, big: pass }, ['a>big', 'big>bgi', 'nobody>big']),
      [
        ['GRAPH_EDGE', 'edges.1.to', 'The edge from "big" to "bgi": there is no node "bgi".'],
        ['GRAPH_EDGE', 'edges.2.from', 'The edge from "nobody" to "big": there is no node "nobody".'],
      ],
    ],
    [
      'an unknown output',
      pipelineOf({ a: source, f: pass }, ['a.rest>f']),
      [
        ['GRAPH_PORT', 'edges.0.fromPort', '"a" has no output "rest".'],
        ['GRAPH_PORT', 'nodes.f', '"f" (filter) does not say where its rows come from.'],
      ],
    ],
    [
      'an unknown input',
      pipelineOf({ a: source, f: pass }, ['a>f', 'a>f.input']),
      [['GRAPH_PORT', 'edges.1.toPort', '"f" has no input "input".']],
    ],
    [
      'an input that is not said',
      pipelineOf({ a: source, j: join }, ['a>j', 'a>j.left', 'a>j.right']),
      [['GRAPH_PORT', 'edges.0.toPort', '"j" has several inputs, and the edge does not say which.']],
    ],
    [
      'an output that must be named',
      pipelineOf({ a: source, t: target, f: pass }, ['a>t', 't>f']),
      [
        ['GRAPH_PORT', 'edges.1.fromPort', '"t" gives rows only at its port "rejects", and the edge does not name it.'],
        ['GRAPH_PORT', 'nodes.f', '"f" (filter) does not say where its rows come from.'],
      ],
    ],
    [
      'rows into a source',
      pipelineOf({ a: source, b: source }, ['a>b']),
      [['GRAPH_PORT', 'edges.0.toPort', '"b" takes no rows, so no edge can carry any there.']],
    ],
    [
      'a port wired twice',
      pipelineOf({ a: source, b: source, f: pass }, ['a>f', 'b>f']),
      [['GRAPH_PORT', 'edges.1', 'The input "in" of "f" is wired twice.']],
    ],
    [
      'a name given twice, in any case',
      pipelineOf({ a: source, b: source, s: sql }, ['a>s.one', 'b>s.ONE']),
      [['GRAPH_PORT', 'edges.1', '"s" has two inputs named "ONE".']],
    ],
    [
      'an open input',
      pipelineOf({ a: source, j: join }, ['a>j.left']),
      [['GRAPH_PORT', 'nodes.j', '"j" (join) does not say where the rows of its input "right" come from.']],
    ],
    [
      'a self edge',
      pipelineOf({ u: union, a: source }, ['a>u', 'u>u']),
      [['GRAPH_CYCLE', 'edges.1', 'The edge goes from "u" to itself.']],
    ],
    [
      'a circle',
      pipelineOf({ a: pass, b: pass, c: pass }, ['a>b', 'b>c', 'c>a']),
      [['GRAPH_CYCLE', 'nodes.a', 'The edges go in a circle: a → b → c → a.']],
    ],
    [
      'a circle over an order-only edge',
      pipelineOf({ a: source, t: target, x: execute }, ['a>t', 't>>x', 'x>>a']),
      [['GRAPH_CYCLE', 'nodes.a', 'The edges go in a circle: a → t → x → a.']],
    ],
    [
      'an order-only edge with a port',
      pipelineOf({ a: source, x: execute }, ['a.out>>x']),
      [['GRAPH_EDGE', 'edges.0.fromPort', 'The edge from "a" to "x" only sets the order, so it has no ports.']],
    ],
    [
      'the same order twice',
      pipelineOf({ a: source, x: execute }, ['a>>x', 'a>>x']),
      [['GRAPH_EDGE', 'edges.1', '"x" already runs after "a".']],
    ],
  ])('finds %s', (_name, pipeline, expected) => {
    expect(codes(pipeline)).toEqual(expected)
    for (const problem of checkGraph(pipeline, kinds)) expect(problem.hint).toBeTruthy()
  })

  it('offers the nearest node, and lets disabled nodes be open', () => {
    expect(checkGraph(pipelineOf({ orders: source }, ['orders>>order']), kinds)[0]?.hint).toBe('Did you mean "orders"?')
    expect(codes(pipelineOf({ f: { ...pass, disabled: true } }, []))).toEqual([])
  })
})

describe('order', () => {
  it('keeps the order of the document where edges leave a choice', () => {
    const pipeline = pipelineOf({ z: target, m: source, a: source, k: source }, ['a>z', 'k>>a'])
    expect(topologicalOrder(pipeline)).toEqual(['m', 'k', 'a', 'z'])
  })

  it('throws the circle', () => {
    expect(() => topologicalOrder(pipelineOf({ a: pass, b: pass }, ['a>b', 'b>a']))).toThrow('a → b → a')
  })

  it('puts every node behind what it waits for, in any acyclic graph', () => {
    const graph = fc.integer({ min: 1, max: 30 }).chain((size) =>
      fc.record({
        names: fc.shuffledSubarray(
          Array.from({ length: size }, (_, index) => `n${index}`),
          { minLength: size },
        ),
        pairs: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 60 }),
      }),
    )
    fc.assert(
      fc.property(graph, ({ names, pairs }) => {
        const edges = pairs.filter(([a, b]) => a < b).map(([a, b]) => `n${a}>n${b}`)
        const pipeline = pipelineOf(Object.fromEntries(names.map((name) => [name, {}])), edges)
        const order = topologicalOrder(pipeline)
        expect(order.toSorted()).toEqual(names.toSorted())
        for (const { from, to } of pipeline.edges) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to))
        expect(findCycle(pipeline)).toBeUndefined()
        for (const id of names) {
          for (const other of ancestors(pipeline, id)) expect(descendants(pipeline, other)).toContain(id)
        }
      }),
    )
  })

  it('finds a circle exactly where there is one, and every step of it is an edge', () => {
    const pairs = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 })
    fc.assert(
      fc.property(pairs, (list) => {
        const ids = Array.from({ length: 8 }, (_, index) => `n${index}`)
        const edges = list.map(([a, b]) => `n${a}>n${b}`)
        const pipeline = pipelineOf(Object.fromEntries(ids.map((id) => [id, {}])), edges)
        const circle = findCycle(pipeline)
        const reachesItself = ids.some((id) => descendants(pipeline, id).has(id))
        expect(circle !== undefined).toBe(reachesItself)
        for (const [index, id] of (circle ?? []).slice(1).entries()) expect(edges).toContain(`${circle?.[index]}>${id}`)
      }),
    )
  })

  it('walks chains of thousands without recursion', () => {
    const ids = Array.from({ length: 5000 }, (_, index) => `n${index}`)
    const edges = ids.slice(1).map((id, index) => `${ids[index]}>${id}`)
    const pipeline = pipelineOf(Object.fromEntries(ids.map((id) => [id, {}])), edges)
    expect(topologicalOrder(pipeline)).toEqual(ids)
    expect(findCycle({ ...pipeline, edges: [...pipeline.edges, { from: 'n4999', to: 'n0' }] })).toHaveLength(5001)
  })
})

describe('parts of a graph', () => {
  const pipeline = pipelineOf({ a: source, b: pass, c: target, x: execute, d: source, e: target }, [
    'a>b',
    'b>c',
    'x>>a',
    'd>e',
    'c>>e',
  ])

  it('names what a node needs, by rows or at all', () => {
    expect([...ancestors(pipeline, 'c')].toSorted()).toEqual(['a', 'b', 'x'])
    expect([...ancestors(pipeline, 'c', 'rows')].toSorted()).toEqual(['a', 'b'])
  })

  it('refuses an unknown node with the nearest one', () => {
    const orders = pipelineOf({ orders: source }, [])
    expect(() => requireNode(orders, 'order')).toThrow(
      expect.objectContaining({ code: 'GRAPH_NODE', hint: 'Did you mean "orders"?' }),
    )
    expect(() => requireNode(orders, 'constructor')).toThrow(expect.objectContaining({ code: 'GRAPH_NODE' }))
  })

  it('leaves out a disabled node and what takes its rows, not what only comes after', () => {
    const disabled = { ...pipeline, nodes: { ...pipeline.nodes, b: { kind: 'filter', config: {}, disabled: true } } }
    expect([...activeNodes(disabled)]).toEqual(['a', 'x', 'd', 'e'])
  })
})
