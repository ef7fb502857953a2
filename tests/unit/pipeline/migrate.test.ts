import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { openPipeline, parsePipeline } from '../../../shared/pipeline/parse.ts'
import { kinds } from './kinds.ts'

const stored = readFileSync(new URL('./version-0.pipeline.json', import.meta.url), 'utf8')

describe('a document of version 0', () => {
  it('opens as one of version 1', () => {
    const { pipeline, fromVersion } = parsePipeline(stored, kinds)
    expect(fromVersion).toBe(0)
    expect(pipeline.sluice).toBe(1)
    expect(pipeline.parameters).toEqual([
      { name: 'since', type: 'text', default: '2024-01-01' },
      { name: 'limit', type: 'int', default: 100 },
      { name: 'ratio', type: 'float', default: 0.5 },
      { name: 'dry', type: 'boolean', default: false },
      { name: 'note', type: 'text', optional: true },
    ])
    expect(Object.keys(pipeline.nodes)).toEqual(['orders', 'big', 'rest', 'to_lake'])
    expect(pipeline.nodes.big).toEqual({ kind: 'filter', title: 'Only big ones', config: { where: 'amount > :limit' } })
    expect(pipeline.edges).toEqual([
      { from: 'orders', to: 'big' },
      { from: 'big', to: 'to_lake' },
      { from: 'big', to: 'rest', fromPort: 'rest', toPort: 'in' },
    ])
    expect(pipeline.layout).toEqual({ orders: [0, 40], big: [240, 40], rest: [480, 160], to_lake: [480, 0] })
  })

  it('is written as version 1, and reads the same from there', () => {
    const { pipeline } = parsePipeline(stored, kinds)
    const text = formatPipeline(pipeline, kinds)
    expect(text).toContain('"sluice": 1')
    expect(parsePipeline(text, kinds)).toMatchObject({ pipeline, fromVersion: 1 })
  })

  it('with one id twice is refused, not merged', () => {
    const text = stored.replace('"id": "rest"', '"id": "big"')
    expect(() => parsePipeline(text, kinds)).toThrow(
      expect.objectContaining({ code: 'DOC_SCHEMA', message: 'Two nodes have the id "big".' }),
    )
  })

  it('with an id that cannot be one is refused, not dropped', () => {
    for (const id of ['__proto__', 'constructor', '1']) {
      const text = stored.replace('"id": "orders"', `"id": "${id}"`).replace('["orders", "big"]', `["${id}", "big"]`)
      expect(() => parsePipeline(text, kinds)).toThrow(AppError)
    }
    const alone = stored.replace('"id": "orders"', '"id": "__proto__"').replace('["orders", "big"], ', '')
    expect(() => openPipeline(alone, kinds)).toThrow(expect.objectContaining({ code: 'DOC_SCHEMA' }))
  })
})

describe('configs of older versions', () => {
  const open = (node: Record<string, unknown>) =>
    parsePipeline(JSON.stringify({ sluice: 1, name: 'x', nodes: { a: { kind: 'versioned', ...node } } }), kinds)
      .pipeline.nodes.a

  it.each([
    [{ config: { name: 'orders' } }],
    [{ version: 1, config: { name: 'orders' } }],
    [{ version: 2, config: { table: 'orders' } }],
    [{ version: 3, config: { tables: ['orders'] } }],
  ])('become today’s: %j', (node) => {
    expect(open(node)).toEqual({ kind: 'versioned', version: 3, config: { tables: ['orders'] } })
  })

  it('of a newer version are refused with the node', () => {
    const read = () => open({ version: 4, config: { tables: ['orders'] } })
    expect(read).toThrow(
      expect.objectContaining({
        code: 'DOC_VERSION',
        message: '"a" is written for version 4 of versioned; this program knows up to version 3.',
        at: expect.objectContaining({ node: 'a', path: 'nodes.a.version', line: 1 }),
      }),
    )
  })
})
