import { describe, expect, it } from 'vitest'
import { removeNode, renameNode, uniqueId } from '../../../shared/pipeline/edit.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { openPipeline, parsePipeline } from '../../../shared/pipeline/parse.ts'
import { type Pipeline, parameterTypes, retryDefaults } from '../../../shared/pipeline/schema.ts'
import { fc } from '../../helpers/property.ts'
import { kinds, pass, pipelineOf, source, target } from './kinds.ts'

const formatted = `{
  "$schema": "./pipeline.schema.json",
  "sluice": 1,
  "name": "Daily orders",
  "atomic": "pipeline",
  "parameters": [
    { "name": "since", "type": "date", "default": "2024-01-01" }
  ],
  "nodes": {
    "orders": {
      "kind": "query",
      "config": {
        "connection": "shop",
        "sql": [
          "select *",
          "from orders",
          "where day >= :since"
        ]
      },
      "retry": { "count": 3, "delayMs": 500, "on": ["CONNECTION", "LIMIT_TIME"] }
    },
    "big": { "kind": "filter", "config": { "where": "amount > 100" } },
    "to_lake": {
      "kind": "load",
      "config": { "connection": "lake", "table": "big_orders", "mode": "upsert", "keys": ["id"] }
    },
    "tidy": { "kind": "execute", "config": { "connection": "lake", "sql": "analyze" } }
  },
  "edges": [
    { "from": "orders", "to": "big" },
    { "from": "big", "to": "to_lake" },
    { "from": "to_lake", "to": "tidy", "after": true }
  ],
  "layout": {
    "orders": [0, 0],
    "big": [240, 0],
    "to_lake": [480, 0]
  }
}
`

/** Valid documents with everything in them, wired or not. */
const ids = fc.uniqueArray(fc.stringMatching(/^[\p{L}_][\p{L}\p{N}_-]{0,8}$/u), { minLength: 1, maxLength: 6 })
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a\nb', 'select 1\r\n\n', '', '"\\', '\u2028'))
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const documents: fc.Arbitrary<Pipeline> = ids.chain((names) => {
  const id = fc.constantFrom(...names.filter((name) => !(name in {})), 'node')
  const node = fc.record({
    kind: fc.constantFrom('query', 'filter', 'union', 'unknown_kind'),
    title: optional(text),
    disabled: optional(fc.constant<true>(true)),
    timeoutMs: optional(fc.integer({ min: 1 })),
    retry: optional(
      fc.record({
        count: fc.nat(100),
        delayMs: fc.constantFrom(1000, 5),
        factor: fc.constantFrom(2, 1.5),
        jitter: fc.constantFrom(retryDefaults.jitter, 0, 1),
      }),
    ),
    config: fc.dictionary(
      fc.constantFrom('sql', 'connection', 'where', 'x', 'ünï "q"'),
      fc.oneof(text, fc.nat(), fc.array(fc.nat())),
    ),
  })
  const parameters = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z_]{1,8}$/),
      type: fc.constantFrom(...parameterTypes),
      default: optional(text),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  )
  return fc.record({
    sluice: fc.constant<1>(1),
    name: fc.string({ minLength: 1 }),
    description: optional(text),
    parameters: parameters.map((list) => list.filter(({ name }) => !(name in {}))),
    nodes: fc.dictionary(id, node),
    edges: fc.array(fc.record({ from: id, to: id, toPort: optional(fc.constant('left')) })),
    groups: fc.dictionary(
      id,
      fc.record({ title: text, nodes: fc.array(id), color: optional(fc.constant<'blue'>('blue')) }),
    ),
    notes: fc.dictionary(id, fc.record({ text, at: fc.tuple(fc.integer(), fc.integer()) })),
    layout: fc.dictionary(id, fc.tuple(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  })
})

const read = (source: string) => openPipeline(source, kinds).pipeline

describe('formatPipeline', () => {
  it('gives an untouched file the same bytes', () => {
    expect(formatPipeline(parsePipeline(formatted, kinds).pipeline, kinds)).toBe(formatted)
  })

  it('gives every spelling of a document the same text', () => {
    const other = {
      layout: { orders: [0, 0], big: [240, 0], to_lake: [480, 0] },
      edges: [
        { to: 'big', from: 'orders' },
        { to: 'to_lake', from: 'big' },
        { after: true, to: 'tidy', from: 'to_lake' },
      ],
      nodes: {
        orders: {
          retry: { on: ['CONNECTION', 'LIMIT_TIME'], jitter: 0.1, factor: 2, delayMs: 500, count: 3 },
          disabled: false,
          config: { sql: 'select *\nfrom orders\nwhere day >= :since', connection: 'shop' },
          kind: 'query',
        },
        big: { config: { where: ['amount > 100'] }, kind: 'filter', version: 1 },
        to_lake: { config: { keys: ['id'], mode: 'upsert', table: 'big_orders', connection: 'lake' }, kind: 'load' },
        tidy: { kind: 'execute', config: { sql: 'analyze', connection: 'lake' } },
      },
      parameters: [{ type: 'date', default: '2024-01-01', name: 'since' }],
      atomic: 'pipeline',
      name: 'Daily orders',
      sluice: 1,
      $schema: './pipeline.schema.json',
    }
    expect(formatPipeline(read(`\uFEFF${JSON.stringify(other).replaceAll(',', '\r\n,')}`), kinds)).toBe(formatted)
  })

  it('keeps any document as it is', () => {
    fc.assert(
      fc.property(documents, (pipeline) => {
        const once = formatPipeline(pipeline, kinds)
        const again = read(once)
        expect(formatPipeline(again, kinds)).toBe(once)
        expect(again).toEqual(JSON.parse(JSON.stringify(pipeline)))
        expect(once.endsWith('}\n')).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('touches one line when a node is moved, and its own lines when SQL changes', () => {
    const pipeline = read(formatted)
    const lines = (changed: Pipeline) => {
      const before = formatted.split('\n')
      const after = formatPipeline(changed, kinds).split('\n')
      expect(after).toHaveLength(before.length)
      return after.filter((line, index) => line !== before[index]).map((line) => line.trim())
    }
    expect(lines({ ...pipeline, layout: { ...pipeline.layout, big: [250, 10] } })).toEqual(['"big": [250, 10],'])
    const orders = { kind: 'query', config: { connection: 'shop', sql: 'select *\nfrom sales\nwhere day >= :since' } }
    const retry = pipeline.nodes.orders?.retry
    expect(lines({ ...pipeline, nodes: { ...pipeline.nodes, orders: { ...orders, retry } } })).toEqual([
      '"from sales",',
    ])
  })

  it('keeps lines within a hundred columns where values allow it', () => {
    const keys = Array.from({ length: 20 }, (_, index) => `column_number_${index}`)
    const pipeline = pipelineOf({ t: { ...target, config: { ...target.config, keys } } }, [])
    const longest = Math.max(
      ...formatPipeline(pipeline, kinds)
        .split('\n')
        .map((line) => line.length),
    )
    expect(longest).toBeLessThanOrEqual(100)
  })
})

describe('renaming a node', () => {
  it('takes edges and layout along, in place', () => {
    const text = formatPipeline(renameNode(read(formatted), 'big', 'large'), kinds)
    expect(text).toBe(formatted.replaceAll('"big"', '"large"'))
  })

  it('and back gives the same text', () => {
    fc.assert(
      fc.property(documents, fc.nat(), (pipeline, pick) => {
        const names = Object.keys(pipeline.nodes)
        const id = names[pick % names.length]
        fc.pre(id !== undefined && !('other_name' in pipeline.nodes))
        if (id === undefined) return
        const before = formatPipeline(pipeline, kinds)
        const there = renameNode(pipeline, id, 'other_name')
        expect(formatPipeline(there, kinds)).not.toBe(before)
        expect(formatPipeline(renameNode(there, 'other_name', id), kinds)).toBe(before)
      }),
    )
  })

  it('refuses a missing node, a taken id and a text that is no id', () => {
    const pipeline = pipelineOf({ orders: source, big: pass }, ['orders>big'])
    expect(() => renameNode(pipeline, 'order', 'x')).toThrow(
      expect.objectContaining({ hint: 'Did you mean "orders"?' }),
    )
    expect(() => renameNode(pipeline, 'orders', 'big')).toThrow('There is already a node "big".')
    expect(() => renameNode(pipeline, 'orders', '2nd')).toThrow(expect.objectContaining({ code: 'GRAPH_NODE' }))
    expect(() => renameNode(pipeline, 'orders', 'toString')).toThrow(expect.objectContaining({ code: 'GRAPH_NODE' }))
  })
})

describe('removing and naming', () => {
  it('removes a node with its edges and place', () => {
    const pipeline = removeNode(read(formatted), 'big')
    expect(Object.keys(pipeline.nodes)).toEqual(['orders', 'to_lake', 'tidy'])
    expect(pipeline.edges).toEqual([{ from: 'to_lake', to: 'tidy', after: true }])
    expect(Object.keys(pipeline.layout)).toEqual(['orders', 'to_lake'])
  })

  it.each([
    ['Daily Orders!', 'daily_orders'],
    ['  Größe (cm) ', 'größe_cm'],
    ['2024 sales', '_2024_sales'],
    ['???', 'node'],
    ['constructor', 'constructor_2'],
    ['Orders', 'orders_3'],
  ])('makes of %j the id %s', (title, id) => {
    expect(uniqueId(title, pipelineOf({ orders: source, orders_2: source }, []))).toBe(id)
  })

  it('makes an id that a document takes of any title', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('𝒳'.repeat(80))), (title) => {
        const id = uniqueId(title, pipelineOf({ node: source }, []))
        expect(Object.keys(renameNode(pipelineOf({ node: source }, []), 'node', id).nodes)).toEqual([id])
      }),
    )
  })
})

it('keeps the sign of a zero, but not of one that is a place on the canvas', () => {
  const document = pipelineOf({ rows: { kind: 'unheard_of', config: { rows: [[-0, 0]] } } }, [])
  const printed = formatPipeline({ ...document, layout: { rows: [-0, 0] } }, kinds)
  expect(printed).toContain('"rows": [[-0.0, 0]]')
  expect(printed).toContain('"rows": [0, 0]\n')
  expect(openPipeline(printed, kinds).pipeline?.nodes.rows?.config).toEqual({ rows: [[-0, 0]] })
})
