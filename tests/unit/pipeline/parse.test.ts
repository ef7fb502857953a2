import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { limits } from '../../../shared/pipeline/limits.ts'
import { checkSize, openPipeline, parsePipeline } from '../../../shared/pipeline/parse.ts'
import { DocumentError } from '../../../shared/pipeline/problems.ts'
import { fc } from '../../helpers/property.ts'
import { kinds } from './kinds.ts'

const document = (fields: Record<string, unknown>) =>
  JSON.stringify({ sluice: 1, name: 'Test', nodes: {}, ...fields }, null, 2)
const orders = { kind: 'query', config: { connection: 'shop', sql: 'select * from orders' } }

function failure(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was accepted')
}

const problemsOf = (text: string) => {
  const error = failure(() => parsePipeline(text, kinds))
  return error instanceof DocumentError ? error.problems : [error.toJSON()]
}

describe('a valid document', () => {
  const text = `{
  "$schema": "./pipeline.schema.json",
  "sluice": 1,
  "name": "Daily orders",
  "parameters": [{ "name": "since", "type": "date", "default": "2024-01-01" }],
  "nodes": {
    "orders": { "kind": "query", "config": { "connection": "shop", "sql": ["select *", "from orders where day >= :since"] } },
    "big": { "kind": "filter", "retry": { "count": 3 }, "config": { "where": "amount > 100" } },
    "to_lake": { "kind": "load", "config": { "connection": "lake", "table": "big_orders", "mode": "upsert", "keys": ["id"] } }
  },
  "edges": [{ "from": "orders", "to": "big" }, { "from": "big", "to": "to_lake" }],
  "layout": { "orders": [0, 0] }
}`

  it('is read with the defaults of its envelope, configs as written', () => {
    const { pipeline, configs, fromVersion } = parsePipeline(text, kinds)
    expect(fromVersion).toBe(1)
    expect(Object.keys(pipeline.nodes)).toEqual(['orders', 'big', 'to_lake'])
    expect(pipeline.nodes.orders?.config.sql).toBe('select *\nfrom orders where day >= :since')
    expect(pipeline.nodes.big?.retry).toEqual({ count: 3, delayMs: 1000, factor: 2, jitter: 0.1 })
    expect(pipeline.nodes.to_lake?.config).toEqual({
      connection: 'lake',
      table: 'big_orders',
      mode: 'upsert',
      keys: ['id'],
    })
    expect(configs.get('to_lake')).toMatchObject({ mode: 'upsert', batchSize: expect.any(Number) })
  })

  it('may leave out parameters, edges, layout and empty configs', () => {
    const { pipeline } = parsePipeline('{ "sluice": 1, "name": "x", "nodes": {} }', kinds)
    expect(pipeline).toEqual({
      sluice: 1,
      name: 'x',
      groups: {},
      notes: {},
      parameters: [],
      nodes: {},
      edges: [],
      layout: {},
    })
  })
})

describe('a document that is wrong', () => {
  it('is told all its problems at once, in the order of the text, each with path, line and hint', () => {
    const text = `{
  "sluice": 1,
  "name": "Test",
  "nodes": {
    "orders": { "kind": "query", "config": { "conection": "shop", "sql": 7 } },
    "big": { "kind": "fliter", "config": { "where": "amount > 100" } },
    "late": { "kind": "filter", "timeoutMs": -5, "config": { "where": "" } }
  },
  "edges": [{ "from": "orders", "to": "big", "toPrt": "in" }]
}`
    const error = failure(() => parsePipeline(text, kinds))
    expect(error).toBeInstanceOf(DocumentError)
    expect(problemsOf(text).map(({ at, message, hint }) => [at?.line, at?.path, message, hint])).toEqual([
      [5, 'nodes.orders.config.connection', 'nodes.orders.config.connection is missing.', 'Add "connection": text.'],
      [
        5,
        'nodes.orders.config.conection',
        'nodes.orders.config.conection: unknown key "conection".',
        'Did you mean "connection"?',
      ],
      [5, 'nodes.orders.config.sql', 'nodes.orders.config.sql: expected text, found 7.', undefined],
      [6, 'nodes.big.kind', 'nodes.big.kind: there is no kind of node called "fliter".', 'Did you mean "filter"?'],
      [7, 'nodes.late.timeoutMs', 'nodes.late.timeoutMs: must be at least 1.', undefined],
      [7, 'nodes.late.config.where', 'nodes.late.config.where: must not be empty.', undefined],
      [9, 'edges.0.toPrt', 'edges.0.toPrt: unknown key "toPrt".', 'Did you mean "toPort"?'],
    ])
    expect(problemsOf(text)[2]).toMatchObject({ code: 'DOC_SCHEMA', at: { node: 'orders', field: 'sql' } })
    expect(error.message).toContain('and 6 more problems')
  })

  it.each([
    ['a wrong type', { nodes: [] }, 'nodes', 'nodes: expected an object { … }, found a list.'],
    ['a wrong id', { nodes: { '2nd': orders } }, 'nodes.2nd', 'starts with a letter'],
    ['an id every object has', { nodes: { constructor: orders } }, 'nodes.constructor', 'is reserved'],
    ['a wrong choice', { atomic: 'pipelin' }, 'atomic', 'expected "node" or "pipeline", found "pipelin"'],
    ['a short position', { nodes: { a: orders }, layout: { a: [1] } }, 'layout.a', 'must have at least 2 items'],
    [
      'a wrong retry',
      { nodes: { a: { ...orders, retry: { count: 1, on: ['CONECTION'] } } } },
      'nodes.a.retry.on.0',
      'found "CONECTION"',
    ],
    ['a missing kind', { nodes: { a: { config: {} } } }, 'nodes.a.kind', 'nodes.a.kind is missing.'],
    ['a missing name', { name: undefined }, 'name', 'name is missing.'],
    ['an unknown key', { edgs: [] }, 'edgs', 'unknown key "edgs"'],
  ])('by %s', (_name, fields, path, message) => {
    const [problem] = problemsOf(document(fields))
    expect(problem).toMatchObject({ code: 'DOC_SCHEMA', at: { path } })
    expect(problem?.message).toContain(message)
  })

  it('by a rule about a value that was left out, in the words of the rule', () => {
    const totals = { kind: 'aggregate', config: { measures: [{ name: 'a', function: 'first', column: 'v' }] } }
    const text = document({ nodes: { totals } })
    expect(openPipeline(text, registry).problems.map(({ message }) => message)).toContain(
      'nodes.totals.config.measures.0.order: first needs an order, or any row might be it.',
    )
  })

  it('by the same id twice', () => {
    const text =
      '{"sluice":1,"name":"x","nodes":{"a":{"kind":"query","config":{"connection":"c","sql":"s"}},\n"a":{"kind":"union"}}}'
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({
        code: 'DOC_SCHEMA',
        at: expect.objectContaining({ path: 'nodes.a', node: 'a', line: 2 }),
      }),
    )
  })

  it.each([
    ['[]', 'DOC_SCHEMA', 'no pipeline'],
    ['"text"', 'DOC_SCHEMA', 'no pipeline'],
    ['{"name": "x"}', 'DOC_SCHEMA', '"sluice" is missing'],
    ['{"sluice": "1"}', 'DOC_SCHEMA', 'whole number'],
    ['{"sluice": 2, "whatever": true}', 'DOC_VERSION', 'version 2 of the format; this program reads up to version 1'],
    ['{"sluice": 1,', 'DOC_SYNTAX', 'Line 1, column 14'],
  ])('as %s is', (text, code, message) => {
    const error = failure(() => parsePipeline(text, kinds))
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
    expect(error.hint).toBeTruthy()
  })

  it('by its size, from the size alone', () => {
    expect(failure(() => checkSize(100_000_000))).toMatchObject({
      code: 'DOC_LIMIT',
      message: 'The file has 96 MB; a pipeline may have 20 MB.',
    })
    expect(failure(() => parsePipeline(' '.repeat(limits.bytes + 1), kinds)).code).toBe('DOC_LIMIT')
    checkSize(limits.bytes)
  })

  it('by too many nodes or edges, or by depth', () => {
    const nodes = Object.fromEntries(Array.from({ length: limits.nodes + 1 }, (_, index) => [`n${index}`, orders]))
    expect(failure(() => parsePipeline(document({ nodes }), kinds))).toMatchObject({
      code: 'DOC_LIMIT',
      at: { path: 'nodes' },
    })
    const edges = Array.from({ length: limits.edges + 1 }, () => ({}))
    expect(failure(() => parsePipeline(document({ edges }), kinds))).toMatchObject({ at: { path: 'edges' } })
    const deep = `{"sluice":1,"name":"x","nodes":{"a":{"kind":"query","config":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}}}`
    const error = failure(() => parsePipeline(deep, kinds))
    expect(error.code).toBe('DOC_LIMIT')
    expect(error.at.path).toMatch(/^nodes\.a\.config\.a/)
  })

  it('reports a hundred problems of a document full of them', () => {
    const edges = Array.from({ length: limits.edges }, () => ({ from: 'nobody', to: 'nowhere' }))
    const error = failure(() => parsePipeline(document({ nodes: { a: orders }, edges }), kinds))
    expect(error instanceof DocumentError && error.problems.length).toBe(limits.problems)
    expect(error.message).toContain('and at least 99 more')
  })

  it('by a parameter that SQL names and nobody declared', () => {
    const nodes = {
      orders: { kind: 'query', config: { connection: 'shop', sql: "select ':no', 1::int where a = :sinse" } },
    }
    const parameters = [{ name: 'since', type: 'date' }]
    expect(problemsOf(document({ parameters, nodes }))).toMatchObject([
      {
        code: 'CONFIG_PARAMETER',
        message: '"orders" uses :sinse, but the pipeline has no parameter "sinse".',
        hint: 'Did you mean "since"?',
        at: { node: 'orders', field: 'sql', position: 31 },
      },
    ])
  })

  it('by parameters whose names differ only in case, or whose default is no value of the type', () => {
    const parameters = [
      { name: 'since', type: 'date', default: '2024-02-30' },
      { name: 'SINCE', type: 'int', default: 5, max: 3 },
    ]
    expect(problemsOf(document({ parameters })).map(({ code, at }) => [code, at?.path])).toEqual([
      ['CONFIG_PARAMETER', 'parameters.0.default'],
      ['CONFIG_PARAMETER', 'parameters.1.name'],
      ['CONFIG_PARAMETER', 'parameters.1.default'],
    ])
  })
})

describe('opening to edit', () => {
  it('takes half-finished nodes and says what is missing', () => {
    const text = document({
      nodes: { a: { kind: 'query' }, b: { kind: 'nonsense' }, c: { kind: 'filter', config: { where: 'x' } } },
    })
    const { pipeline, configs, problems } = openPipeline(text, kinds)
    expect(Object.keys(pipeline.nodes)).toEqual(['a', 'b', 'c'])
    expect([...configs.keys()]).toEqual(['c'])
    expect(problems.map(({ code, at }) => [code, at?.path])).toEqual([
      ['DOC_SCHEMA', 'nodes.a.config.connection'],
      ['DOC_SCHEMA', 'nodes.a.config.sql'],
      ['DOC_SCHEMA', 'nodes.b.kind'],
      ['GRAPH_PORT', 'nodes.c'],
    ])
  })

  it('does not look into disabled nodes', () => {
    const text = document({ nodes: { a: { kind: 'query', disabled: true }, b: { kind: 'nonsense', disabled: true } } })
    expect(openPipeline(text, kinds).problems).toEqual([])
  })
})

describe('any input', () => {
  const refusedOrRead = (text: string) => {
    try {
      openPipeline(text, kinds)
    } catch (error) {
      expect(error).toBeInstanceOf(AppError)
      if (error instanceof AppError) expect(error.code).toMatch(/^DOC_/)
    }
  }

  it('of random bytes gives a document or an AppError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => refusedOrRead(new TextDecoder().decode(bytes))))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), refusedOrRead))
  })

  it('of random JSON gives a document or an AppError', () => {
    fc.assert(fc.property(fc.json(), refusedOrRead))
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom('query', 'load', 'a', 'in', 1, true, null))
    const node = fc.record(
      { kind: part, config: part, retry: part, disabled: part, version: part },
      { requiredKeys: [] },
    )
    const id = fc.constantFrom('a', 'b', '__proto__', 'constructor', '1', '')
    const edge = fc.record(
      { from: id, to: id, fromPort: part, toPort: part, after: part },
      { requiredKeys: ['from', 'to'] },
    )
    const almost = fc.record(
      {
        sluice: fc.constantFrom(0, 1),
        name: part,
        parameters: fc.oneof(
          part,
          fc.array(fc.record({ name: part, type: part, default: part }, { requiredKeys: [] })),
        ),
        nodes: fc.oneof(part, fc.dictionary(id, fc.oneof(node, part)), fc.array(fc.oneof(node, part))),
        edges: fc.oneof(part, fc.array(fc.oneof(edge, part))),
        layout: fc.oneof(part, fc.dictionary(id, part)),
      },
      { requiredKeys: ['sluice'] },
    )
    fc.assert(
      fc.property(almost, (value) => refusedOrRead(JSON.stringify(value))),
      { numRuns: 1000 },
    )
  })

  it('with a byte changed anywhere gives a document or an AppError', () => {
    const text = document({
      parameters: [{ name: 'since', type: 'date' }],
      nodes: { orders, big: { kind: 'filter', config: { where: 'a' } } },
      edges: [{ from: 'orders', to: 'big' }],
    })
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, replacement) => {
        refusedOrRead(text.slice(0, at) + replacement + text.slice(at + 1))
      }),
      { numRuns: 1000 },
    )
  })
})
